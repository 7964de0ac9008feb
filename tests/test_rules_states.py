"""rules.md R4.1 to R4.7 and R4.9: the state of a case at a moment, and which episode tables show."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.programme import Programme, day, rows
from winback.errors import WinbackError

SECOND = timedelta(seconds=1)
NINETY = timedelta(days=90)


def states(programme: Programme, uid: str, moments: list[datetime]) -> list[str | None]:
    """The status of an account's newest case at each moment; None where it has none yet."""
    return [programme.column("cases", "status", at=at).get(uid) for at in moments]


@pytest.mark.rule("R4.1")
def test_a_state_follows_from_the_moments_of_the_case_alone(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.pull(3, "a+ b+", now=300)
    moments = [day(2) - SECOND, day(2), day(3) - SECOND, day(3), day(299)]
    assert states(programme, "a", moments) == [None, "at_risk", "at_risk", "won", "won"]


@pytest.mark.rule("R4.1")
def test_nothing_has_to_run_for_a_case_to_be_lost(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    for at, status in ((day(92) - SECOND, "at_risk"), (day(92), "lost"), (day(2000), "lost")):
        programme.now = at
        assert programme.column("churns", "status") == {"a": status}
        assert programme.uids("at_risk") == (["a"] if status == "at_risk" else [])


@pytest.mark.rule("R4.2")
@pytest.mark.parametrize(("setting", "days"), [("", 90), ("lost_after_days = 30", 30), ("lost_after_days = 1", 1)])
def test_a_case_is_lost_exactly_so_many_days_of_24_hours_after_its_churn(
    tmp_path: Path, setting: str, days: int
) -> None:
    """The clocks of Madrid go back and forth in between; days of 24 hours don't care."""
    programme = Programme(tmp_path, f"[cases]\n{setting}", workspace='timezone = "Europe/Madrid"')
    programme.pull("2027-01-10T09:00Z", "a+ b+")
    churned_at = datetime.fromisoformat("2027-02-10T00:30:00Z")
    programme.pull(churned_at, "a- b+")
    lost_at = churned_at + timedelta(days=days)
    assert programme.column("churns", "lost_at", at=lost_at - SECOND) == {"a": None}
    assert programme.column("churns", "status", at=lost_at - SECOND) == {"a": "at_risk"}
    assert programme.column("churns", "lost_at", at=lost_at) == {"a": lost_at}
    assert programme.column("churns", "status", at=lost_at) == {"a": "lost"}
    assert programme.column("cases", "credit", at=lost_at) == {"a": "self_service"}


@pytest.mark.rule("R4.2")
def test_a_case_may_never_be_lost(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[cases]\nlost_after_days = "never"')
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.now = day(4000)
    assert programme.column("at_risk", "lost_at") == {"a": None}


@pytest.mark.rule("R4.2", "R4.3")
@pytest.mark.parametrize(
    ("returned_at", "lost_at"),
    [
        (day(2) + NINETY - SECOND, None),
        (day(2) + NINETY, day(2) + NINETY),
        (day(2) + NINETY + SECOND, day(2) + NINETY),
    ],
    ids=["before", "at that moment", "after"],
)
def test_a_case_re_adopted_before_it_is_lost_never_was_and_one_after_is_won_all_the_same(
    tmp_path: Path, returned_at: datetime, lost_at: datetime | None
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.pull(returned_at, "a+ b+")
    programme.now = day(200)
    row = programme.row("cases", "a")
    assert (row["status"], row["lost_at"], row["readopted_at"]) == ("won", lost_at, returned_at)
    assert programme.column("wins", "kind") == {"a": "win_back"}
    assert programme.uids("readopted") == ["a"]
    assert programme.uids("churns") == []
    before = returned_at - SECOND
    assert programme.column("churns", "status", at=before) == {"a": "lost" if before >= day(92) else "at_risk"}


@pytest.mark.rule("R4.4")
def test_an_account_is_in_churns_or_in_wins_and_never_in_both(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "back+ again+ adopted- gone+ fell- other+")
    programme.pull(2, "back- again- adopted+ gone- fell+ other+")
    programme.pull(3, "back+ again+ adopted+ gone- fell- other+")
    programme.pull(4, "back+ again- adopted+ gone- fell- other+", now=120)
    assert programme.uids("churns") == ["again", "fell", "gone"]
    assert programme.column("wins", "kind") == {"back": "win_back", "adopted": "new_adoption"}
    assert programme.uids("wins", at=3) == ["adopted", "again", "back"]
    assert programme.uids("wins", at=2) == ["adopted", "fell"]
    for number in range(1, 6):
        churns, wins = programme.uids("churns", at=number), programme.uids("wins", at=number)
        assert not set(churns) & set(wins)
        at_risk, all_wins = programme.kpis(at=number)["at_risk"], programme.kpis(at=number)["won"]
        assert (at_risk["accounts"], all_wins["accounts"]) == (len(churns), len(wins))


@pytest.mark.rule("R4.4")
def test_churns_are_those_at_risk_and_those_lost(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[cases]\nlost_after_days = 1")
    programme.pull(1, "a+ b+ c+")
    programme.pull(2, "a- b+ c+")
    programme.pull(3, "a- b- c+")
    assert programme.column("churns", "status") == {"a": "lost", "b": "at_risk"}
    assert programme.uids("at_risk") == ["b"]


@pytest.mark.rule("R4.5")
def test_readopted_keeps_every_win_back_and_cases_every_episode(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    for number in range(1, 7):
        programme.pull(number, "a+ b- other+" if number % 2 else "a- b+ other+")
    assert [(row["uid"], row["churned_at"], row["closed_at"]) for row in programme.table("readopted")] == [
        ("a", day(2), day(3)),
        ("b", day(3), day(4)),
        ("a", day(4), day(5)),
        ("b", day(5), day(6)),
    ]
    cases = [(row["uid"], row["churned_at"], row["status"]) for row in programme.table("cases")]
    assert cases == [
        ("a", day(2), "won"),
        ("b", day(3), "won"),
        ("a", day(4), "won"),
        ("b", day(5), "won"),
        ("a", day(6), "at_risk"),
    ]
    assert len(programme.table("readopted", at=4)) == 2
    assert len(programme.table("cases", at=4)) == 3


@pytest.mark.rule("R4.6")
def test_time_since_churn_and_turnover_time_are_hours(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c-")
    programme.pull(day(2) + timedelta(minutes=20), rows("a- b- c+"))
    programme.pull(4, "a+ b- c+")
    assert programme.column("at_risk", "hours_since_churn") == {"b": 47.67}
    assert programme.column("at_risk", "hours_since_churn", at=day(2) + timedelta(minutes=20)) == {"a": 0, "b": 0}
    assert programme.column("wins", "turnover_hours") == {"a": 47.67, "c": None}
    assert programme.column("readopted", "turnover_hours") == {"a": 47.67}


# Void cases


@pytest.mark.rule("R4.7")
def test_a_void_case_is_in_no_table_but_cases_and_in_no_figure_at_any_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.void("a", now=3)
    programme.now = day(200)
    for at in (2, 3, 150):
        assert programme.table("churns", at=at) == programme.table("at_risk", at=at) == []
        figures = programme.kpis(at=at)
        assert (figures["at_risk"]["accounts"], figures["churned"]["accounts"]) == (0, 0)
        assert figures["time_since_churn_hours"]["count"] == 0
        row = programme.row("cases", "a", at=at)
        assert (row["status"], row["lost_at"], row["credit"], row["voided_at"]) == (None, None, None, day(3))
    assert programme.flows(1, 200)["churns"]["accounts"] == programme.flows(1, 200)["losses"]["accounts"] == 0


@pytest.mark.rule("R4.7")
@pytest.mark.parametrize("void_after_return", [False, True])
def test_the_return_of_an_account_closes_its_void_case_and_is_no_win(tmp_path: Path, void_after_return: bool) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    if not void_after_return:
        programme.void("a")
    programme.pull(3, "a+ b+")
    if void_after_return:
        programme.void("a")
    assert programme.table("wins") == programme.table("readopted") == []
    assert programme.row("cases", "a")["readopted_at"] == day(3)
    assert programme.kpis()["won"]["accounts"] == programme.kpis()["recovered"]["accounts"] == 0
    assert programme.kpis()["turnover_hours"]["count"] == 0
    assert programme.flows(1, 9)["win_backs"]["accounts"] == 0
    assert (("a", "readopted") in programme.stages()) is void_after_return
    programme.pull(4, "a- b+")
    assert programme.column("at_risk", "churned_at") == {"a": day(4)}


@pytest.mark.rule("R4.7", "R4.4")
def test_without_its_void_case_an_account_shows_the_episode_before(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "back+ adopted- other+")
    programme.pull(2, "back- adopted+ other+")
    programme.pull(3, "back+ adopted+ other+")
    programme.pull(4, "back- adopted- other+")
    assert programme.uids("wins") == []
    programme.void("back")
    programme.void("adopted")
    assert programme.column("wins", "kind") == {"back": "win_back", "adopted": "new_adoption"}


@pytest.mark.rule("R4.7")
def test_a_void_case_can_not_be_made_void_again_nor_one_that_is_not_there(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    number = programme.void("a")
    with programme.open() as workspace:
        with pytest.raises(WinbackError, match="void already"):
            workspace.void(number, "again")
        with pytest.raises(WinbackError, match="no case 99"):
            workspace.void(99, "wrong")


# Past moments


@pytest.mark.rule("R4.9")
def test_a_past_moment_is_answered_with_all_that_is_known_today(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b- other+")
    programme.pull(3, "other+")
    assert programme.uids("at_risk", at=2) == []
    changed = {"changed_at": day(2).isoformat()}
    programme.pull(4, rows("a- b+ other+", a=changed, b=changed))
    assert programme.uids("at_risk", at=2) == programme.uids("at_risk", at=3) == ["a"]
    assert programme.column("wins", "won_at", at=2) == {"b": day(2)}
    assert programme.kpis(at=2)["at_risk"]["accounts"] == programme.kpis(at=2)["won"]["accounts"] == 1
    assert programme.uids("at_risk", at=day(2) - SECOND) == []


@pytest.mark.rule("R4.9")
def test_a_past_moment_does_not_know_what_came_after_it(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.pull(3, "a+ b+")
    row = programme.row("cases", "a", at=2)
    assert (row["status"], row["readopted_at"], row["credit"]) == ("at_risk", None, None)
    assert programme.column("at_risk", "last_stage", at=2) == {"a": "first"}
    assert programme.table("readopted", at=2) == []
    assert len(programme.table("pulls", at=2)) == 2

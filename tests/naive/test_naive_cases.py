"""Examples of rules.md R4.1-R5.5 worked out by hand: they check what checks the product."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from .build import column, on, programme, rows, stages, table, uids
from .episodes import Filter
from .programme import Programme
from .settings import Refused, Settings

TWO_DAYS = timedelta(days=2)


def test_r1_2_an_account_has_any_number_of_cases_one_after_another() -> None:
    made = programme("a+", "a-", "a+", "a-", "a+")
    assert [(case.churned_at, case.readopted_at) for case in made.cases] == [(on(2), on(3)), (on(4), on(5))]
    assert uids(made, "readopted", on(5)) == "a a"


def test_r4_1_the_state_of_a_case_follows_from_its_moments() -> None:
    made = programme("a+", "a-", "a-", "a-", "a-", "a+", lost_after=TWO_DAYS)
    before = [column(made, "cases", "status", at) for at in (on(1, 23), on(2), on(3, 23), on(4), on(5, 23), on(6))]
    assert before == [[], ["at_risk"], ["at_risk"], ["lost"], ["lost"], ["won"]]
    assert column(made, "cases", "credit", on(4)) == ["self_service"]
    assert column(made, "cases", "credit", on(2)) == [None]
    assert column(made, "cases", "readopted_at", on(5)) == [None]


@pytest.mark.parametrize(
    ("lost_after", "back_on", "lost_at"),
    [(TWO_DAYS, 3, None), (TWO_DAYS, 4, on(4)), (TWO_DAYS, 5, on(4)), (None, 5, None)],
)
def test_r4_2_lost_at(lost_after: timedelta | None, back_on: int, lost_at: object) -> None:
    made = programme("a+", "a-", lost_after=lost_after)
    made.pull(on(back_on), rows("a+"))
    assert column(made, "cases", "lost_at", on(20)) == [lost_at]


def test_r4_2_a_day_is_24_hours_also_where_clocks_change() -> None:
    made = programme("a+", lost_after=TWO_DAYS, tz=ZoneInfo("Europe/Madrid"))
    made.pull(on(29, 12), rows("a-"))
    assert column(made, "churns", "status", on(31, 11, 59)) == ["at_risk"]
    assert column(made, "churns", "lost_at", on(31, 12)) == [on(31, 12)]


def test_r4_3_a_lost_account_that_returns_is_won() -> None:
    made = programme("a+", "a-", "a-", "a-", "a+", lost_after=TWO_DAYS)
    assert (uids(made, "churns", on(5)), uids(made, "wins", on(5))) == ("", "a")


def test_r4_4_an_account_that_churns_again_leaves_wins() -> None:
    made = programme("a- b+", "a+ b-", "a- b+", "a- b-")
    assert [uids(made, "wins", on(day)) for day in (2, 3, 4)] == ["a", "b", ""]
    assert [uids(made, "churns", on(day)) for day in (2, 3, 4)] == ["b", "a", "a b"]
    assert uids(made, "readopted", on(4)) == "b"


def test_r4_5_readopted_is_a_log() -> None:
    made = programme("a+", "a-", "a+", "a-")
    (row,) = table(made, "readopted", on(4))
    assert (row["churned_at"], row["closed_at"], row["turnover_hours"]) == (on(2), on(3), 24.0)
    assert table(made, "readopted", on(2, 23)) == []


def test_r4_6_times() -> None:
    made = programme("a+")
    made.pull(on(2, 0, 20), rows("a-"))
    assert column(made, "churns", "hours_since_churn", on(3)) == [23.67]
    made.pull(on(3), rows("a+"))
    assert column(made, "wins", "turnover_hours", on(9)) == [23.67]


def test_r4_7_a_void_case_is_in_cases_alone_and_its_end_is_no_win() -> None:
    made = programme("a+ b+", "a- b+", "a- b+")
    made.void("a")
    assert (uids(made, "churns", on(2)), uids(made, "cases", on(2))) == ("", "a")
    assert made.pull(on(4), rows("a+ b+")) == "applied"
    assert (uids(made, "wins", on(4)), uids(made, "readopted", on(4)), made.adoptions) == ("", "", [])
    (row,) = table(made, "cases", on(5))
    assert (row["status"], row["lost_at"], row["credit"], row["readopted_at"]) == (None, None, None, on(4))
    assert stages(made) == ["a first sent"]


def test_r4_7_the_newest_case_that_is_not_void_is_the_latest() -> None:
    made = programme("a+", "a-", "a+", "a-")
    made.void("a")
    assert (uids(made, "churns", on(4)), uids(made, "wins", on(4))) == ("", "a")
    made.void("a")
    assert uids(made, "wins", on(4)) == ""
    with pytest.raises(Refused):
        made.void("a")


def test_r4_7_a_case_stays_void_when_the_pull_after_it_is_undone() -> None:
    made = programme("a+", "a-", "a+")
    made.void("a")
    made.undo()
    assert [(case.is_void, case.is_open) for case in made.cases] == [(True, True)]


def test_r4_8_the_owner_is_whom_the_newest_report_names() -> None:
    made = Programme()
    named = [
        (1, "+", "Ann"),
        (2, "-", "Bo"),
        (3, "-", "Bo"),
        (4, "-", ""),
        (5, "-", "Cy"),
        (7, "+", "Di"),
        (8, "+", "Ed"),
    ]
    for day, flag, name in named:
        made.pull(on(day), rows("a" + flag, csm_name=name, changed_at="2025-03-01T12:00Z" if day == 2 else ""))
    owners = [column(made, "cases", "csm_name_now", at) for at in (on(1, 12), on(2), on(4), on(5), on(6), on(7), on(9))]
    assert owners == [["Ann"], ["Bo"], [None], ["Cy"], ["Cy"], ["Di"], ["Di"]]
    assert column(made, "wins", "csm_name", on(9)) == ["Ann"]


def test_r4_8_a_report_after_the_win_does_not_count_though_it_shows_it() -> None:
    made = Programme()
    for day, flag, name in [(1, "+", "Ann"), (2, "-", "Bo"), (4, "+", "Cy")]:
        made.pull(on(day), rows("a" + flag, csm_name=name, changed_at="2025-03-03" if day == 4 else ""))
    assert column(made, "cases", "csm_name_now", on(9)) == ["Bo"]


def test_filters_are_of_the_frozen_region_and_the_owner() -> None:
    made = Programme()
    made.pull(on(1), rows("a+ b+", region="EMEA", csm_name="Ann"))
    made.pull(on(2), rows("a- b+", region="APAC", csm_name="Bo", csm_email="Bo@x"))
    regions = [uids(made, "churns", on(2), Filter(region=region)) for region in ("EMEA", "APAC", "emea", "")]
    csms = [uids(made, "churns", on(2), Filter(csm=csm)) for csm in ("Bo", "bo@X", "bo", "Ann", "")]
    assert (regions, csms) == (["a", "", "", ""], ["a", "a", "", "", ""])


def test_r4_9_the_past_is_told_with_what_is_known_today() -> None:
    made = programme("a+", "a+")
    assert uids(made, "churns", on(2, 20)) == ""
    made.pull(on(3), rows("a-", changed_at="2025-03-02T12:00Z"))
    assert uids(made, "churns", on(2, 20)) == "a"


def test_stages_by_age() -> None:
    made = programme("a+", *["a-"] * 9)
    assert [(note.stage, note.planned_at) for note in made.notifications] == [
        ("first", on(2)),
        ("second", on(4)),
        ("final", on(6)),
    ]
    assert [column(made, "churns", "last_stage", at)[0] for at in (on(3), on(4), on(20))] == [
        "first",
        "second",
        "final",
    ]


@pytest.mark.parametrize(
    ("days", "planned"),
    [
        ((5,), "second"),
        ((6,), "final"),
        ((8,), "final"),
        ((9,), ""),
        ((3, 9), ""),
        ((4, 5, 6), "second final"),
    ],
)
def test_r5_1_a_stage_whose_window_passed_is_skipped(days: tuple[int, ...], planned: str) -> None:
    made = programme("a+", "a-")
    for day in days:
        made.pull(on(day), rows("a-"))
    assert " ".join(note.stage for note in made.notifications[1:]) == planned


def test_r5_1_the_first_comes_whatever_the_age_and_alone_on_its_day() -> None:
    made = programme("a+")
    made.pull(on(7), rows("a-", changed_at="2025-03-02"))
    made.pull(on(7, 23), rows("a-"))
    made.pull(on(8), rows("a-"))
    assert [(note.stage, note.planned_at) for note in made.notifications] == [
        ("first", on(7)),
        ("final", on(8)),
    ]


def test_r5_1_days_are_local() -> None:
    made = programme("a+", tz=ZoneInfo("Europe/Madrid"))
    made.pull(on(29, 22, 30), rows("a-"))
    for at in (on(30, 21, 59), on(30, 22)):
        made.pull(at, rows("a-"))
    assert [(note.stage, note.planned_at) for note in made.notifications] == [
        ("first", on(29, 22, 30)),
        ("second", on(30, 22)),
    ]


def test_r5_2_nothing_for_a_case_that_is_lost_or_void() -> None:
    made = programme("a+ b+ c+", "a- b- c+", lost_after=TWO_DAYS)
    made.void("b")
    made.pull(on(4), rows("a- b- c+"))
    assert stages(made) == ["a first sent", "b first sent"]


def test_r5_3_silent_pulls_plan_nothing_and_their_cases_get_no_follow_up() -> None:
    made = programme("a+ b- c-")
    made.pull(on(2), rows("a- b+ c-"), silent=True)
    made.pull(on(4), rows("a- b+ c+"))
    made.pull(on(5), rows("a+ b+ c+"))
    assert stages(made) == ["c new_adoption sent"]
    assert column(made, "cases", "silent", on(5)) == [True]


def test_r5_3_a_silent_pull_plans_nothing_for_older_cases() -> None:
    made = programme("a+", "a-")
    made.pull(on(4), rows("a-"), silent=True)
    made.pull(on(5), rows("a+"), silent=True)
    assert stages(made) == ["a first sent"]


def test_r5_3_an_approved_pull_plans_as_of_its_own_moment() -> None:
    made = programme("a+ b+ c+ d+ e+")
    made.pull(on(2), rows("a- b- c- d- e-"))
    assert made.notifications == []
    made.approve(made.pulls[1])
    assert {(note.stage, note.planned_at, note.status) for note in made.notifications} == {("first", on(2), "sent")}


def test_r5_4_conditions_are_checked_again_when_sending() -> None:
    made = programme("a+ b+ c+", lost_after=timedelta(days=3))
    made.pull(on(2), rows("a- b- c+"), send=False)
    made.void("b")
    made.pull(on(3), rows("a- b- c-"), send=False)
    made.notify(on(5))
    assert stages(made) == ["a first skipped", "b first skipped", "c first sent"]


def test_r5_4_a_later_stage_supersedes_an_undelivered_one() -> None:
    made = programme("a+")
    made.pull(on(2), rows("a-"), send=False)
    made.pull(on(4), rows("a-"), send=False)
    made.notify(on(4))
    assert stages(made) == ["a first superseded", "a second sent"]


def test_r5_4_an_earlier_stage_is_never_sent_after_a_later_one_not_even_after_an_undo() -> None:
    made = programme("a+")
    made.pull(on(2), rows("a-"), send=False)
    made.pull(on(4), rows("a-"))
    made.undo()
    assert stages(made) == ["a first planned", "a second sent"]
    made.notify(on(4))
    assert stages(made) == ["a first superseded", "a second sent"]


@pytest.mark.parametrize(
    ("send", "messages"), [(True, ["a first sent", "a readopted sent"]), (False, ["a first skipped"])]
)
def test_r5_5_a_win_back_is_told_to_whom_was_told_of_the_churn(send: bool, messages: list[str]) -> None:
    made = programme("a+")
    made.pull(on(2), rows("a-"), send=send)
    made.pull(on(3), rows("a+"))
    assert stages(made) == messages


def test_r5_5_new_adoptions_are_announced() -> None:
    made = programme("a-")
    made.pull(on(2), rows("a+", csm_name="Ann"))
    assert [(note.stage, note.to.csm_name) for note in made.notifications] == [("new_adoption", "Ann")]


def test_r5_6_a_message_goes_to_the_owner_at_the_moment_of_sending() -> None:
    made = Programme(Settings())
    for day, flag, name in [(1, "+", "Ann"), (2, "-", "Bo"), (3, "-", "Cy")]:
        made.pull(on(day), rows("a" + flag, csm_name=name), send=False)
    assert column(made, "notifications", "csm_name", on(3)) == ["Bo"]
    made.notify(on(3))
    assert column(made, "notifications", "csm_name", on(3)) == ["Cy"]

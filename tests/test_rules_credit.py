"""rules.md §6: what CSMs say and do, what comes of it, and whose a win-back or loss is."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.programme import Programme, day, figure, in_bands, moment, rows, total
from winback.core.claims import NewClaim, Outcome
from winback.store import answers
from winback.store.claims import record_claims

MADRID = 'timezone = "Europe/Madrid"'
OF_DANA = {"csm_name": "Dana", "csm_email": "dana@x.example", "region": "EMEA", "gmv": 100, "revenue": 7}
DANA, LEE, ROBOT = ("Dana", "dana@x.example"), ("Lee", None), (None, None)
_numbers = itertools.count()


def case(folder: Path, back: float | None, **options: Any) -> Programme:
    """`a` churns on day 20; it may come back later. Other accounts stay as they are."""
    programme = Programme(folder, **options)
    programme.pull(1, rows("a+ b+ c+", OF_DANA))
    programme.pull(20, rows("a- b+ c+", OF_DANA))
    if back is not None:
        programme.pull(day(back), rows("a+ b+ c+", OF_DANA))
    programme.now = day(300)
    return programme


def claim(
    programme: Programme, outcome: Outcome, at: float, csm: tuple[str | None, str | None] = DANA, uid: str = "a"
) -> None:
    with programme.open():
        said = NewClaim(f"claim {next(_numbers)}", uid, outcome, *csm, day(at), "cli")
        record_claims([said], programme.now)


def engage(
    programme: Programme,
    at: float,
    csm: tuple[str | None, str | None] = DANA,
    uid: str = "a",
    product: str | None = None,
) -> None:
    with programme.open():
        values = {"product": product, "uid": uid, "csm_name": csm[0], "csm_email": csm[1], "kind": "call"}
        answers.add_activity("crm", f"call {next(_numbers)}", **values, occurred_at=day(at), logged_at=day(300))


def verdicts(programme: Programme, at: float) -> list[str | None]:
    return [row["verdict"] for row in programme.table("claims", day(at))]


def credit(programme: Programme, at: float = 250) -> tuple[str | None, str | None]:
    row = programme.row("cases", "a", day(at))
    return row["credit"], row["credit_csm_name"]


# Verdicts


@pytest.mark.rule("R6.2")
@pytest.mark.parametrize(
    ("back", "said", "verdict"),
    [
        (24, 21, "true"),
        (35, 21, "true"),
        (36, 21, "false"),
        (25, 25, "true"),
        (25, 55, "true"),
        (25, 56, "false"),
    ],
)
def test_a_won_claim_is_true_where_the_account_comes_back_soon_enough(
    tmp_path: Path, back: int, said: int, verdict: str
) -> None:
    programme = case(tmp_path, back)
    claim(programme, "won", said)
    assert verdicts(programme, 200) == [verdict]


@pytest.mark.rule("R6.2", "R4.9")
def test_a_won_claim_is_pending_while_it_can_still_come_true(tmp_path: Path) -> None:
    programme = case(tmp_path, 60)
    claim(programme, "won", 21)
    assert [verdicts(programme, at) for at in (21, 35, 35.6, 36, 100)] == [
        ["pending"], ["pending"], ["pending"], ["false"], ["false"],
    ]  # fmt: skip
    claim(programme, "won", 50)
    assert verdicts(programme, 59) == ["false", "pending"]
    assert verdicts(programme, 60) == ["false", "true"]


@pytest.mark.rule("R6.2")
def test_days_are_those_of_the_workspace(tmp_path: Path) -> None:
    """Day 21 at 22:30 UTC is 23:30 of 21 November in Madrid; the 14th day after ends there at 23:00 UTC."""
    for number, (back, verdict) in enumerate((("2026-12-05T22:59:59Z", "true"), ("2026-12-05T23:00:00Z", "false"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        programme = case(folder, None, workspace=MADRID)
        programme.pull(moment(back), rows("a+ b+ c+", OF_DANA))
        programme.now = day(300)
        claim(programme, "won", 21 + 13.5 / 24)
        assert verdicts(programme, 200) == [verdict]


@pytest.mark.rule("R6.2")
def test_days_follow_the_clocks_as_they_change(tmp_path: Path) -> None:
    """A claim on the last day of summer time, 00:30 in Madrid, which is 22:30 UTC of the day before."""
    programme = Programme(tmp_path, "[claims]\nrecovery_within_days = 1", workspace=MADRID)
    programme.pull("2026-10-20T09:00Z", "a+ b+")
    programme.pull("2026-10-22T09:00Z", "a- b+")
    programme.pull("2026-10-26T22:30Z", "a+ b+")
    said = NewClaim("k", "a", "won", "Dana", None, moment("2026-10-24T22:30Z"), "cli")
    with programme.open():
        record_claims([said], programme.now)
    assert [row["verdict"] for row in programme.table("claims")] == ["true"]


@pytest.mark.rule("R6.3")
def test_a_lost_claim_is_false_where_the_account_comes_back_before_or_after(tmp_path: Path) -> None:
    programme = case(tmp_path, 40)
    claim(programme, "lost", 25)
    claim(programme, "lost", 50)
    assert [verdicts(programme, at) for at in (39, 40, 60)] == [["true"], ["false"], ["false", "false"]]


@pytest.mark.rule("R6.2", "R6.3")
def test_claims_of_void_cases_and_of_no_case_have_no_verdict(tmp_path: Path) -> None:
    programme = case(tmp_path, None)
    claim(programme, "won", 25)
    with programme.open():
        record_claims([NewClaim("x", "z", "lost", *LEE, day(25), "crm")], programme.now, imported=True)
    assert verdicts(programme, 30) == ["pending", None]
    programme.void("a")
    assert verdicts(programme, 30) == [None, None]


# Credit


@pytest.mark.rule("R6.4")
def test_a_true_won_claim_makes_a_win_back_its_authors(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    engage(programme, 21)
    assert credit(programme) == ("assisted", "Dana")
    claim(programme, "won", 30, LEE)
    assert credit(programme) == ("csm", "Lee")
    assert credit(programme, 29) == ("assisted", "Dana")
    assert programme.row("wins", "a")["credit_csm_name"] == programme.row("readopted", "a")["credit_csm_name"] == "Lee"


@pytest.mark.rule("R6.4")
def test_the_newest_claim_counts_alone(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    claim(programme, "won", 22)
    claim(programme, "lost", 23)
    assert credit(programme) == ("self_service", "Dana")
    claim(programme, "won", 100)
    assert verdicts(programme, 200) == ["true", "false", "false"]
    assert credit(programme) == ("self_service", "Dana")


@pytest.mark.rule("R4.2", "R6.4", "R7.7")
def test_a_case_said_lost_won_and_lost_again_is_lost_from_the_last_time_on(tmp_path: Path) -> None:
    programme = case(tmp_path, back=None)
    for outcome, at in (("lost", 23), ("won", 25), ("lost", 27), ("lost", 29)):
        claim(programme, outcome, at)  # type: ignore[arg-type]
    assert programme.row("churns", "a", day(30))["lost_at"] == day(27)
    assert programme.kpis(day(27.5))["churned"]["by_time"]["L24HRS"]["accounts"] == 1
    lost = {
        days: programme.flows(*map(day, days))["losses"]["accounts"]
        for days in ((22, 24), (24, 26), (26, 28), (28, 30))
    }
    assert lost == {(22, 24): 1, (24, 26): 0, (26, 28): 1, (28, 30): 0}


@pytest.mark.rule("R6.4", "R4.6")
@pytest.mark.parametrize(
    ("at", "kind"), [(19.9, "self_service"), (20, "assisted"), (25, "assisted"), (25.1, "self_service")]
)
def test_a_win_back_is_assisted_from_the_churn_to_the_re_adoption_inclusive(
    tmp_path: Path, at: float, kind: str
) -> None:
    programme = case(tmp_path, 25)
    engage(programme, at, LEE)
    row = programme.row("cases", "a")
    assert (row["credit"], row["credit_csm_name"]) == (kind, "Lee" if kind == "assisted" else "Dana")
    assert (row["engaged_at"], row["hours_to_engage"]) == (
        (day(at), 24.0 * (at - 20)) if kind == "assisted" else (None, None)
    )


@pytest.mark.rule("R6.4")
def test_a_loss_is_a_csms_by_claim_or_by_engagement_before_it(tmp_path: Path) -> None:
    programme = case(tmp_path, None)
    assert credit(programme, 109) == (None, None)
    assert credit(programme, 110) == ("self_service", "Dana")
    engage(programme, 110, LEE)
    assert credit(programme, 120) == ("self_service", "Dana")
    engage(programme, 109, LEE)
    assert credit(programme, 120) == ("csm", "Lee")
    claim(programme, "lost", 50)
    assert credit(programme, 51) == ("csm", "Dana")
    losses = programme.kpis(at=day(51))["credit"]
    assert [losses[name]["accounts"] for name in ("csm_losses", "csm_true_losses", "self_service_losses")] == [1, 1, 0]


@pytest.mark.rule("R6.5")
def test_a_robots_mail_and_another_products_call_are_no_engagement(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    engage(programme, 21, ROBOT)
    engage(programme, 22, LEE, product="lending")
    assert credit(programme) == ("self_service", "Dana")
    engage(programme, 23, LEE, product="payments")
    assert credit(programme) == ("assisted", "Lee")


@pytest.mark.rule("R6.5")
def test_an_opportunity_that_closed_after_the_churn_is_a_claim_of_its_owner(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    won = [NewClaim(f"crm:{number}", "a", "won", *LEE, day(at), "crm") for number, at in enumerate((19, 22))]
    with programme.open():
        assert record_claims(won, programme.now, imported=True).unmatched == ["crm:0"]
    assert credit(programme) == ("csm", "Lee")


# In the KPIs


@pytest.mark.rule("R7.3", "R7.5")
def test_credit_in_the_figures_by_time_and_by_csm(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    programme.pull(70, rows("a+ b- c-", OF_DANA), now=300)
    programme.pull(71, rows("a+ b- c+", OF_DANA), now=300)
    engage(programme, 70.5, LEE, "c")
    claim(programme, "won", 22)
    claim(programme, "lost", 72, LEE, "b")
    found = programme.kpis(at=day(72))
    assert (
        total(found["credit"]["csm_true_wins"])
        == total(found["credit"]["assisted_wins"])
        == figure(1, "100.00", "7.00")
    )
    assert in_bands(found["credit"]["csm_true_wins"]) == [0, 0, 0, 0, 1, 0, 0]
    assert in_bands(found["credit"]["assisted_wins"]) == [1, 0, 0, 0, 0, 0, 0]
    assert in_bands(found["credit"]["csm_true_losses"]) == [1, 0, 0, 0, 0, 0, 0]
    assert found["recovered"]["csm_revenue"] == "7.00"
    dana, lee = sorted(found["by_csm"], key=lambda row: str(row["csm_name"]))
    assert (dana["csm_true_wins"], dana["assisted_wins"], dana["csm_losses"], dana["revenue_recovered"]) == (
        1,
        0,
        0,
        "7.00",
    )
    assert (lee["csm_true_wins"], lee["assisted_wins"], lee["csm_true_losses"], lee["revenue_recovered"]) == (
        0,
        1,
        1,
        "0.00",
    )
    assert (dana["claims"], dana["precision"], lee["claims"], lee["precision"]) == (1, 1.0, 1, None)
    assert [found["claims"]["claimed"][name]["accounts"] for name in ("recovered", "not_recovered", "pending")] == [
        1,
        0,
        0,
    ]
    assert [found["claims"]["unclaimed"][name]["accounts"] for name in ("recovered", "not_recovered")] == [1, 1]


@pytest.mark.rule("R7.4")
def test_time_to_engage_from_the_churn_and_from_the_first_message_in_hours_and_working_hours(tmp_path: Path) -> None:
    """Day 20 is a Friday, 09:00, the CSM calls on Monday at 10:00. No message waits: the hours are set later."""
    programme = case(tmp_path, None)
    engage(programme, 23 + 1 / 24)
    found = programme.kpis()["engage_hours"]
    assert (found["median"], found["from_message"]["median"], found["working"]["median"]) == (73.0, 73.0, None)
    assert [found[f"within_{hours}h"] for hours in (24, 48, 72)] == [0.0, 0.0, 0.0]
    programme.set('[quiet_hours]\nopen = "09:30"\nclose = "17:30"\nclosed_on = ["2026-11-23"]')
    assert programme.kpis()["engage_hours"]["working"] == {"count": 1, "median": 8.0, "mean": 8.0}
    programme.set('[quiet_hours]\nopen = "09:30"\nclose = "17:30"\n')
    found = programme.kpis()
    assert found["engage_hours"]["by_region"]["EMEA"]["working_from_message"]["mean"] == 8.5
    assert found["by_csm"][0]["engage_hours"]["working"]["median"] == 8.5
    row = programme.row("cases", "a")
    assert (row["first_message_at"], row["hours_from_message"]) == (day(20), 73.0)
    assert (row["working_hours_to_engage"], row["working_hours_from_message"]) == (8.5, 8.5)


@pytest.mark.rule("R7.4")
def test_working_hours_are_those_of_the_owner(tmp_path: Path) -> None:
    """In Tokyo it is nine hours later, and Monday 23 November 2026 is a holiday in Japan."""
    programme = case(tmp_path, None)
    engage(programme, 23 + 1 / 24)
    hours = '[quiet_hours]\nopen = "09:00"\nclose = "19:00"'
    for person in ('"dana@x.example"', '"dana"'):
        programme.set(f'[people.{person}]\ntimezone = "Asia/Tokyo"\ncountry = "JP"\n{hours}')
        assert programme.row("cases", "a")["working_hours_to_engage"] == 1.0


@pytest.mark.rule("R7.6")
def test_usefulness_by_stage_author_and_month(tmp_path: Path) -> None:
    programme = case(tmp_path, None)
    key = programme.row("notifications", "a")["message_id"]
    with programme.open():
        message = answers.find_message(key)
        assert message is not None
        answers.rate(message, "U1", DANA, True, day(21))
        answers.rate(message, "U2", LEE, False, day(40))
    found = programme.kpis()["usefulness"]
    assert (found["answered"], found["useful"], found["share"]) == (2, 1, 0.5)
    assert found["by_stage"] == {"first": {"answered": 2, "useful": 1, "share": 0.5}}
    assert {month: each["share"] for month, each in found["by_month"].items()} == {"2026-11": 1.0, "2026-12": 0.0}
    assert [(each["csm_name"], each["useful"]) for each in found["by_csm"]] == [("Lee", 0), ("Dana", 1)]
    assert programme.kpis(at=day(22))["usefulness"]["answered"] == 1
    (dana,) = programme.kpis()["by_csm"]
    assert (dana["answered"], dana["useful"]) == (1, 1)
    assert programme.kpis(region="APAC")["usefulness"]["share"] is None


@pytest.mark.rule("R7.7")
def test_a_period_knows_what_is_said_of_its_win_backs_later(tmp_path: Path) -> None:
    programme = case(tmp_path, 25)
    claim(programme, "won", 31)
    found = programme.flows(day(20), day(30))
    assert (found["credit"]["csm_true_wins"]["accounts"], found["csm_revenue"]) == (1, "7.00")
    assert programme.flows(day(100), day(120))["credit"]["csm_true_wins"]["accounts"] == 0


# When `a` came back; what was said, and when; when somebody engaged; a period in which at most one of all that counts:
# what it is, and its credits.
PERIODS: list[tuple[float | None, Outcome | None, float | None, float | None, tuple[float, float], str, set[str]]] = [
    (None, "lost", 40, None, (35, 45), "losses", {"csm_losses", "csm_true_losses"}),
    (None, "lost", 40, None, (100, 120), "", set()),
    (None, "won", 30, None, (100, 120), "losses", {"self_service_losses"}),
    (None, None, None, None, (100, 120), "losses", {"self_service_losses"}),
    (None, None, None, 30, (100, 120), "losses", {"csm_losses"}),
    (None, None, None, 112, (100, 120), "losses", {"self_service_losses"}),
    (115, None, None, None, (100, 112), "losses", {"self_service_losses"}),
    (115, None, None, None, (112, 120), "win_backs", {"self_service_wins"}),
    (50, None, None, None, (100, 120), "", set()),
    (50, None, None, 30, (45, 55), "win_backs", {"assisted_wins"}),
    (50, "won", 40, None, (45, 55), "win_backs", {"csm_true_wins"}),
    (50, "won", 40, None, (15, 25), "churns", set()),
]


@pytest.mark.rule("R7.7")
@pytest.mark.parametrize(("back", "outcome", "said", "engaged", "period", "what", "credits"), PERIODS)
def test_a_period_has_what_happened_in_it_and_nothing_else(
    tmp_path: Path,
    back: float | None,
    outcome: Outcome | None,
    said: float | None,
    engaged: float | None,
    period: tuple[float, float],
    what: str,
    credits: set[str],
) -> None:
    programme = case(tmp_path, back)
    if outcome is not None and said is not None:
        claim(programme, outcome, said)
    if engaged is not None:
        engage(programme, engaged)
    found = programme.flows(*map(day, period))
    happened = {name for name in ("churns", "win_backs", "new_adoptions", "losses") if found[name]["accounts"]}
    assert happened == ({what} if what else set())
    assert {name for name, part in found["credit"].items() if part["accounts"]} == credits

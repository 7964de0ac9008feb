"""rules.md R3.8 to R3.11: reports that are held, at the exact limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme, Report, Row, accounts, rows
from winback.outcomes import Outcome

PRESENCE = 'mode = "presence"'


def second_pull(folder: Path, before: Report, after: Report, product: str = "", settings: str = "") -> Outcome:
    programme = Programme(folder, settings, product=product)
    assert programme.pull(1, before).status == "applied"
    return programme.pull(2, after)


def held_by(outcome: Outcome) -> list[str]:
    rules = [finding["rule"] for finding in outcome.findings]
    assert (outcome.status == "held") is bool(rules)
    return rules


@pytest.mark.rule("R3.8")
@pytest.mark.parametrize("report", ["uid,is_product_enabled\n", "uid,is_product_enabled\n,\n,\n", "a?", "a? b?"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_report_without_a_row_or_an_accepted_row_is_held(tmp_path: Path, report: str, is_first: bool) -> None:
    programme = Programme(tmp_path)
    if not is_first:
        programme.pull(1, "a+ b-")
    assert held_by(programme.pull(2, report)) == ["R3.8"]


@pytest.mark.rule("R3.8")
@pytest.mark.parametrize(
    ("rejected", "accepted", "held"),
    [
        (11, 1089, False),  # one in a hundred exactly
        (11, 1088, True),
        (10, 5, False),  # not more than ten
        (11, 5, True),
        (4, 1, False),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_too_many_rejected_rows_hold_a_report(
    tmp_path: Path, rejected: int, accepted: int, held: bool, is_first: bool
) -> None:
    programme = Programme(tmp_path)
    if not is_first:
        programme.pull(1, f"{accounts(accepted, '-')} {accounts(rejected, '-', prefix='r')}")
    outcome = programme.pull(2, f"{accounts(accepted, '-')} {accounts(rejected, '?', prefix='r')}")
    assert held_by(outcome) == (["R3.8"] if held else [])
    if held:
        assert f"rows rejected: {rejected} of {rejected + accepted:,}" in outcome.findings[0]["text"]


@pytest.mark.rule("R3.9")
@pytest.mark.parametrize(
    ("product", "last", "missing", "held"),
    [
        ("", 55, 11, False),  # one in five exactly
        ("", 54, 11, True),
        ("", 20, 10, False),  # not more than ten
        ("", 20, 11, True),
        ("", 5, 5, True),  # all of at least five
        ("", 4, 4, False),
        (PRESENCE, 22, 11, False),  # half of them exactly
        (PRESENCE, 21, 11, True),
        (PRESENCE, 5, 5, True),
        (PRESENCE, 4, 4, False),
    ],
)
def test_too_many_accounts_that_are_missing_hold_a_report(
    tmp_path: Path, product: str, last: int, missing: int, held: bool
) -> None:
    outcome = second_pull(tmp_path, accounts(last, "-"), f"{accounts(last - missing, '-', missing)} new-", product)
    assert outcome.missing == missing
    assert held_by(outcome) == (["R3.9"] if held else [])


@pytest.mark.rule("R3.9")
def test_a_report_whose_keys_changed_spelling_is_held(tmp_path: Path) -> None:
    before = accounts(20, "-")
    outcome = second_pull(tmp_path, before, before.replace("m", "M-"))
    assert (outcome.rows, outcome.missing) == (20, 20)
    assert held_by(outcome) == ["R3.9"]


@pytest.mark.rule("R3.9")
def test_only_accounts_of_the_last_applied_report_can_be_missing(tmp_path: Path) -> None:
    """Twelve went missing one day, none of them anew on the next."""
    programme = Programme(tmp_path)
    programme.pull(1, accounts(60, "-"))
    assert programme.pull(2, accounts(48, "-", 12)).missing == 12
    assert programme.pull(3, accounts(39, "-", 21)).missing == 9
    assert programme.pull(4, accounts(39, "-", 21)).missing == 0
    assert held_by(programme.pull(5, accounts(28, "-", 32))) == ["R3.9"]


@pytest.mark.rule("R3.9", "R3.4")
def test_rejected_accounts_are_in_the_report(tmp_path: Path) -> None:
    conflicting = f"{accounts(5, '+')} {accounts(5, '-')}"
    outcome = second_pull(tmp_path, accounts(6, "-"), f"{conflicting} m5-")
    assert (outcome.rejected, outcome.missing) == (10, 0)
    assert held_by(outcome) == []


@pytest.mark.rule("R3.10")
@pytest.mark.parametrize(
    ("enabled", "churned", "held"),
    [
        (110, 11, False),  # one in ten exactly
        (109, 11, True),
        (20, 10, False),
        (20, 11, True),
        (5, 5, True),
        (4, 4, False),
    ],
)
def test_too_many_churns_hold_a_report(tmp_path: Path, enabled: int, churned: int, held: bool) -> None:
    off = accounts(100, "-", prefix="off")
    after = f"{accounts(churned, '-')} {accounts(enabled - churned, '+', churned)} {off}"
    outcome = second_pull(tmp_path, f"{accounts(enabled)} {off}", after)
    assert outcome.churned == churned
    assert held_by(outcome) == (["R3.10"] if held else [])


@pytest.mark.rule("R3.10")
@pytest.mark.parametrize(
    ("last", "won", "held"),
    [(110, 11, False), (109, 11, True), (20, 10, False), (20, 11, True), (5, 5, True), (4, 4, False)],
)
def test_too_many_wins_hold_a_report(tmp_path: Path, last: int, won: int, held: bool) -> None:
    after = f"{accounts(won)} {accounts(last - won, '-', won)} {accounts(200, '-', prefix='new')}"
    outcome = second_pull(tmp_path, accounts(last, "-"), after)
    assert outcome.won == won
    assert held_by(outcome) == (["R3.10"] if held else [])


@pytest.mark.rule("R3.10")
def test_churns_are_measured_against_the_last_applied_report(tmp_path: Path) -> None:
    """A hundred accounts enabled long ago are no longer in the report: they don't make eleven churns few."""
    programme = Programme(tmp_path, product="guard.max_missing = 1\nguard.max_group = 1")
    programme.pull(1, f"{accounts(90)} {accounts(100, prefix='old')}")
    programme.pull(2, accounts(90))
    assert held_by(programme.pull(3, f"{accounts(11, '-')} {accounts(79, '+', 11)}")) == ["R3.10"]


@pytest.mark.rule("R3.10")
def test_churns_of_accounts_that_were_not_in_the_last_report_do_not_hold_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, f"{accounts(100)} {accounts(20, prefix='away')}")
    assert programme.pull(2, accounts(100)).status == "applied"
    outcome = programme.pull(3, f"{accounts(100)} {accounts(20, '-', prefix='away')}")
    assert (held_by(outcome), outcome.churned) == ([], 20)


@pytest.mark.rule("R3.10")
def test_accounts_that_vanish_are_churns_where_the_setting_says_so(tmp_path: Path) -> None:
    product = 'vanished = "churn"\nguard.max_missing = 0.5'
    outcome = second_pull(tmp_path, accounts(100), accounts(89, "+", 11), product)
    assert held_by(outcome) == ["R3.10"]


@pytest.mark.rule("R3.10")
@pytest.mark.parametrize(
    ("last", "new", "held"),
    [(22, 11, False), (21, 11, True), (10, 9, False), (10, 10, True), (5, 5, True), (4, 4, False)],
)
def test_too_many_accounts_newly_listed_hold_a_list(tmp_path: Path, last: int, new: int, held: bool) -> None:
    outcome = second_pull(tmp_path, accounts(last, ""), accounts(last + new, ""), PRESENCE)
    assert outcome.churned == new
    assert held_by(outcome) == (["R3.10"] if held else [])


def grouped(sign: str, count: int, start: int = 0, cells: Row | None = None) -> list[dict[str, object]]:
    return rows(accounts(count, sign, start, "g"), cells)


@pytest.mark.rule("R3.11")
@pytest.mark.parametrize("cells", [{"region": "EMEA"}, {"csm_name": "Dana"}, {"csm_email": "d@x.example"}], ids=str)
@pytest.mark.parametrize("sign", ["-", None], ids=["churned", "missing"])
@pytest.mark.parametrize(
    ("enabled", "gone", "held"),
    [(22, 11, False), (21, 11, True), (20, 12, False)],  # half exactly; more than half; not more than twenty
)
def test_a_region_or_csm_that_loses_more_than_half_holds_a_report(
    tmp_path: Path, cells: Row, sign: str | None, enabled: int, gone: int, held: bool
) -> None:
    others = rows(accounts(200))
    lost = [] if sign is None else grouped(sign, gone, cells=cells)
    after = others + lost + grouped("+", enabled - gone, gone, cells=cells)
    outcome = second_pull(tmp_path, others + grouped("+", enabled, cells=cells), after)
    assert held_by(outcome) == (["R3.11"] if held else [])


@pytest.mark.rule("R3.11")
def test_churned_and_missing_accounts_of_a_group_count_together_as_it_was_in_the_history(tmp_path: Path) -> None:
    others = rows(accounts(200))
    before = others + grouped("+", 21, cells={"region": "EMEA"})
    after = others + grouped("-", 6, cells={"region": "APAC"}) + grouped("+", 10, 11, cells={"region": "APAC"})
    outcome = second_pull(tmp_path, before, after)
    assert held_by(outcome) == ["R3.11"]
    assert "region EMEA" in outcome.findings[0]["text"]
    assert "11 of 21" in outcome.findings[0]["text"]
    assert [uid for uid, *_ in outcome.findings[0]["sample"]] == sorted(f"g{n}" for n in range(11))[:10]


@pytest.mark.rule("R3.11")
def test_a_csm_is_known_by_email_in_any_case(tmp_path: Path) -> None:
    others = rows(accounts(200))
    before = grouped("+", 11, cells={"csm_name": "Dana", "csm_email": "D@x.example"})
    before += grouped("+", 10, 11, cells={"csm_name": "Ortiz, Dana", "csm_email": "d@X.example"})
    outcome = second_pull(tmp_path, others + before, others + grouped("-", 11) + grouped("+", 10, 11))
    assert held_by(outcome) == ["R3.11"]


@pytest.mark.rule("R3.11")
def test_accounts_without_a_region_or_csm_and_those_not_enabled_make_no_group(tmp_path: Path) -> None:
    others = rows(accounts(200), {"region": "NA"}) + grouped("-", 10, 90, cells={"region": "EMEA"})
    before = others + grouped("+", 21) + grouped("+", 20, 50, cells={"region": "EMEA"})
    after = others + grouped("-", 11) + grouped("+", 10, 11) + grouped("-", 11, 50) + grouped("+", 9, 61)
    assert held_by(second_pull(tmp_path, before, after)) == []


@pytest.mark.rule("R3.11")
def test_a_list_has_no_groups(tmp_path: Path) -> None:
    before, after = grouped("", 25, cells={"region": "EMEA"}), grouped("", 13, 12, cells={"region": "EMEA"})
    assert held_by(second_pull(tmp_path, before, after, PRESENCE)) == []


@pytest.mark.rule("R3.8", "R3.9", "R3.10", "R3.11")
def test_limits_can_be_set(tmp_path: Path) -> None:
    settings = "[products.payments.guard]\nmin_accounts = 0\nmax_missing = 0.1\nmax_churn = 0\nmax_wins = 0.3"
    before = f"{accounts(10)} {accounts(10, '-', prefix='off')}"
    after = f"m1- {accounts(7, '+', 3)} {accounts(6, '+', prefix='off')} {accounts(4, '-', 6, prefix='off')}"
    assert held_by(second_pull(tmp_path, before, after, settings=settings)) == ["R3.10"]


@pytest.mark.rule("R3.8", "R3.9", "R3.10", "R3.11")
def test_a_held_pull_is_recorded_with_all_its_reasons_and_nothing_else_changes(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows(f"{accounts(30)} {accounts(30, '-', prefix='off')}", {"csm_name": "Dana"}))
    before = programme.everything()
    programme.told()
    report = f"{accounts(15, '-')} {accounts(11, '?', 15)} {accounts(30, '+', prefix='off')}"
    outcome = programme.pull(2, report)
    assert held_by(outcome) == ["R3.8", "R3.10", "R3.10", "R3.11"]
    assert programme.everything() == before
    assert programme.messages == []
    row = programme.table("pulls")[0]
    assert (row["pull_id"], row["status"], row["at"]) == (outcome.pull_id, "held", outcome.at)
    assert (row["rows"], row["accepted"], row["rejected"]) == (56, 45, 11)
    assert (row["churned"], row["won"], row["missing"]) == (15, 30, 4)
    assert row["reason"].count(";") == 3


@pytest.mark.rule("R3.8", "R3.9", "R3.10", "R3.11")
def test_a_dry_run_says_what_would_hold_a_report_and_records_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    outcome = programme.pull(2, "a- b- c- d- e-", dry_run=True)
    assert (outcome.status, outcome.pull_id) == ("dry run", None)
    assert [finding["rule"] for finding in outcome.findings] == ["R3.10"]
    assert len(programme.table("pulls")) == 1

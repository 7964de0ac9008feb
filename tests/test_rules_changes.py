"""rules.md §2: from two pulls to churns and wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme, day, rows
from winback.errors import ReportRefused

PRESENCE = 'mode = "presence"'
VANISHED = 'vanished = "churn"'


@pytest.mark.rule("R2.1")
def test_the_first_pull_of_a_flag_report_makes_the_history_and_nothing_else(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    first = programme.pull(1, "a+ b- c-")
    assert (first.status, first.is_baseline, first.churned, first.won) == ("applied", True, 0, 0)
    assert programme.column("history", "is_product_enabled") == {"a": True, "b": False, "c": False}
    assert programme.table("cases") == programme.table("wins") == programme.table("notifications") == []
    assert programme.messages == []


@pytest.mark.rule("R2.1")
def test_the_first_list_opens_a_case_for_every_account_on_it_and_no_message(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, "a b")
    assert programme.column("cases", "baseline") == {"a": True, "b": True}
    assert programme.column("at_risk", "churned_at") == {"a": day(1), "b": day(1)}
    programme.pull(2, "a b c")
    assert programme.column("cases", "baseline") == {"a": True, "b": True, "c": False}
    assert programme.stages() == [("c", "first")]


@pytest.mark.rule("R2.1", "R2.2")
def test_the_first_applied_pull_is_the_baseline_not_a_held_or_undone_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, [])
    programme.undo(programme.pull(2, "a+ b+"))
    assert programme.pull(3, "a- b+").is_baseline
    assert programme.table("cases") == []


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize(
    ("before", "after", "churns", "wins"),
    [
        ("a+", "a-", ["a"], []),
        ("a-", "a+", [], ["a"]),
        ("a+", "a+", [], []),
        ("a-", "a-", [], []),
        ("", "a+", [], []),
        ("", "a-", [], []),
        ("a+", "", [], []),
        ("a-", "", [], []),
    ],
)
def test_an_account_churns_or_is_won_when_its_flag_changes(
    tmp_path: Path, before: str, after: str, churns: list[str], wins: list[str]
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, f"{before} other+")
    outcome = programme.pull(2, f"{after} other+")
    assert (outcome.churned, outcome.won) == (len(churns), len(wins))
    assert programme.uids("churns") == churns
    assert programme.uids("wins") == wins
    assert programme.uids("history") == ["a", "other"]


@pytest.mark.rule("R2.2")
def test_a_win_with_an_open_case_is_a_win_back_and_one_without_a_new_adoption(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b- c+")
    programme.pull(2, "a- b- c+")
    programme.pull(3, "a+ b+ c+")
    assert programme.column("wins", "kind") == {"a": "win_back", "b": "new_adoption"}
    assert programme.column("wins", "churned_at") == {"a": day(2), "b": None}


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize("sign", ["+", "-"])
def test_an_account_added_later_is_compared_from_then_on(tmp_path: Path, sign: str) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "other+")
    programme.pull(2, f"other+ a{sign}")
    programme.pull(3, f"other+ a{'-' if sign == '+' else '+'}")
    assert programme.uids("churns" if sign == "+" else "wins") == ["a"]


@pytest.mark.rule("R2.2")
def test_a_missing_account_stays_in_the_history_with_its_last_row(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b- c+", a={"region": "EMEA", "gmv": "12.50"}))
    assert programme.pull(2, "c+").missing == 2
    assert programme.column("history", "is_product_enabled") == {"a": True, "b": False, "c": True}
    assert programme.column("history", "in_last_report") == {"a": False, "b": False, "c": True}
    assert programme.column("history", "last_seen_at") == {"a": day(1), "b": day(1), "c": day(2)}
    assert str(programme.row("history", "a")["gmv"]) == "12.5000"
    assert programme.table("cases") == programme.table("notifications") == []


@pytest.mark.rule("R2.2")
def test_held_rejected_and_undone_pulls_are_not_compared_with(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    assert programme.pull(2, "a- b- c- d- e-").status == "held"
    programme.reject(programme.pull(3, "a- b- c- d- e-"))
    programme.undo(programme.pull(4, "a- b+ c+ d+ e+"))
    programme.pull(5, "a+ b- c+ d+ e+")
    assert programme.uids("cases") == ["b"]
    assert programme.table("wins") == []


@pytest.mark.rule("R2.3")
@pytest.mark.parametrize(
    ("product", "before", "churned"), [("", "a+", []), (VANISHED, "a+", ["a"]), (VANISHED, "a-", [])]
)
def test_an_account_that_vanishes_churns_only_where_the_setting_says_so(
    tmp_path: Path, product: str, before: str, churned: list[str]
) -> None:
    programme = Programme(tmp_path, product=product)
    programme.pull(1, f"{before} other+")
    assert programme.pull(2, "other+").missing == 1
    assert programme.uids("churns") == churned
    assert programme.row("history", "a")["is_product_enabled"] is (product == "")
    assert programme.row("history", "a")["in_last_report"] is False
    programme.pull(3, "other+")
    assert programme.uids("cases") == churned


@pytest.mark.rule("R2.3")
@pytest.mark.parametrize(("returning", "won"), [("a+", ["a"]), ("a-", [])])
def test_the_return_of_an_account_that_vanished_is_compared_with_false(
    tmp_path: Path, returning: str, won: list[str]
) -> None:
    programme = Programme(tmp_path, product=VANISHED)
    programme.pull(1, "a+ other+")
    programme.pull(2, "other+")
    programme.pull(3, f"{returning} other+")
    assert programme.column("wins", "kind") == dict.fromkeys(won, "win_back")
    assert programme.uids("at_risk") == ([] if won else ["a"])
    assert programme.uids("cases") == ["a"]


@pytest.mark.rule("R2.4")
@pytest.mark.parametrize(
    ("before", "returning", "churns", "wins"),
    [("a+", "a+", [], []), ("a+", "a-", ["a"], []), ("a-", "a+", [], ["a"]), ("a-", "a-", [], [])],
)
def test_an_account_that_was_missing_is_compared_with_its_flag_in_the_history(
    tmp_path: Path, before: str, returning: str, churns: list[str], wins: list[str]
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, f"{before} other+")
    programme.pull(2, "other+")
    programme.pull(3, "other+")
    programme.pull(4, f"{returning} other+")
    assert programme.uids("churns") == churns
    assert programme.uids("wins") == wins


@pytest.mark.rule("R2.5")
def test_listed_now_is_a_churn_and_not_any_more_a_win(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, "stays leaves")
    outcome = programme.pull(2, "stays comes")
    assert (outcome.churned, outcome.won) == (1, 1)
    assert programme.column("at_risk", "churned_at") == {"stays": day(1), "comes": day(2)}
    assert programme.column("wins", "kind") == {"leaves": "win_back"}
    assert programme.row("wins", "leaves")["won_at"] == day(2)
    assert programme.column("history", "is_product_enabled") == {"stays": False, "comes": False, "leaves": True}


@pytest.mark.rule("R2.5")
def test_listed_again_is_a_second_case(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    for number, report in enumerate(["a b", "b", "b", "a b"], start=1):
        programme.pull(number, report)
    assert [row["churned_at"] for row in programme.table("cases") if row["uid"] == "a"] == [day(1), day(4)]


@pytest.mark.rule("R2.5")
@pytest.mark.parametrize("flag", ["+", "-", "?"])
def test_a_flag_in_a_list_is_ignored(tmp_path: Path, flag: str) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, f"a{flag} b{flag}")
    assert programme.pull(2, f"a{flag} c{flag}").rejected == 0
    assert programme.uids("at_risk") == ["a", "c"]
    assert programme.uids("wins") == ["b"]


@pytest.mark.rule("R2.7")
@pytest.mark.parametrize("product", ["", PRESENCE])
def test_a_case_keeps_the_values_from_before_the_churn_or_of_the_row_that_opened_a_listed_one(
    tmp_path: Path, product: str
) -> None:
    old = {"merchant_name": "Old", "csm_name": "Dana", "csm_email": "d@x.example", "region": "EMEA"}
    new = {"merchant_name": "New", "csm_name": "Lee", "csm_email": "l@x.example", "region": "APAC"}
    programme = Programme(tmp_path, product=product)
    listed = "" if product else "a+"
    programme.pull(1, rows(f"{listed} b-", old, a={"gmv": "100", "revenue": "10"}))
    programme.pull(2, rows("a- b-", new, a={"gmv": "200", "revenue": "20"}))
    programme.pull(3, rows("a- b-", new, a={"gmv": "300", "revenue": "30"}))
    row = programme.row("at_risk", "a")
    kept, gmv, revenue = (new, 200, 20) if product else (old, 100, 10)
    assert {name: row[name] for name in kept} == kept
    assert (row["gmv"], row["revenue"]) == (gmv, revenue)
    assert (row["gmv_now"], row["revenue_now"]) == (300, 30)
    assert (row["csm_name_now"], row["csm_email_now"]) == ("Lee", "l@x.example")
    earlier = programme.row("at_risk", "a", at=2)
    assert (earlier["gmv_now"], earlier["revenue_now"]) == (200, 20)


@pytest.mark.rule("R2.7")
@pytest.mark.many_pulls
def test_a_win_back_keeps_the_values_of_its_case_and_a_new_adoption_those_of_its_report(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b- c+", {"gmv": 1, "region": "EMEA", "merchant_name": "One"}))
    programme.pull(2, rows("a- b- c+", {"gmv": 2, "region": "APAC", "merchant_name": "Two"}))
    programme.pull(3, rows("a+ b+ c+", {"gmv": 3, "region": "LATAM", "merchant_name": "Three"}))
    programme.pull(4, rows("a+ b+ c+", {"gmv": 4, "region": "NA", "merchant_name": "Four"}))
    assert programme.column("wins", "gmv") == {"a": 1, "b": 3}
    assert programme.column("wins", "region") == {"a": "EMEA", "b": "LATAM"}
    assert programme.column("wins", "merchant_name") == {"a": "One", "b": "Three"}
    assert programme.kpis()["won"]["gmv"] == "4.00"
    assert programme.kpis()["recovered"]["gmv"] == "1.00"
    assert programme.kpis(region="EMEA")["won"]["accounts"] == 1
    assert programme.kpis(region="APAC")["won"]["accounts"] == 0


@pytest.mark.rule("R2.7")
def test_the_kpis_are_fed_by_frozen_values(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", {"gmv": 10, "revenue": 1, "region": "EMEA"}))
    programme.pull(2, rows("a- b+", {"gmv": 99, "revenue": 9, "region": "APAC"}))
    figures = programme.kpis()["at_risk"]
    assert (figures["gmv"], figures["revenue"]) == ("10.00", "1.00")
    assert programme.uids("at_risk", region="EMEA") == ["a"]
    assert programme.uids("at_risk", region="APAC") == []


@pytest.mark.rule("R2.8")
@pytest.mark.parametrize(
    "product",
    [PRESENCE, "columns.uid = 'other'", "columns.uid = ['other', 'uid']"],
)
def test_mode_and_uid_can_not_be_changed_once_there_is_a_history(tmp_path: Path, product: str) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b-", {"other": "x"}))
    before = programme.everything()
    programme.set(product=product)
    with pytest.raises(ReportRefused, match="start a new product"):
        programme.pull(2, [{"uid": "a", "is_product_enabled": "no", "other": "b"}])
    assert programme.everything() == before


@pytest.mark.rule("R2.8")
def test_the_column_of_the_uid_may_move_and_another_known_name_be_used(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product="columns.uid = ['UID', 'Account']")
    programme.pull(1, "is_product_enabled,UID\ntrue,a\ntrue,b\n")
    programme.pull(2, "Account, IS_PRODUCT_ENABLED \na,false\nb,true\n")
    assert programme.uids("churns") == ["a"]


@pytest.mark.rule("R2.8")
def test_without_a_history_the_mode_can_still_be_changed(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.undo(programme.pull(1, "a- b+"))
    programme.set(product=PRESENCE)
    programme.pull(2, "a")
    assert programme.uids("at_risk") == ["a"]

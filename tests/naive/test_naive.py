"""Examples of rules.md R2.1-R2.7, R3.4, R3.6, R3.7 worked out by hand: they check what checks the product."""

from __future__ import annotations

from datetime import datetime

import pytest

from .build import column, on, programme, rows, table, uids
from .programme import Programme
from .reading import MAPPED
from .settings import Refused, Settings

FLAG = Settings()
PRESENCE = Settings(mode="presence")


def test_r2_1_a_flag_baseline_tells_of_no_change() -> None:
    made = programme("a+ b-")
    assert (made.cases, made.adoptions, made.notifications) == ([], [], [])
    assert column(made, "history", "is_product_enabled", on(1)) == [True, False]


def test_r2_1_a_presence_baseline_opens_a_silent_case_for_each_account() -> None:
    made = programme("a- b-", mode="presence")
    assert uids(made, "churns", on(1)) == "a b"
    assert all(case.baseline and case.silent for case in made.cases)
    assert made.notifications == []


def test_r2_2_what_two_flags_make() -> None:
    made = programme("a+ b- c+ d- e+", "a- b+ c+ d- n- m+")
    assert (uids(made, "churns", on(2)), uids(made, "wins", on(2))) == ("a", "b")
    assert column(made, "wins", "kind", on(2)) == ["new_adoption"]
    history = {row["uid"]: (row["is_product_enabled"], row["in_last_report"]) for row in table(made, "history", on(2))}
    assert history["e"] == (True, False)
    assert (history["n"], history["m"]) == ((False, True), (True, True))
    assert made.pulls[1].missing == 1


def test_r2_3_vanishing_is_a_churn_when_so_set_and_coming_back_a_win() -> None:
    made = programme("a+ b- c+", "c+", "a+ b+ c+", vanished="churn")
    assert (uids(made, "churns", on(2)), uids(made, "churns", on(3))) == ("a", "")
    assert [(row["uid"], row["kind"]) for row in table(made, "wins", on(3))] == [
        ("a", "win_back"),
        ("b", "new_adoption"),
    ]


def test_r2_4_a_missing_account_that_returns_is_compared_with_its_last_flag() -> None:
    made = programme("a+ b+ c+", "c+", "a- b+ c+")
    assert (uids(made, "churns", on(2)), uids(made, "churns", on(3))) == ("", "a")


def test_r2_5_presence_is_listed_or_not() -> None:
    made = programme("a+ b?", "b+ c+", "a+ b+", mode="presence")
    assert (uids(made, "churns", on(2)), uids(made, "wins", on(2))) == ("b c", "a")
    assert (uids(made, "churns", on(3)), uids(made, "wins", on(3))) == ("b a", "c")
    assert [case.uid for case in made.cases] == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("changed_at", "churned_at"),
    [
        ("2025-03-02T15:00Z", on(2, 15)),
        ("2025-03-03", on(3)),
        ("2025-03-03T00:01Z", on(3)),
        ("2025-03-02", on(3)),
        ("2025-03-01T23:00Z", on(3)),
        ("?", on(3)),
    ],
)
def test_r2_6_changed_at_counts_between_the_last_reading_and_the_pull(changed_at: str, churned_at: datetime) -> None:
    made = programme("a+", "a+")
    made.pull(on(3), rows("a-", changed_at=changed_at))
    assert made.cases[0].churned_at == churned_at


def test_r2_6_an_account_not_read_for_long_may_have_changed_long_ago() -> None:
    made = programme("a+ b+", "b+")
    made.pull(on(3), rows("a- b-", changed_at="2025-03-01T12:00Z"))
    assert {case.uid: case.churned_at for case in made.cases} == {"a": on(1, 12), "b": on(3)}


def test_r2_6_in_presence_mode_the_first_listing_has_no_lower_bound() -> None:
    made = programme(mode="presence")
    made.pull(on(1), rows("a-", changed_at="2024-12-24"))
    made.pull(on(2), rows("a- b-", changed_at="2024-12-25"))
    assert [case.churned_at.month for case in made.cases] == [12, 12]


def test_r2_6_a_win_is_never_before_its_churn() -> None:
    made = programme("a+ b+", "b+", vanished="churn")
    made.pull(on(3), rows("a+ b+", changed_at="2025-03-01T12:00Z"))
    assert (made.cases[0].churned_at, made.cases[0].readopted_at) == (on(2), on(3))


def test_r2_7_frozen_values_are_those_before_a_churn_and_at_a_new_adoption() -> None:
    made = Programme(FLAG)
    for day, (text, gmv) in enumerate([("a+ b-", "1"), ("a- b+", "2"), ("a- b+", "3")], start=1):
        made.pull(on(day), rows(text, gmv=gmv))
    churn, win = table(made, "churns", on(3))[0], table(made, "wins", on(3))[0]
    assert (churn["gmv"], churn["gmv_now"], win["gmv"]) == (1, 3, 2)
    assert column(made, "churns", "gmv_now", on(2)) == [2]


def test_r2_7_in_presence_mode_they_are_those_of_the_opening_row() -> None:
    made = Programme(PRESENCE)
    made.pull(on(1), rows("a-", region="EMEA"))
    made.pull(on(2), rows("a-", region="APAC"))
    assert column(made, "churns", "region", on(2)) == ["EMEA"]


def test_r3_4_an_account_with_only_rejected_rows_stays_as_it_was() -> None:
    made = programme("a+ b- c+", "a? b? c+", vanished="churn")
    assert (made.cases, made.adoptions, made.pulls[1].missing) == ([], [], 0)
    assert column(made, "history", "last_seen_at", on(2)) == [on(1), on(1), on(2)]
    assert column(made, "history", "in_last_report", on(2)) == [True, True, True]


def test_r3_6_rejected_rows_are_kept_with_their_content() -> None:
    made = programme("a+ b?")
    (row,) = table(made, "rejected", on(1))
    assert (row["line"], row["reason"], row["uid"]) == (3, "unknown flag", "b")
    assert row["content"] == {"uid": "b", "is_product_enabled": "maybe"}


def test_r3_7_lacking_columns_and_several_currencies_are_refused() -> None:
    made = Programme(FLAG)
    several = rows("a+", currency="USD") + rows("b+", currency="EUR")
    for report in ([{"uid": "a"}], [{"is_product_enabled": "1"}], several):
        with pytest.raises(Refused):
            made.pull(on(1), report)
    assert made.pulls == []
    assert "currency" in MAPPED

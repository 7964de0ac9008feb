"""Examples of rules.md R7.1-R7.5 and R7.7 worked out by hand, and the columns of interface.md."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from .build import on, programme, rows, table
from .episodes import EVERYONE, Filter
from .figures import Figure, format_money, measure
from .kpis import kpis
from .period import period_kpis
from .programme import Programme
from .reading import Account
from .settings import Settings
from .tables import TABLES

WHO = "product uid merchant_name csm_name csm_email region gmv revenue "
COLUMNS = {
    "history": WHO + "is_product_enabled in_last_report last_seen_at note",
    "churns": WHO + "churned_at status lost_at hours_since_churn last_stage claim snoozed_until csm_name_now"
    " csm_email_now gmv_now revenue_now engaged_at hours_to_engage",
    "wins": WHO + "kind won_at churned_at turnover_hours credit credit_csm_name credit_csm_email",
    "readopted": "product uid merchant_name csm_name region gmv revenue churned_at closed_at turnover_hours credit"
    " credit_csm_name credit_csm_email",
    "cases": "product uid case_id merchant_name csm_name csm_email region gmv revenue churned_at readopted_at"
    " lost_at status credit engaged_at hours_to_engage baseline silent holdout voided_at csm_name_now"
    " csm_email_now credit_csm_name credit_csm_email working_hours_to_engage first_message_at hours_from_message"
    " working_hours_from_message",
    "notifications": "product uid case_id stage csm_name channel recipient message_id status planned_at sent_at error",
    "rejected": "pull_id product line reason uid content",
    "pulls": "pull_id product at status reason rows accepted rejected churned won missing source read_at decided_by",
}


def three_accounts() -> Programme:
    """On the 4th `lost` is lost since the 3rd, `back` just won back, `risk` just at risk, `new` adopted."""
    made = Programme(Settings(lost_after=timedelta(days=1)))
    for day, flags in enumerate(["+++-", "-+++", "--++", "-+-+"], start=1):
        report = []
        for uid, flag, gmv, region in zip(
            ["lost", "back", "risk", "new"],
            flags,
            ["100", "10.5", "", "7"],
            ["EMEA", "APAC", "", "EMEA"],
            strict=True,
        ):
            revenue = f"{gmv}0" if gmv else ""
            report += rows(uid + flag, gmv=gmv, revenue=revenue, region=region, csm_name="Ann", csm_email="ann@x")
        made.pull(on(day), report)
    return made


def document(made: Programme, day: int, where: Filter = EVERYONE) -> dict[str, Any]:
    return cast("dict[str, Any]", kpis([made], on(day), where))


def total(measured: dict[str, Any]) -> tuple[int, str, str]:
    return measured["accounts"], measured["gmv"], measured["revenue"]


def test_the_columns_are_those_of_the_interface() -> None:
    made = programme("a+ b- c+ d?", "a- b+ c-", "a- b+ c+")
    made.pull(on(4), rows("a- b+ c+ d?", note="x"))
    for name, columns in COLUMNS.items():
        found = table(made, name, on(4))
        assert found, name
        assert list(found[0]) == columns.split(), name
    assert list(TABLES) == ["history", "churns", "at_risk", *list(COLUMNS)[2:], "claims", "feedback", "activities"]


def test_r7_1_sums_of_frozen_values() -> None:
    found = document(three_accounts(), 4)
    assert total(found["at_risk"]) == (1, "0.00", "0.00")
    assert total(found["churned"]) == (1, "100.00", "1000.00")
    assert total(found["won"]) == (2, "17.50", "80.50")
    assert (found["won"]["win_backs"], found["won"]["new_adoptions"]) == (1, 1)
    assert total(found["recovered"]) == (1, "10.50", "10.50")


def test_r7_2_bands_and_what_lies_within_them() -> None:
    account = Account("a", None, gmv=Decimal(1))
    hours = [0, 24, 24.5, 48, 72, 73, 24 * 30, 24 * 31, 24 * 90, 24 * 91]
    found = cast("dict[str, Any]", measure([Figure(account, timedelta(hours=hour)) for hour in hours]))["by_time"]
    assert [band["accounts"] for band in found.values()] == [2, 2, 1, 2, 1, 1, 1]
    assert [band["within"]["accounts"] for band in found.values()] == [2, 4, 5, 7, 8, 9, 10]
    assert found["L24HRS"] == {
        "accounts": 2,
        "gmv": "2.00",
        "revenue": "0.00",
        "within": {"accounts": 2, "gmv": "2.00", "revenue": "0.00"},
    }


def test_r7_2_bands_count_from_the_moment_of_each() -> None:
    found = document(three_accounts(), 5)
    of_two_days = {name: found[name]["by_time"]["L48HRS"]["accounts"] for name in ("churned", "won")}
    assert of_two_days == {"churned": 1, "won": 0}
    assert found["won"]["by_time"]["L72HRS"]["accounts"] == 1
    assert found["churned"]["by_time"]["L24HRS"]["accounts"] == 1


def test_r7_3_without_claims_all_credit_is_self_service() -> None:
    found = document(three_accounts(), 4)
    credit = {name: measured["accounts"] for name, measured in found["credit"].items()}
    assert credit == {
        "csm_true_wins": 0,
        "assisted_wins": 0,
        "self_service_wins": 1,
        "csm_losses": 0,
        "csm_true_losses": 0,
        "self_service_losses": 1,
    }
    assert (found["recovered"]["by_region"], found["recovered"]["csm_revenue"]) == ({"APAC": "10.50"}, "0.00")


def test_r7_4_times() -> None:
    found = document(three_accounts(), 6)
    assert found["time_since_churn_hours"] == {"count": 0, "median": None, "mean": None}
    assert found["turnover_hours"] == {"count": 1, "median": 24.0, "mean": 24.0}
    shares = {"within_24h": 0.0, "within_48h": 0.0, "within_72h": 0.0}
    wanted = {"count": 0, "median": None, "mean": None} | shares
    assert {name: found["engage_hours"][name] for name in wanted} == wanted
    early = document(three_accounts(), 2)["engage_hours"]
    assert [early[f"within_{hours}h"] for hours in (24, 48, 72)] == [None, None, None]


def test_r7_4_median_and_mean() -> None:
    made = programme("a+ b+ c+ d+", "a- b+ c+ d+", "a- b- c+ d+", "a- b- c+ d-")
    found = cast("dict[str, Any]", kpis([made], on(4, 1)))["time_since_churn_hours"]
    assert found == {"count": 3, "median": 25.0, "mean": 25.0}


def test_r7_5_a_row_for_each_owner() -> None:
    (row,) = document(three_accounts(), 4)["by_csm"]
    assert (row["csm_name"], row["csm_email"], row["at_risk"]) == ("Ann", "ann@x", 1)
    assert (row["self_service_wins"], row["revenue_recovered"]) == (1, "0.00")


def test_filters() -> None:
    made = three_accounts()
    assert total(document(made, 4, Filter(region="EMEA"))["won"])[0] == 1
    assert total(document(made, 4, Filter(region=""))["at_risk"])[0] == 1
    assert total(document(made, 4, Filter(csm="ANN@x"))["won"])[0] == 2
    assert total(document(made, 4, Filter(csm="ann"))["won"])[0] == 0
    assert kpis([made], on(4), product="other")["at_risk"] == measure([])


def test_r7_7_a_period_holds_what_happened_in_it() -> None:
    """`back` was lost at the very moment of its return, and is counted as both."""
    made = three_accounts()
    made.pull(on(6), rows("lost- back- risk+ new+"))

    def counts(start: int, end: int) -> dict[str, int]:
        found = cast("dict[str, Any]", period_kpis([made], on(start), on(end)))
        parts = found | {"rechurned": found["win_backs"]["rechurned"]}
        return {name: part["accounts"] for name, part in parts.items() if isinstance(part, dict) and "accounts" in part}

    zero = dict.fromkeys(("churns", "win_backs", "new_adoptions", "losses", "rechurned"), 0)
    assert counts(2, 3) == zero | {"churns": 1, "new_adoptions": 1}
    assert counts(3, 4) == zero | {"churns": 1, "losses": 1}
    assert counts(4, 5) == zero | {"churns": 1, "win_backs": 1, "rechurned": 1, "losses": 1}
    assert counts(5, 6) == zero | {"losses": 1}
    assert counts(1, 30) == {"churns": 4, "win_backs": 2, "new_adoptions": 1, "losses": 4, "rechurned": 1}


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.5", "1234.50"), ("1.2300", "1.23"), ("0.1230", "0.123"), ("-0", "0.00"), ("-5", "-5.00")],
)
def test_money_is_written_with_two_places_or_as_many_as_it_has(amount: str, text: str) -> None:
    assert format_money(Decimal(amount)) == text

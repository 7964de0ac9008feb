"""kpis: one document, exactly as it is promised, and as a table for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backing import Backing
from tests.workspaces import Place, accounts

BANDS = ("L24HRS", "L48HRS", "L72HRS", "L30", "L60", "L90", "L>90")
SUM = {"accounts": int, "gmv": str, "revenue": str}
FIGURE = {**SUM, "by_time": {band: {**SUM, "within": SUM} for band in BANDS}}
LENGTH = {"count": int, "median": (float, None), "mean": (float, None)}
SHARE = (float, None)
ENGAGE = {
    **LENGTH,
    "within_24h": SHARE,
    "within_48h": SHARE,
    "within_72h": SHARE,
    "working": LENGTH,
    "from_message": LENGTH,
    "working_from_message": LENGTH,
}
WON_CLAIMS, LOST_CLAIMS = {"true": int, "pending": int, "false": int}, {"true": int, "false": int}
CSM = {
    "csm_name": str,
    "csm_email": (str, None),
    "at_risk": int,
    "gmv_at_risk": str,
    "csm_true_wins": int,
    "assisted_wins": int,
    "self_service_wins": int,
    "csm_losses": int,
    "csm_true_losses": int,
    "self_service_losses": int,
    "revenue_recovered": str,
    "claims": int,
    "claims_won": WON_CLAIMS,
    "claims_lost": LOST_CLAIMS,
    "precision": SHARE,
    "median_engage_hours": (float, None),
    "engage_hours": ENGAGE,
    "answered": int,
    "useful": int,
}
CREDITS = (
    "csm_true_wins",
    "assisted_wins",
    "self_service_wins",
    "csm_losses",
    "csm_true_losses",
    "self_service_losses",
)
HEADING = {
    "product": (str, None),
    "region": (str, None),
    "csm": (str, None),
    "currency": str,
    "revenue_period": str,
}
PROMISED = {
    "at": str,
    **HEADING,
    "at_risk": FIGURE,
    "churned": FIGURE,
    "won": {"win_backs": int, "new_adoptions": int, **FIGURE},
    "recovered": {"by_region": {"EMEA": str}, "csm_revenue": str, **FIGURE},
    "credit": dict.fromkeys(CREDITS, FIGURE),
    "claims": {
        "claimed": {"recovered": SUM, "not_recovered": SUM, "pending": SUM},
        "unclaimed": {"recovered": SUM, "not_recovered": SUM},
        "made": int,
        "won": WON_CLAIMS,
        "lost": LOST_CLAIMS,
        "precision": SHARE,
    },
    "time_since_churn_hours": LENGTH,
    "turnover_hours": LENGTH,
    "engage_hours": {**ENGAGE, "by_region": {"EMEA": ENGAGE}},
    "usefulness": {"answered": int, "useful": int, "share": SHARE, "by_stage": {}, "by_month": {}, "by_csm": []},
    "by_csm": [CSM],
    "impact": {
        "holdout": int,
        "messaged": int,
        "lift": (float, None),
        "low": (float, None),
        "high": (float, None),
        "verdict": str,
    },
}


@pytest.fixture(scope="module")
def place(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("kpis"), "[workspace]\ncurrency = 'EUR'\nrevenue_period = 'year'\n")
    for on, off in (("2024-03-01", {1, 2}), ("2024-03-02", {2, 3, 4}), ("2024-03-03", {2, 4, 5})):
        place.write(on, accounts(40, off))
        place.done("pull")
    return place


def differences(promised: Any, found: Any, path: str = "") -> list[str]:
    """Where a document has other members, or members of another type, than promised; members in the same order."""
    if isinstance(promised, dict):
        if not isinstance(found, dict) or list(found) != list(promised):
            return [f"{path}: {found}"]
        return [each for name in promised for each in differences(promised[name], found[name], f"{path}.{name}")]
    if isinstance(promised, list):
        return [each for item in found for each in differences(promised[0], item, f"{path}[]")]
    kinds = promised if isinstance(promised, tuple) else (promised,)
    return [] if any(found is None if kind is None else type(found) is kind for kind in kinds) else [f"{path}: {found}"]


def sorted_members(document: Any) -> Any:
    """Members of an object have no order of meaning: `accounts`, `by_time`, … and those beside them."""
    if isinstance(document, dict):
        return {name: sorted_members(document[name]) for name in sorted(document)}
    if isinstance(document, list):
        return [sorted_members(item) for item in document]
    return document


@pytest.mark.rule("R7.2")
def test_the_document_is_as_promised(place: Place) -> None:
    document = place.done("kpis", "--format", "json", "--at", "2024-03-03T12:00Z").json
    assert list(document) == list(PROMISED)
    assert differences(sorted_members(PROMISED), sorted_members(document)) == []
    assert (document["at"], document["product"], document["currency"]) == ("2024-03-03T12:00:00Z", None, "EUR")
    assert (document["at_risk"]["accounts"], document["at_risk"]["gmv"]) == (2, "2401.00")
    assert document["at_risk"]["by_time"]["L24HRS"]["accounts"] == 1
    assert (document["won"]["win_backs"], document["won"]["new_adoptions"]) == (1, 1)
    assert document["recovered"]["by_region"] == {"EMEA": "99.90"}


def test_the_document_of_an_empty_workspace(tmp_path: Path) -> None:
    document = Place(tmp_path).done("kpis", "--format", "json").json
    promised = {**PROMISED, "recovered": {"by_region": {}, "csm_revenue": str, **FIGURE}}
    promised["engage_hours"] = {**ENGAGE, "by_region": {}}
    assert differences(sorted_members(promised), sorted_members(document)) == []
    assert document["at_risk"] == {
        "accounts": 0,
        "gmv": "0.00",
        "revenue": "0.00",
        "by_time": {
            band: {
                "accounts": 0,
                "gmv": "0.00",
                "revenue": "0.00",
                "within": {"accounts": 0, "gmv": "0.00", "revenue": "0.00"},
            }
            for band in BANDS
        },
    }
    assert document["impact"]["verdict"] == "no holdout"
    assert document["by_csm"] == []


def test_filters_stand_in_the_document(place: Place) -> None:
    options = ("--product", "payments", "--region", "EMEA", "--csm", "Dana Ortiz", "--at", "2024-03-03")
    document = place.done("kpis", "--format", "json", *options).json
    assert [document[name] for name in HEADING] == ["payments", "EMEA", "Dana Ortiz", "EUR", "year"]
    assert document["at_risk"]["accounts"] == 2
    nowhere = place.done("kpis", "--format", "json", "--region", "nowhere").json
    assert (nowhere["region"], nowhere["at_risk"]["accounts"]) == ("nowhere", 0)


@pytest.mark.rule("R7.7")
def test_a_period(place: Place) -> None:
    document = place.done("kpis", "--format", "json", "--from", "2024-03-02", "--to", "2024-03-03").json
    assert list(document)[:7] == ["from", "to", *HEADING]
    assert (document["from"], document["to"]) == ("2024-03-02T00:00:00Z", "2024-03-03T00:00:00Z")
    assert document["churns"] == {"accounts": 2, "gmv": "2401.00", "revenue": "199.80"}
    assert document["new_adoptions"]["accounts"] == 1
    assert document["win_backs"]["accounts"] == 0
    assert place.done("kpis", "--format", "json", "--from", "2024-03-02").json["churns"]["accounts"] == 3


def test_for_people(place: Place) -> None:
    ran = place.done("kpis", "--at", "2024-03-03T12:00Z")
    assert ran.err == ""
    assert ran.out.startswith("KPIs at 2024-03-03T12:00:00Z, all products; amounts in EUR a year\n")
    assert "2,401" in ran.out
    assert "Dana Ortiz" in ran.out
    period = place.done("kpis", "--from", "2024-03-01", "--to", "2024-03-04").out
    assert "Churns" in period
    assert "New adoptions" in period


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--at", "2024-03-01", "--from", "2024-03-01"), "use one or the other"),
        (("--to", "2024-03-01"), "a period needs --from"),
        (("--from", "2024-03-02", "--to", "2024-03-01"), "before it begins"),
        (("--at", "yesterday"), 'expected a date or moment such as 2026-11-03 or 2026-11-03T09:00Z, found "yesterday"'),
        (("--product", "refunds"), 'there is no product "refunds" in winback.toml; there are: payments'),
        (("--format", "csv"), "Invalid value for '--format'"),
    ],
    ids=str,
)
def test_wrong_use(place: Place, options: tuple[str, ...], said: str) -> None:
    ran = place.run("kpis", *options)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err

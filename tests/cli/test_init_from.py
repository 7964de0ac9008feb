"""`winback init --from REPORT`: from an unknown export to the first pull, through the installed command."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import exports
from tests.workspaces import Place, Ran, finished


@dataclass(frozen=True)
class Case:
    """An export, and what is to be found in winback.toml for it: keys of the product beside `columns`."""

    export: exports.Export
    product: str
    settings: dict[str, object]
    columns: dict[str, str]
    accounts: int = exports.ACCOUNTS


CASES = [
    Case(
        exports.of_payments_processor,
        "payments",
        {"mode": "flag", "report": "../payments_{date}.csv"},
        {
            "uid": "id",
            "is_product_enabled": "payments_enabled",
            "merchant_name": "business_name",
            "csm_name": "account_manager",
            "region": "country",
            "gmv": "tpv_usd",
            "revenue": "fees_usd",
        },
    ),
    Case(
        exports.of_crm,
        "report1762156800000",
        {"mode": "flag", "report": "../report1762156800000.csv"},
        {
            "uid": "Account ID",
            "is_product_enabled": "Payments Active",
            "merchant_name": "Account Name",
            "csm_name": "Account Owner",
            "csm_email": "Account Owner: Email",
            "region": "Billing Country",
            "revenue": "ARR",
            "currency": "ARR Currency",
        },
    ),
    Case(
        exports.of_warehouse,
        "adoption",
        {"mode": "flag", "report": "../adoption-{date}.ndjson"},
        {
            "uid": "merchantId",
            "is_product_enabled": "isEnabled",
            "merchant_name": "merchantName",
            "csm_email": "csmEmail",
            "region": "salesRegion",
            "gmv": "gmvLast30d",
            "revenue": "mrr",
            "changed_at": "statusChangedAt",
        },
    ),
    Case(
        exports.of_at_risk_list,
        "loans_at_risk",
        {"mode": "presence", "report": "../loans at risk {date}.csv"},
        {
            "uid": "Merchant ID",
            "merchant_name": "Merchant",
            "csm_name": "KAM",
            "region": "Territory",
            "gmv": "Volume",
        },
    ),
    Case(
        exports.of_spreadsheet_with_names_only,
        "clients",
        {"mode": "flag", "report": "../Clients.csv"},
        {"uid": "Client", "is_product_enabled": "Live?", "csm_name": "CSM"},
    ),
    Case(
        exports.of_everything,
        "wide",
        {"mode": "flag", "report": "../wide.csv"},
        {
            "uid": "customer_number",
            "is_product_enabled": "is_active",
            "merchant_name": "customer",
            "csm_email": "owner_email",
            "region": "region",
            "gmv": "gmv",
        },
    ),
]


def init(folder: Path, report: Path, name: str = "shop") -> tuple[Ran, Place]:
    """The command alone, in a folder that has nothing but the report; and the workspace it made."""
    place = Place(folder / "not this one")
    place.folder = folder
    ran = finished(place.start("init", name, "--from", str(report)))
    place.folder = folder / name
    return ran, place


def product_of(place: Place) -> tuple[str, dict[str, Any]]:
    with (place.folder / "winback.toml").open("rb") as file:
        ((name, product),) = tomllib.load(file)["products"].items()
    return name, {key: value for key, value in product.items() if key != "guard"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.export.__name__)
def test_from_an_unknown_export_to_the_first_pull(tmp_path: Path, case: Case) -> None:
    ran, place = init(tmp_path, case.export(tmp_path))
    assert (ran.status, ran.err) == (0, "")
    name, product = product_of(place)
    assert (name, product.pop("columns"), product) == (case.product, case.columns, case.settings)
    doctor = finished(place.start("doctor"))
    assert (doctor.status, doctor.err) == (0, "")
    assert "it would be applied" in finished(place.start("pull", "--dry-run")).out
    pulled = finished(place.start("pull"))
    assert f" {case.accounts:,} accounts accepted, 0 rows rejected" in pulled.out
    assert (pulled.status, pulled.err) == (0, "")

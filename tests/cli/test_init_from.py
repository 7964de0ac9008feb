"""`winback init --from REPORT`: from an unknown export to the first pull, through the command line."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import exports
from tests.workspaces import Place, Ran

# A workspace that init makes stands on the defaults.
pytestmark = pytest.mark.only_on("sqlite")


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
        exports.of_german_excel,
        "handlerbericht",
        {
            "mode": "flag",
            "report": "../Händlerbericht {date}.csv",
            "encoding": "cp1252",
            "delimiter": ";",
            "decimal": ",",
        },
        {
            "uid": "Kunden-Nr.",
            "is_product_enabled": "Zahlungen aktiv",
            "merchant_name": "Händler",
            "csm_name": "Betreuer",
            "region": "Land",
            "gmv": "Umsatz (€)",
            "revenue": "Gebühren",
        },
    ),
    Case(
        exports.of_sql_server,
        "adoption",
        {"mode": "flag", "report": "../adoption_{date}.csv", "delimiter": "|"},
        {
            "uid": "AccountKey",
            "is_product_enabled": "IsActive",
            "merchant_name": "AccountName",
            "region": "Region",
            "gmv": "TransactionVolume",
            "changed_at": "ChangedAt",
        },
    ),
    Case(
        exports.of_bi_workbook,
        "product_adoption",
        {"mode": "flag", "report": "../Product adoption.xlsx", "sheet": "Accounts"},
        {
            "uid": "Account No",
            "is_product_enabled": "Adopted",
            "merchant_name": "Account",
            "csm_name": "Success Manager",
            "region": "Country",
            "gmv": "GMV (EUR)",
            "revenue": "MRR",
        },
    ),
    Case(
        exports.of_json_service,
        "accounts",
        {"mode": "flag", "report": "../accounts-{date}.json"},
        {
            "uid": "uuid",
            "is_product_enabled": "live",
            "merchant_name": "name",
            "csm_name": "csm",
            "region": "region",
        },
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
    ran = place.run_inside("init", name, "--from", str(report))
    place.folder = folder / name
    return ran, place


def product_of(place: Place) -> tuple[str, dict[str, Any]]:
    with (place.folder / "winback.toml").open("rb") as file:
        ((name, product),) = tomllib.load(file)["products"].items()
    return name, {key: value for key, value in product.items() if key != "guard"}


def test_a_column_of_row_numbers_is_not_the_uid(tmp_path: Path) -> None:
    ran, _ = init(tmp_path, exports.of_spreadsheet_with_names_only(tmp_path))
    assert 'uid is a guess from the content of "Client"\n' in ran.out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.export.__name__)
def test_from_an_unknown_export_to_the_first_pull(tmp_path: Path, case: Case) -> None:
    ran, place = init(tmp_path, case.export(tmp_path))
    assert (ran.status, ran.err) == (0, "")
    name, product = product_of(place)
    assert (name, product.pop("columns"), product) == (case.product, case.columns, case.settings)
    doctor = place.run_inside("doctor")
    assert (doctor.status, doctor.err) == (0, "")
    assert "it would be applied" in place.run_inside("pull", "--dry-run").out
    pulled = place.run_inside("pull")
    assert f" {case.accounts:,} accounts accepted, 0 rows rejected" in pulled.out
    assert (pulled.status, pulled.err) == (0, "")


def refused(tmp_path: Path, name: str, content: str | bytes) -> str:
    """The one line with which a report is refused; nothing is made then."""
    report = tmp_path / name
    report.write_bytes(content.encode() if isinstance(content, str) else content)
    ran, place = init(tmp_path, report)
    assert (ran.status, ran.out) == (1, "")
    assert not place.folder.exists()
    return ran.line


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("empty.csv", "", "empty.csv is empty: expected a report with a header"),
        ("header.csv", "UID,enabled\n", "header.csv has a header and no rows: expected at least one account"),
        ("blank.csv", "UID,enabled\n,\n , \n", "blank.csv has a header and no rows: expected at least one account"),
        (
            "repeated.csv",
            "plan,Account ID,day\na,7,\na,7,2\na,7,3\n",
            'repeated.csv: no column can be the UID, with another value in each row: "Account ID" (2 repeated), "plan"'
            ' (2 repeated), "day" (1 blank); a report has one row for each account',
        ),
    ],
)
def test_what_can_not_be_understood_is_refused_in_one_line(tmp_path: Path, name: str, content: str, line: str) -> None:
    assert refused(tmp_path, name, content) == line


ROWS = "Account ID,Name,Active,GMV\nA1,One Ltd,yes,12.50\nA2,Two Ltd,no,7.25\n"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.csv", "Accounts report\nGenerated 2026-11-03, 09:00\n\n" + ROWS, "one column only"),
        ("a.csv", "Accounts report\n" + ROWS.replace(",", ";") + "\nMade by BI\n", "one column only"),
        ("a.tsv", ROWS, "one column only"),
        ("a.csv", "Accounts report,,,\n,,,\n" + ROWS, "most columns have no name"),
    ],
)
def test_lines_above_the_header_are_refused(tmp_path: Path, name: str, content: str, what: str) -> None:
    assert refused(tmp_path, name, content) == (
        f"{name}: {what}: are there lines above the header? Expected the names of the columns in the first line: export"
        " without a title, or take it out"
    )


def test_a_list_may_be_one_column(tmp_path: Path) -> None:
    report = exports.written(tmp_path / "at-risk.csv", "Account\nOne\n2, 3 and Four\nFive\nSix\n")
    assert "4 accounts accepted" in init(tmp_path, report)[0].out


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    assert "web page" in refused(tmp_path, "page.csv", "<!doctype html><title>Sign in</title>")
    assert "kind of report" in refused(tmp_path, "letter.docx", b"PK\x03\x04")
    assert "Parquet" in refused(tmp_path, "table.parquet", "UID,enabled\n1,yes\n")


@pytest.mark.parametrize("report", ["nowhere.csv", ".", "postgresql://ana@db/shop", "s3://bucket/payments.csv"])
def test_only_files_are_understood(tmp_path: Path, report: str) -> None:
    ran, place = init(tmp_path, Path(report) if "://" not in report else Path("x"))
    place.folder = tmp_path
    ran = place.run_inside("init", "shop", "--from", report)
    assert (ran.status, ran.out) == (1, "")
    assert "file" in ran.line
    assert not (tmp_path / "shop").exists()


def test_init_from_never_overwrites(tmp_path: Path) -> None:
    report = exports.of_crm(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "winback.toml").write_text("mine")
    ran, place = init(tmp_path, report)
    assert (ran.status, ran.out) == (2, "")
    assert ran.line == "shop/winback.toml is there already, and nothing is ever overwritten: take another folder"
    assert [path.name for path in place.folder.iterdir()] == ["winback.toml"]
    assert (place.folder / "winback.toml").read_text() == "mine"


def test_in_the_folder_that_has_the_report(tmp_path: Path) -> None:
    report = exports.of_payments_processor(tmp_path)
    ran, place = init(tmp_path, report, ".")
    assert (ran.status, ran.err) == (0, "")
    assert product_of(place)[1]["report"] == "payments_{date}.csv"
    assert "cd " not in ran.out
    assert "accounts accepted" in place.run_alone("pull").out


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are text there")
def test_a_path_that_is_no_text_is_refused(tmp_path: Path) -> None:
    report = tmp_path / os.fsdecode(b"sh\xf6ps.csv")
    report.write_text("id,active\n1,yes\n", encoding="utf-8")
    ran, place = init(tmp_path, report)
    assert (ran.status, ran.out) == (1, "")
    assert ran.line == "the report's path is not UTF-8, and can't stand in winback.toml: rename it"
    assert not place.folder.exists()


HOSTILE = (
    '"account ""id"" \x1b[31m","\'; drop table checked; --","en\u202eabled # x","a\n[alerts]\nto = [""x""]","=cmd()"\n'
)


def test_hostile_names_and_contents_are_harmless(tmp_path: Path) -> None:
    rows = "".join(f'"\x1b]0;{n}\x07",<script>{n}</script> x,yes,"$({n})",""\n' for n in range(20))
    report = tmp_path / "'; drop table pulls; --.csv"
    report.write_text(HOSTILE + rows, encoding="utf-8")
    ran, place = init(tmp_path, report)
    assert (ran.status, ran.err) == (0, "")
    assert all(line.isprintable() for line in ran.out.splitlines())
    name, product = product_of(place)
    assert (name, product["columns"]["uid"]) == ("drop_table_pulls", 'account "id" \x1b[31m')
    assert product["columns"]["is_product_enabled"] == "en\u202eabled # x"
    text = (place.folder / "winback.toml").read_text(encoding="utf-8")
    assert all(line.isprintable() for line in text.splitlines())
    assert "alerts" in tomllib.loads(text)
    assert tomllib.loads(text)["alerts"] == {}
    assert "20 accounts accepted" in place.run_inside("pull").out


def test_a_list_of_accounts_that_are_off_may_have_flags(tmp_path: Path) -> None:
    """Called by its file's name, and all flags the same."""
    rows = "".join(f"A{n},Shop {n} Ltd,no,Dana Ortiz\n" for n in range(12))
    report = exports.written(tmp_path / "at-risk.csv", f"id,name,active,owner\n{rows}")
    ran, place = init(tmp_path, report)
    assert "the file's name says that it is a list of the accounts that are off" in " ".join(ran.out.split())
    assert product_of(place)[1] == {
        "mode": "presence",
        "report": "../at-risk.csv",
        "columns": {"uid": "id", "merchant_name": "name", "csm_name": "owner"},
    }


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Status", ("Active", "Churned", "Paused")),
        ("Is churned", ("false", "true")),
        ("Kündigung", ("no", "yes")),
        ("Aktiv", ("ja", "nein")),
    ],
)
def test_who_is_on_told_in_other_words_is_for_a_person_to_fill_in(
    tmp_path: Path, name: str, cells: tuple[str, ...]
) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,{cells[n % len(cells)]}\n" for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,{name}\n{rows}"))
    assert (ran.status, ran.err) == (0, "")
    assert f'"{name}" tells who is enabled ("{cells[0]}"), but can\'t be the flag' in " ".join(ran.out.split())
    assert "fill in what says FILL IN" in ran.out
    assert '#is_product_enabled = ""                    # FILL IN' in (place.folder / "winback.toml").read_text()
    doctor = place.run_inside("doctor")
    assert doctor.status == 1
    assert "Set products.shops.columns.is_product_enabled" in doctor.out


def test_of_several_currencies_the_most_frequent_is_read(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,yes,{n}.50,{'USD' if n % 3 else 'EUR'}\n" for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,active,gmv,CCY \n{rows}"))
    assert 'amounts are in several currencies ("USD", "EUR")' in ran.out
    assert product_of(place)[1]["filter"] == "trim(\"CCY\") = 'USD'"
    assert "8 accounts accepted" in place.run_inside("pull").out


def test_a_hostile_column_in_a_condition(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,yes,{n}.50,{'it' + chr(39) + 's' if n % 3 else 'EUR'}\n" for n in range(12))
    header = 'id,name,active,gmv,"""; drop table x; -- Currency"\n'
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", header + rows))
    assert (ran.status, ran.err) == (0, "")
    assert "8 accounts accepted" in place.run_inside("pull").out


def test_amounts_that_can_be_read_in_two_ways_are_named(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,yes,{n + 1}.500\n" for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,active,gmv\n{rows}"))
    assert 'amounts of "gmv", such as "1.500", can be read in two ways' in ran.out
    assert "decimal" not in product_of(place)[1]


def test_one_kind_of_flag_in_all_rows_is_named(tmp_path: Path) -> None:
    report = exports.written(tmp_path / "shops.csv", "id,name,active\n1,One Ltd,no\n2,Two Ltd,no\n")
    ran, _ = init(tmp_path, report)
    assert 'no account is enabled: is "active" the right column?' in ran.out


def test_of_a_hundred_rows_that_are_refused_the_guard_says_so(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,{'yes' if n % 10 else 'perhaps'}\n" for n in range(200))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,active\n{rows}"))
    assert "180 accounts accepted (180 enabled, 0 not), 20 rows rejected (20 unknown flag)" in ran.out
    assert "The guard would hold it: rows rejected: 20 of 200 (10.0 %, limit 1 %)" in ran.out
    assert place.run_inside("pull", "--dry-run").status == 3


def test_two_columns_that_would_do_are_both_named(tmp_path: Path) -> None:
    rows = "".join(f"S{n},M{n},Shop {n} Ltd,yes,no\n" for n in range(12))
    report = exports.written(tmp_path / "shops.csv", f"Shop ID,Merchant ID,Name,Vip,Beta\n{rows}")
    ran, place = init(tmp_path, report)
    assert re.search('uid +"Merchant ID" +by its name; "Shop ID" would do too\n', ran.out)
    text = (place.folder / "winback.toml").read_text(encoding="utf-8")
    assert re.search('uid = "Merchant ID" +# by its name; "Shop ID" would do too\n', text)
    assert 'is_product_enabled is a guess from the content of "Vip"; "Beta" would do too' in ran.out


def test_columns_without_a_name_are_called_by_their_place(tmp_path: Path) -> None:
    rows = "".join(f"A{n},x,Shop {n} Ltd,yes,y\n" for n in range(12))
    ran, _ = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,,name,active,\n{rows}"))
    assert '"column_2", "column_5"' in ran.out
    assert "2 of the columns have no name, and are kept as column_2 and so on, by their place" in ran.out


@pytest.mark.parametrize("name", ["VIP", "Newsletter", "Has open ticket"])
def test_a_flag_that_is_not_called_so_is_a_guess(tmp_path: Path, name: str) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,{'yes' if n % 3 else 'no'}\n" for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,{name}\n{rows}"))
    text = (place.folder / "winback.toml").read_text(encoding="utf-8")
    for told in (ran.out, text):
        assert f'is_product_enabled is a guess from the content of "{name}"\n' in told
    assert re.search(f'is_product_enabled = "{name}" +# a guess: check it\n', text)


REAL = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "dotgov" / "dotgov_2025-06-01.csv.gz"


@pytest.mark.skipif(not REAL.is_file(), reason=f"THE REAL REPORTS ARE NOT THERE: no file {REAL}")
@pytest.mark.parametrize(("file_name", "mode"), [(REAL.name, "flag"), ("dotgov at risk 2025-06-01.csv.gz", "presence")])
def test_a_real_report(tmp_path: Path, file_name: str, mode: str) -> None:
    report = tmp_path / file_name
    report.symlink_to(REAL)
    ran, place = init(tmp_path, report)
    assert "13,144 rows read, 13,144 accounts accepted" in ran.out
    _, product = product_of(place)
    columns = {"uid": "Domain name", "merchant_name": "Organization name", "region": "State"}
    flag = {"is_product_enabled": "Has security contact"} if mode == "flag" else {}
    assert (product["mode"], product["columns"]) == (mode, columns | flag)
    assert place.run_inside("pull").status == 0


def test_amounts_with_another_name_are_guessed_unless_there_are_many(tmp_path: Path) -> None:
    rows = "".join(f'A{n},yes,"$1,{n + 100}.00",n/a,{n}.25,{n}.75,{n}.05\n' for n in range(12))
    one = exports.written(tmp_path / "one.csv", f"id,active,Betrag,a,b,c,d\n{rows}".replace(",n/a,", ",,"))
    ran, place = init(tmp_path, one, "many")
    assert "gmv" not in product_of(place)[1]["columns"]
    rows = "".join(f'A{n},yes,"$1,{n + 100}.00",\n' for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "two.csv", f"id,active,Betrag,a\n{rows}"), "one")
    assert product_of(place)[1]["columns"]["gmv"] == "Betrag"
    assert 'gmv is a guess from the content of "Betrag"\n' in ran.out


def test_a_name_that_several_columns_have_is_taken_for_none(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Shop {n} Ltd,yes,no\n" for n in range(12))
    ran, place = init(tmp_path, exports.written(tmp_path / "shops.csv", f"id,name,Active,active\n{rows}"))
    assert 'several columns are called "Active", "active", and none of them is taken: rename all but one' in ran.out
    assert product_of(place)[1]["mode"] == "flag"
    assert "fill in what says FILL IN" in ran.out

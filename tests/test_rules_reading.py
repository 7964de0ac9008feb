"""rules.md R3.1 to R3.7, money apart: flags, rejected rows, duplicates, columns."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.backing import Backing
from tests.programme import LENIENT, Programme, Report, accounts, day, rows
from winback.errors import ReportRefused

TRUE = ["true", "t", "yes", "y", "1", "1.0", "on", "enabled", "TRUE", "Yes", "oN", "  Enabled ", "\u00a0y\u200b"]
FALSE = ["false", "f", "no", "n", "0", "0.0", "off", "disabled", "FALSE", "No", "oFF", " Disabled\t", "\ufeffn "]
UNKNOWN = ["maybe", "", " ", "\u200b", "2", "-1", "1.00", "01", "ye s", "null", "wahr", "tru", "✓"]


def reasons(programme: Programme) -> list[tuple[int | None, str, str | None]]:
    """Line, reason and UID of each rejected row."""
    return [(row["line"], row["reason"], row["uid"]) for row in programme.table("rejected")]


@pytest.fixture(scope="module")
def flags(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool | str]:
    """Spelling → what it was read as, or the reason why its row was rejected; of one report, with a row for each."""
    spellings = [*TRUE, *FALSE, *UNKNOWN]
    programme = Programme(tmp_path_factory.mktemp("flags"), LENIENT)
    report = [{"uid": f"m{n}", "is_product_enabled": spelling} for n, spelling in enumerate(spellings)]
    programme.pull(1, report)
    found = programme.column("history", "is_product_enabled") | programme.column("rejected", "reason")
    return {spelling: found[f"m{n}"] for n, spelling in enumerate(spellings)}


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(("flag", "enabled"), [*((flag, True) for flag in TRUE), *((flag, False) for flag in FALSE)])
def test_a_flag_is_read_in_each_spelling(flags: dict[str, bool | str], flag: str, enabled: bool) -> None:
    assert flags[flag] is enabled


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize("flag", UNKNOWN)
def test_any_other_flag_rejects_the_row(flags: dict[str, bool | str], flag: str) -> None:
    assert flags[flag] == "unknown flag"


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    "cells",
    [pa.array([True, False, None]), pa.array([1, 0, 2]), pa.array([1.0, 0.0, 0.5]), pa.array(["yes", "no", None])],
    ids=["boolean", "whole", "double", "text"],
)
def test_a_typed_flag_is_read_too(tmp_path: Path, cells: Any) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"uid": ["a", "b", "c"], "is_product_enabled": cells}), path)
    programme = Programme(tmp_path)
    assert programme.pull(1, path).rejected == 1
    assert programme.column("history", "is_product_enabled") == {"a": True, "b": False}


@pytest.mark.rule("R3.1")
def test_a_flag_in_json_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "typed.ndjson"
    flags = {"a": "true", "b": "false", "c": "1", "d": '"off"', "e": "null"}
    path.write_text("".join(f'{{"uid": "{uid}", "is_product_enabled": {flag}}}\n' for uid, flag in flags.items()))
    programme = Programme(tmp_path)
    programme.pull(1, path)
    assert programme.column("history", "is_product_enabled") == {"a": True, "b": False, "c": True, "d": False}
    assert reasons(programme) == [(5, "unknown flag", "e")]


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize("uid", ["", "  ", "\u00a0", "\u200b\ufeff", "\t"])
def test_a_blank_uid_rejects_the_row(tmp_path: Path, uid: str) -> None:
    programme = Programme(tmp_path)
    outcome = programme.pull(1, [{"uid": uid, "is_product_enabled": "maybe"}, *rows("b+")])
    assert (outcome.rows, outcome.accepted, outcome.rejected) == (2, 1, 1)
    assert reasons(programme) == [(2, "missing uid", None)]


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize("empty", [",,", " ,\u00a0,\t", '"","",""'])
def test_a_row_with_no_value_at_all_is_no_row(tmp_path: Path, empty: str) -> None:
    programme = Programme(tmp_path)
    outcome = programme.pull(1, f"uid,is_product_enabled,note\n{empty}\na,true,\n{empty}\n,,note\n")
    assert (outcome.rows, outcome.accepted, outcome.rejected) == (2, 1, 1)
    assert reasons(programme) == [(5, "missing uid", None)]


@pytest.mark.rule("R3.3")
@pytest.mark.parametrize(
    "again",
    [
        {},
        {"is_product_enabled": "YES"},
        {"gmv": "1,000.00"},
        {"merchant_name": " Alder "},
        {"note": "other columns are not compared"},
        {"uid": " a\u00a0"},
    ],
    ids=str,
)
def test_rows_of_one_uid_that_map_to_the_same_values_count_once(tmp_path: Path, again: dict[str, str]) -> None:
    programme = Programme(tmp_path)
    row = {"uid": "a", "is_product_enabled": "true", "gmv": "1000", "merchant_name": "Alder", "note": "x"}
    outcome = programme.pull(1, [row, row | again, row])
    assert (outcome.rows, outcome.accepted, outcome.rejected) == (3, 1, 0)
    assert programme.uids("history") == ["a"]


@pytest.mark.rule("R3.3")
@pytest.mark.parametrize(
    "again",
    [
        {"is_product_enabled": "false"},
        {"is_product_enabled": "maybe"},
        {"gmv": "1000.01"},
        {"gmv": "?"},
        {"revenue": "5"},
        {"merchant_name": "alder"},
        {"csm_name": "Dana"},
        {"csm_email": "d@x.example"},
        {"region": "EMEA"},
        {"changed_at": "2026-11-01"},
    ],
    ids=str,
)
def test_rows_of_one_uid_that_differ_are_all_rejected(tmp_path: Path, again: dict[str, str]) -> None:
    programme = Programme(tmp_path)
    row: dict[str, object] = {"uid": "a", "is_product_enabled": "true", "gmv": "1000", "merchant_name": "Alder"}
    others = ["revenue", "csm_name", "csm_email", "region", "changed_at"]
    row |= dict.fromkeys(others, "")
    outcome = programme.pull(1, [row, *rows("b+"), row | again, row])
    assert (outcome.rows, outcome.accepted, outcome.rejected) == (4, 1, 3)
    assert reasons(programme) == [(line, "conflicting duplicate", "a") for line in (2, 4, 5)]


@pytest.mark.rule("R3.3")
def test_rows_of_one_uid_with_the_same_unreadable_flag_are_unknown_flags(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    assert programme.pull(1, "a? b+ a?").rejected == 2
    assert [reason for _, reason, _ in reasons(programme)] == ["unknown flag", "unknown flag"]


@pytest.mark.rule("R3.3", "R3.2")
def test_rows_without_a_uid_are_no_duplicates_of_each_other(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "uid,is_product_enabled\n,true\n,false\nb,true\n")
    assert [reason for _, reason, _ in reasons(programme)] == ["missing uid", "missing uid"]


@pytest.mark.rule("R3.4")
@pytest.mark.parametrize("product", ["", 'vanished = "churn"'])
@pytest.mark.parametrize("report", ["a? other+", "a+ a- other+"])
@pytest.mark.parametrize("before", ["a+", "a-"])
def test_an_account_whose_rows_were_all_rejected_stays_as_it_was(
    tmp_path: Path, product: str, report: str, before: str
) -> None:
    programme = Programme(tmp_path, product=product)
    programme.pull(1, rows(f"{before} other+", a={"region": "EMEA"}))
    row = programme.row("history", "a")
    outcome = programme.pull(2, report)
    assert (outcome.missing, outcome.churned, outcome.won) == (0, 0, 0)
    assert programme.row("history", "a") == row
    assert row["in_last_report"] is True


@pytest.mark.rule("R3.4", "R2.5")
def test_a_listed_account_whose_rows_were_rejected_is_not_back(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product='mode = "presence"')
    programme.pull(1, "a other")
    outcome = programme.pull(2, rows("a a other", a={"gmv": "1"}) + rows("a", a={"gmv": "2"}))
    assert (outcome.rejected, outcome.won, outcome.missing) == (3, 0, 0)
    assert programme.uids("at_risk") == ["a", "other"]


@pytest.mark.rule("R3.6")
def test_rejected_rows_are_kept_with_pull_line_reason_and_content(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    text = 'uid,is_product_enabled,Note\na,true,"two\nlines"\nb,maybe,"x, ""y"""\n,true,z\nb2,true,\n'
    second = programme.pull(2, text)
    assert programme.table("rejected") == [
        {
            "pull_id": second.pull_id,
            "product": "payments",
            "line": line,
            "reason": reason,
            "uid": uid,
            "content": content,
        }
        for line, reason, uid, content in (
            (4, "unknown flag", "b", '{"uid":"b","is_product_enabled":"maybe","Note":"x, \\"y\\""}'),
            (5, "missing uid", None, '{"uid":null,"is_product_enabled":"true","Note":"z"}'),
        )
    ]


@pytest.mark.rule("R3.6")
@pytest.mark.many_pulls
def test_rejected_rows_of_every_pull_are_kept_held_ones_too(tmp_path: Path) -> None:
    programme = Programme(tmp_path, workspace="keep = 2")
    for number in range(1, 6):
        programme.pull(number, f"a+ b{number}?")
    held = programme.pull(6, "c?")
    assert held.status == "held"
    assert programme.uids("rejected") == ["b1", "b2", "b3", "b4", "b5", "c"]
    assert programme.uids("rejected", pull=held.pull_id) == ["c"]
    programme.reject(held)
    assert programme.uids("rejected", pull=held.pull_id) == ["c"]


@pytest.mark.rule("R3.6")
def test_a_line_that_is_not_known_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"uid": ["a", "b"], "is_product_enabled": ["maybe", "yes"]}), path)
    programme = Programme(tmp_path)
    programme.pull(1, path)
    assert reasons(programme) == [(None, "unknown flag", "a")]


@pytest.mark.rule("R3.7")
@pytest.mark.parametrize(
    ("product", "header", "lacks"),
    [
        ("", "ID,is_product_enabled", "'uid'"),
        ("", "uid,enabled", "'is_product_enabled'"),
        ("columns.gmv = 'GMV (USD)'", "uid,is_product_enabled", "'GMV \\(USD\\)'"),
        ("columns.region = ['Region', 'Zone']", "uid,is_product_enabled", "'Region' or 'Zone'"),
        ('mode = "presence"', "ID,Name", "'uid'"),
    ],
)
def test_a_mapped_column_that_is_lacking_is_an_error_that_names_those_there_are(
    tmp_path: Path, product: str, header: str, lacks: str
) -> None:
    programme = Programme(tmp_path, product=product)
    with pytest.raises(ReportRefused, match=f"no column {lacks} .* it has: {header.replace(',', ', ')}"):
        programme.pull(1, f"{header}\na,true\n")
    assert programme.table("pulls") == programme.table("history") == []


@pytest.mark.rule("R3.7")
def test_columns_are_found_in_any_case_with_blanks_around_and_under_the_first_name_that_is_there(
    tmp_path: Path,
) -> None:
    programme = Programme(tmp_path, product="columns.gmv = ['Volume', 'GMV']")
    programme.pull(1, "\ufeff Uid ,IS_PRODUCT_ENABLED,gmv\u00a0,GMV II\na,true,5,6\n")
    assert programme.row("history", "a")["gmv"] == 5
    assert programme.row("history", "a")["GMV II"] == "6"


@pytest.mark.rule("R3.7")
@pytest.mark.parametrize("product", ["", "columns.currency = 'CUR'"])
def test_several_currencies_are_an_error_and_one_is_not(tmp_path: Path, product: str) -> None:
    programme = Programme(tmp_path, product=product)
    column = "CUR" if product else "currency"
    programme.pull(1, rows("a+ b+ c+", a={column: "USD"}, b={column: " USD "}))
    before = programme.everything()
    with pytest.raises(ReportRefused, match=r"2 currencies.*EUR and USD"):
        programme.pull(2, rows("a- b+ c+", a={column: "USD"}, b={column: "EUR"}))
    assert programme.everything() == before


@pytest.mark.rule("R3.7")
@pytest.mark.parametrize(
    ("ahead", "refused"), [(timedelta(days=1), False), (timedelta(days=1, seconds=1), True)], ids=str
)
def test_a_moment_more_than_a_day_ahead_is_an_error(tmp_path: Path, ahead: timedelta, refused: bool) -> None:
    programme = Programme(tmp_path)
    if not refused:
        assert programme.pull(day(1) + ahead, "a+", now=1).status == "applied"
        return
    with pytest.raises(ReportRefused, match="more than a day ahead"):
        programme.pull(day(1) + ahead, "a+", now=1)
    assert programme.table("pulls", at=9) == []


@pytest.mark.rule("R3.7", "R3.15")
@pytest.mark.parametrize("report", ["uid,enabled\na,no\n", accounts(3, "")])
def test_a_refused_report_changes_nothing(tmp_path: Path, report: Report) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b-")
    before = programme.everything()
    files = sorted(path.name for path in (tmp_path / "data").rglob("*"))
    with pytest.raises(ReportRefused):
        programme.pull(2, report)
    assert programme.everything() == before
    assert sorted(path.name for path in (tmp_path / "data").rglob("*")) == files

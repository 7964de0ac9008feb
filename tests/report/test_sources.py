"""Which file is the report: a file, the newest of a folder or glob, or the one whose name has the newest date."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from winback.errors import ReportRefused
from winback.report.sources import Source, date_of, dated_reports, find_report

MADRID = ZoneInfo("Europe/Madrid")
MIDNIGHT = dt.time(0)
ENDINGS = ".csv, .tsv, .txt, .json, .ndjson, .jsonl, .parquet, .xlsx"
EXPECTED = f"expected a file that ends in one of {ENDINGS}; in .txt only where the pattern does, as in *.txt"


def touch(path: Path, age: int = 0) -> Path:
    """A file that was changed so many seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("uid\na\n", encoding="utf-8")
    then = dt.datetime(2026, 11, 3, tzinfo=dt.UTC).timestamp() - age
    os.utime(path, (then, then))
    return path


def found(pattern: Path | str) -> Path:
    return find_report(str(pattern), MADRID, MIDNIGHT).path


def refusal(pattern: Path | str) -> str:
    with pytest.raises(ReportRefused) as error:
        find_report(str(pattern), MADRID, MIDNIGHT)
    return str(error.value)


def test_a_file_is_itself_and_tells_no_moment(tmp_path: Path) -> None:
    path = touch(tmp_path / "report.csv")
    assert find_report(str(path), MADRID, MIDNIGHT) == Source(path, None)


@pytest.mark.parametrize(
    "name",
    [
        "report (1).csv",
        "report[1].csv",
        "re*port?.csv",
        "it's.csv",
        'a "quoted" one.csv',
        "-o.csv",
        "Zahlungen Ä.csv",
        "semi;colon.csv",
        "percent%20.csv",
        "dollar$x.csv",
        "{braces}.csv",
        "line\nbreak.csv",
    ],
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = touch(tmp_path / name)
    assert found(path) == path


def test_the_newest_report_of_a_folder(tmp_path: Path) -> None:
    touch(tmp_path / "a.csv", age=20)
    newest = touch(tmp_path / "b.tsv", age=10)
    touch(tmp_path / "c.csv", age=30)
    assert found(tmp_path) == newest
    assert found(f"{tmp_path}/") == newest


def test_of_two_of_the_same_age_the_last_by_name(tmp_path: Path) -> None:
    touch(tmp_path / "payments_1.csv")
    last = touch(tmp_path / "payments_1.csv.gz")
    assert found(tmp_path) == last


def test_a_folder_holds_other_things_too(tmp_path: Path) -> None:
    report = touch(tmp_path / "report.CSV", age=50)
    for name in (
        "notes.txt",
        ".hidden.csv",
        "report.csv.part",
        "report",
        "report.csv.zip",
        "old/older.csv",
        "~$open.xlsx",
    ):
        touch(tmp_path / name)
    (tmp_path / "folder.csv").mkdir()
    assert found(tmp_path) == report


def test_a_folder_without_a_report(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")
    assert refusal(tmp_path) == f"no report in {tmp_path}: {EXPECTED}"


def test_the_newest_of_a_glob(tmp_path: Path) -> None:
    touch(tmp_path / "payments_b.csv", age=20)
    newest = touch(tmp_path / "payments_a.csv", age=10)
    touch(tmp_path / "refunds.csv")
    assert found(tmp_path / "payments_*.csv") == newest
    assert found(tmp_path / "payments_[ab].csv") == newest


def test_a_glob_means_reports_not_folders_or_other_files(tmp_path: Path) -> None:
    report = touch(tmp_path / "payments_1.csv", age=20)
    touch(tmp_path / "payments_notes.txt", age=5)
    (tmp_path / "payments_old").mkdir()
    assert found(tmp_path / "payments_*") == report


@pytest.mark.parametrize("name", ["payments.txt", "payments.TXT.gz"])
def test_a_text_is_a_report_where_the_pattern_says_so(tmp_path: Path, name: str) -> None:
    """Else it may be notes beside the reports."""
    report = touch(tmp_path / name, age=5)
    other = touch(tmp_path / "payments.csv", age=20)
    assert found(report) == report
    assert found(f"{tmp_path}/*{name.removeprefix('payments')}") == report
    assert found(tmp_path) == found(f"{tmp_path}/payments*") == other


def test_a_glob_without_a_report(tmp_path: Path) -> None:
    assert refusal(tmp_path / "*.csv") == f"no report in {tmp_path}/*.csv: {EXPECTED}"


def test_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    assert refusal(path) == f"no report at {path}: expected a file, a folder, a glob or a name with {{date}}"


def test_a_link_to_nowhere_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "link.csv"
    path.symlink_to(tmp_path / "gone.csv")
    assert refusal(path).startswith(f"no report at {path}")


@pytest.mark.rule("R1.3")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-03", "2026-11-02T23:00:00Z"),
        ("20261103", "2026-11-02T23:00:00Z"),
        ("2026-07-03", "2026-07-02T22:00:00Z"),
        ("2026-11-03T09", "2026-11-03T08:00:00Z"),
        ("2026-11-03T0900", "2026-11-03T08:00:00Z"),
        ("2026-11-03T09:00", "2026-11-03T08:00:00Z"),
        ("2026-11-03T09:00:30", "2026-11-03T08:00:30Z"),
        ("2026-11-03T090030", "2026-11-03T08:00:30Z"),
        ("20261103T0900", "2026-11-03T08:00:00Z"),
        ("20261103T090000Z", "2026-11-03T09:00:00Z"),
        ("2026-11-03T09:00:00Z", "2026-11-03T09:00:00Z"),
        ("2026-11-03T0900+0200", "2026-11-03T07:00:00Z"),
        ("2026-11-03T09:00:00-05:00", "2026-11-03T14:00:00Z"),
    ],
)
def test_the_date_in_a_name(tmp_path: Path, written: str, meant: str) -> None:
    path = touch(tmp_path / f"payments_{written}.csv")
    source = find_report(f"{tmp_path}/payments_{{date}}.csv", MADRID, MIDNIGHT)
    assert source == Source(path, dt.datetime.fromisoformat(meant))


@pytest.mark.rule("R1.3")
def test_a_bare_date_is_that_day_at_the_products_time(tmp_path: Path) -> None:
    at = date_of("p_2026-11-03.csv", "p_{date}.csv", MADRID, dt.time(7, 30))
    assert at == dt.datetime(2026, 11, 3, 6, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "name",
    [
        "payments_.csv",
        "payments_yesterday.csv",
        "payments_2026-13-01.csv",
        "payments_2026-02-30.csv",
        "payments_2026-11-3.csv",
        "payments_2026-11-03 (1).csv",
        "payments_2026-11-03.csv.bak",
        "payments_2026-11-03xcsv",
        "old_payments_2026-11-03.csv",
        "payments_٢٠٢٦-١١-٠٣.csv",
    ],
)
def test_other_names_are_no_dated_reports(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name)
    assert refusal(f"{tmp_path}/payments_{{date}}.csv") == (
        f"no report fits {tmp_path}/payments_{{date}}.csv:"
        " {date} stands for a date such as 2026-11-03 or 20261103T0900"
    )


def test_dated_reports_come_oldest_first_whatever_their_age_on_disk(tmp_path: Path) -> None:
    for age, written in enumerate(("2026-11-03", "20261104T0600Z", "2025-12-31", "2026-11-03T1200")):
        touch(tmp_path / f"p_{written}.csv", age)
    reports = dated_reports(f"{tmp_path}/p_{{date}}.csv", MADRID, MIDNIGHT)
    assert [source.path.stem for source in reports] == [
        "p_2025-12-31",
        "p_2026-11-03",
        "p_2026-11-03T1200",
        "p_20261104T0600Z",
    ]
    assert found(f"{tmp_path}/p_{{date}}.csv") == reports[-1].path


def test_the_date_may_stand_anywhere_and_beside_a_glob(tmp_path: Path) -> None:
    touch(tmp_path / "2026-11-01" / "payments_eu.csv.gz")
    newest = touch(tmp_path / "2026-11-02" / "payments_us.csv.gz")
    assert found(f"{tmp_path}/{{date}}/payments_*.csv.gz") == newest


@pytest.mark.parametrize("folder", ["plain", "with blank", "[2026] reports", "a*b", "what?", "it's", "a.b+c"])
def test_the_folder_of_dated_reports_may_have_any_name(tmp_path: Path, folder: str) -> None:
    path = touch(tmp_path / folder / "p_2026-11-03.csv")
    assert found(f"{tmp_path / folder}/p_{{date}}.csv") == path


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"),
        ("a.CSV.GZ", "csv"),
        ("a.b.tsv.zst", "tsv"),
        ("a.txt", "csv"),
        ("a.TXT.gz", "csv"),
        ("a.ndjson", "ndjson"),
        ("a.jsonl.gz", "ndjson"),
        ("a.json", "json"),
        ("a.JSON.zst", "json"),
        ("a.xlsx", "xlsx"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_form_is_told_by_the_ending(name: str, form: str) -> None:
    assert Source(Path(name)).form == form


@pytest.mark.parametrize("name", ["a", "a.text", "a.xls", "a.csv.zip", ".csv", "a.gz"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(ReportRefused) as error:
        _ = Source(Path(name)).form
    assert str(error.value).endswith(f"expected one of {ENDINGS}; text also as .gz or .zst")


@pytest.mark.parametrize(("name", "said"), [("a.xlsx.gz", ".xlsx is"), ("a.parquet.zst", ".parquet is")])
def test_what_is_packed_in_itself_is_not_packed_again(name: str, said: str) -> None:
    with pytest.raises(ReportRefused, match=said + r" packed in itself: unpack the \.(gz|zst)$"):
        _ = Source(Path(name)).form

"""Broken reports of every kind are refused or held: one clear line, and nothing has changed."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import backing
from tests.backing import Backing
from tests.workspaces import COLUMNS, NEVER_LOST, Place, Ran, account, accounts, changed, csv_text, stored

HEADER = ",".join(COLUMNS)
GOOD = csv_text(accounts(30, {1, 2}))
LINE = "m{},Merchant,Dana Ortiz,EMEA,1200.50,99.90,true\n"


def lines(*broken: str) -> str:
    """A good report of 30 rows, the broken lines after line 11."""
    good = GOOD.splitlines(keepends=True)
    return "".join([*good[:11], *(f"{line}\n" for line in broken), *good[11:]])


def parquet(rows: list[dict[str, object]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


@dataclass(frozen=True)
class Broken:
    """`said`: the one line; `name`: its place is taken by {name}."""

    content: str | bytes
    said: str
    ending: str = ".csv"


LOGIN = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in</body></html>"
WEB_PAGE = "{name} is a web page, not a report (a sign-in page, perhaps): expected a header and rows"
NO_ROWS_OF_JSON = "{name}: expected one JSON object a line, or one array of objects; found "
NOT_TEXT = (
    "{name} is not text: expected UTF-8; where it is UTF-16 without its mark, set"
    ' products.payments.encoding = "utf-16-le"'
)
NOT_UTF_8 = (
    "the text is not UTF-8; save the report as UTF-8, or say how all of it is written, such as"
    ' products.payments.encoding = "cp1252"'
)
REFUSED = {
    "empty": Broken("", "{name} is empty: expected a report with a header"),
    "empty gz": Broken(gzip.compress(b""), "{name} is empty: expected a report with a header", ".csv.gz"),
    "truncated gz": Broken(
        gzip.compress(GOOD.encode())[:-40],
        "{name} can't be unpacked: Compressed file ended before the end-of-stream marker was reached; is the file"
        " complete?",
        ".csv.gz",
    ),
    "no gz at all": Broken(
        GOOD, "{name} can't be unpacked: Not a gzipped file (b'UI'); is the file complete?", ".csv.gz"
    ),
    "binary": Broken(
        bytes(range(256)) * 20, "{name}: line 1: a NUL byte is not text: expected UTF-8; is the file damaged?"
    ),
    "a NUL byte": Broken(
        lines("m99,Mer\0chant,Dana Ortiz,EMEA,1,1,true"),
        "{name}: line 12: a NUL byte is not text: expected UTF-8; is the file damaged?",
    ),
    "spreadsheet": Broken(
        b"PK\x03\x04\x14\0\x06\0\x08\0" + bytes(range(200)),
        "{name} is not text: it begins as a .xlsx file does; should its name end so?",
    ),
    "login page": Broken(LOGIN, WEB_PAGE),
    "login page after blank lines": Broken("\r\n  " + LOGIN, WEB_PAGE),
    "login page with a mark": Broken("\ufeff" + LOGIN, WEB_PAGE),
    "login page as NDJSON": Broken(LOGIN, WEB_PAGE, ".ndjson"),
    "login page as Parquet": Broken(LOGIN, WEB_PAGE, ".parquet"),
    "utf-16 without its mark": Broken(GOOD.encode("utf-16-le"), NOT_TEXT),
    "cut off utf-16": Broken(
        GOOD.encode("utf-16")[:-1],
        "{name}: line 31: the text is not UTF-16, as the mark at its beginning says; is the file complete? If the mark"
        " is wrong, save the report without it, and set products.payments.encoding to how it is written",
    ),
    "latin-1 header": Broken(
        GOOD.replace("Region", "Région").encode("latin-1"),
        "{name}: line 1: " + NOT_UTF_8,
    ),
    "latin-1 rows": Broken(
        lines("m99,Müller,Dana,EMEA,1,1,true").encode("latin-1"),
        "{name}: line 12: " + NOT_UTF_8,
    ),
    "too many cells": Broken(
        lines("m99,Müller, Söhne,Dana,EMEA,1,1,true"),
        "{name}: line 12: expected 7 columns as in the header, found 8",
    ),
    "too few cells": Broken(lines("m99,Müller"), "{name}: line 12: expected 7 columns as in the header, found 2"),
    "too many cells in the only row": Broken(
        f"{HEADER}\na,b,c,d,1,1,true,x\n", "{name}: line 2: expected 7 columns as in the header, found 8"
    ),
    "unterminated quote": Broken(
        lines('m99,"Müller,Dana,EMEA,1,1,true'),
        "{name}: line 12: a quoted value does not end; is the file complete?",
    ),
    "unterminated quote in the header": Broken(
        '"UID,Merchant\na,b\n', "{name}: the header can't be read: unexpected end of data"
    ),
    "cut off in the middle of a row": Broken(
        GOOD[:-30],
        "{name}: line 31: expected 7 columns as in the header, found 3, and it is the last line: is the file complete?",
    ),
    "mixed ends of lines": Broken(
        GOOD.replace("\n", "\r\n", 3),
        "{name}: a quoted value does not end, or the line ends are mixed (LF and CRLF; line 4 ends otherwise than line"
        " 1); is the file complete?",
    ),
    "a line without an end": Broken(
        gzip.compress(b"x" * 5_000_000),
        "{name}: a name in the header has more than 131,072 characters: is a quoted value open, or is this no report?",
        ".csv.gz",
    ),
    "blank first line": Broken("\n" + GOOD, "{name}: the first line is blank; expected the names of the columns"),
    "wrong columns": Broken(
        "Account,Name,Status\na,b,true\n",
        "the report has no column 'UID' for uid; it has: Account, Name, Status. Set products.payments.columns.uid",
    ),
    "no header": Broken(
        "".join(GOOD.splitlines(keepends=True)[1:]),
        "the report has no column 'UID' for uid; it has: m0, Merchant m0, Dana Ortiz, EMEA, 1200.50, 99.90, True."
        " Set products.payments.columns.uid",
    ),
    "no flag": Broken(
        "UID,Merchant,CSM,Region,GMV,Revenue\na,b,c,d,1,1\n",
        "the report has no column 'Enabled' for is_product_enabled; it has: UID, Merchant, CSM, Region, GMV, Revenue."
        " Set products.payments.columns.is_product_enabled",
    ),
    "duplicated columns": Broken(
        f"{HEADER}, uid\n" + LINE.format(1).strip() + ",x\n",
        "the report has several columns 'UID': rename all but one",
    ),
    "JSON array of other things": Broken(
        '[{"UID": "a"},\n 7]\n', "{name}: expected an array of JSON objects, found something else among them", ".json"
    ),
    "JSON lines of other things": Broken(
        '{"UID": "a"}\n[]\n', "{name}: expected one JSON object a line, found something else among them", ".json"
    ),
    "JSON document": Broken(
        '{\n  "rows": [\n    {"UID": "a"}\n  ]\n}\n',
        NO_ROWS_OF_JSON + "a document over several lines",
        ".json",
    ),
    "JSON text": Broken('"abc"', NO_ROWS_OF_JSON + "'\"abc\"'", ".json"),
    "cut off JSON array": Broken(
        '[{"UID": "a", "Enabled": true}, {"UID": "b", "En',
        "{name}: the JSON breaks off or is wrong after 1 objects; is the file complete?",
        ".json",
    ),
    "text as a workbook": Broken(
        GOOD,
        "{name}: not a workbook (.xlsx), or not complete: File is not a zip file",
        ".xlsx",
    ),
    "cut off JSON": Broken(
        '{"UID": "a", "Enabled": true}\n{"UID": "b", "En',
        "{name}: line 3: this is not a JSON object; is the file complete?",
        ".ndjson",
    ),
    "empty Parquet": Broken("", "{name} is empty: expected a report with a header", ".parquet"),
    "text as Parquet": Broken(GOOD, "{name} is not a Parquet file, or not complete", ".parquet"),
    "cut off Parquet": Broken(
        parquet([{"UID": "a"}])[:-20], "{name} is not a Parquet file, or not complete", ".parquet"
    ),
    "Parquet with other columns": Broken(
        parquet([{"Account": "a"}]),
        "the report has no column 'UID' for uid; it has: Account. Set products.payments.columns.uid",
        ".parquet",
    ),
}


@pytest.fixture(scope="module")
def start(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two pulls, a case and messages."""
    place = Place(tmp_path_factory.mktemp("start") / "place", NEVER_LOST)
    place.write("2024-03-01", accounts(30, {1, 2}))
    place.done("pull")
    place.write("2024-03-02", accounts(30, {1, 3}))
    place.done("pull")
    for report in place.reports.iterdir():
        report.unlink()
    return place.folder


@pytest.fixture
def place(start: Path, tmp_path: Path) -> Place:
    """Its report is of any kind."""
    backing.copy_workspace(start, tmp_path / "place")
    return Place(tmp_path / "place", NEVER_LOST, report="reports/payments_{date}.*")


def refused(place: Place, *arguments: str) -> str:
    """What a refused pull says, once it is shown that nothing has changed."""
    before = stored(place.folder)
    ran = place.run("pull", *arguments)
    assert (ran.status, ran.out) == (1, ""), ran
    assert changed(before, stored(place.folder)) == set()
    return ran.line


@pytest.mark.rule("R3.7")
@pytest.mark.parametrize("name", REFUSED)
def test_refused(place: Place, name: str) -> None:
    broken = REFUSED[name]
    path = place.write_text("2024-03-03", broken.content, broken.ending)
    assert refused(place) == broken.said.replace("{name}", path.name)


@pytest.mark.rule("R3.7")
def test_a_refusal_of_the_first_report_leaves_nothing_behind(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write_text("2024-03-03", LOGIN)
    before = stored(place.folder)
    ran = place.run("pull")
    assert (ran.status, ran.line) == (1, REFUSED["login page"].said.replace("{name}", "payments_2024-03-03.csv"))
    after = stored(place.folder)
    assert changed(before, after) <= {"files"}
    assert set(after["files"].values()) <= {"folder"}
    assert "payments/" not in "".join(after["files"])


@pytest.mark.rule("R3.7")
def test_several_currencies(place: Place) -> None:
    place.set(NEVER_LOST + '[products.payments.columns]\nuid = "UID"\nis_product_enabled = "Enabled"\n')
    rows = [("a", 1, "USD"), ("b", 1, " EUR "), ("c", 1, ""), ("d", 1, "USD")]
    place.write_text("2024-03-03", csv_text(rows, ("UID", "Enabled", "Currency")))
    assert refused(place) == (
        "the report has amounts in 2 currencies, EUR and USD among them: expected one; make it a product for each"
    )


@pytest.mark.rule("R3.7")
def test_a_moment_more_than_a_day_ahead(place: Place) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=1, hours=1)
    place.write(f"{ahead:%Y-%m-%dT%H%MZ}", accounts(30, {1, 3}))
    said = refused(place)
    assert said.startswith(f"{ahead:%Y-%m-%dT%H:%M}:00Z is more than a day ahead of now, ")
    assert said.endswith(": check the date of the report, and this machine's clock")
    path = place.write("today", accounts(30, {1, 3}))
    assert "is more than a day ahead of now" in refused(place, "--report", str(path), "--at", "2199-01-01")


def test_no_report_there(place: Place) -> None:
    assert refused(place).startswith("no report fits ")
    assert refused(place, "--report", "nowhere.csv").startswith("no report at ")


def test_a_folder_instead_of_a_file(place: Place) -> None:
    (place.reports / "payments_2024-03-03.csv").mkdir()
    assert refused(place).startswith("no report fits ")
    assert refused(place, "--report", str(place.reports)).startswith("no report in ")


def test_a_link_to_nowhere(place: Place) -> None:
    (place.reports / "payments_2024-03-03.csv").symlink_to("gone.csv")
    assert "payments_" in refused(place)


def test_a_report_that_can_not_be_opened(place: Place) -> None:
    """A link that leads to itself can't be opened by anybody, whatever their rights."""
    path = place.reports / "payments_2024-03-03.csv"
    path.symlink_to(path.name)
    assert "payments_" in refused(place)
    assert path.name in refused(place, "--report", str(path))


def held(place: Place) -> Ran:
    """A held pull, once it is shown that but the pull itself nothing has changed."""
    before = stored(place.folder)
    ran = place.run("pull")
    assert (ran.status, ran.err) == (3, ""), ran
    after = stored(place.folder)
    assert changed(before, after) <= {"pulls", "files"}
    assert after["pulls"][: len(before["pulls"])] == before["pulls"]
    assert before["files"].items() <= after["files"].items()
    (pull,) = after["pulls"][len(before["pulls"]) :]
    assert "held" in pull
    return ran


def because(ran: Ran) -> list[str]:
    lines = (line.strip() for line in ran.out.splitlines())
    return [line.removeprefix("held because: ") for line in lines if line.startswith("held because: ")]


def all_flags(flag: object) -> str:
    return csv_text([account(f"m{number}", flag) for number in range(30)])


def groups(share: str) -> list[str]:
    said = f"that churned or went missing: {share} %, limit 50 %)"
    return [f"accounts of CSM Dana Ortiz {said}", f"accounts of region EMEA {said}"]


NO_ROWS = ["the report has no rows"]
ALL_CHURNED = [
    "accounts enabled in the last report that churned: 28 of 28 (100.0 %, limit 10 %)",
    *groups("28 of 28 (100.0"),
]
HELD = {
    "header only": (HEADER + "\n", NO_ROWS),
    "header only, without an end": (HEADER, NO_ROWS),
    "header and blank lines": (HEADER + "\n\n,,,,,,\n\n", NO_ROWS),
    "all rows rejected": (all_flags("perhaps"), ["no row of the report could be accepted (30 rejected)"]),
    "no UIDs": (
        csv_text([("", *row[1:]) for row in accounts(30)]),
        ["no row of the report could be accepted (30 rejected)"],
    ),
    "everything twice, differently": (
        GOOD + GOOD.split("\n", 1)[1].replace("EMEA", "APAC"),
        ["no row of the report could be accepted (60 rejected)"],
    ),
    "all flags flipped": (csv_text(accounts(30, set(range(30)) - {1, 3})), ALL_CHURNED),
    "all flags off": (all_flags(False), ALL_CHURNED),
    "half of the report": (
        csv_text(accounts(15, {1, 3})),
        [
            "accounts of the last report that are not in this one: 15 of 30 (50.0 %, limit 20 %)",
            *groups("15 of 28 (53.6"),
        ],
    ),
    "other keys": (
        GOOD.replace("\nm", "\nM-"),
        [
            "accounts of the last report that are not in this one: 30 of 30 (100.0 %, limit 20 %)",
            *groups("28 of 28 (100.0"),
        ],
    ),
}


@pytest.mark.rule("R3.8", "R3.9", "R3.10", "R3.11")
@pytest.mark.parametrize("name", HELD)
def test_held(place: Place, name: str) -> None:
    text, reasons = HELD[name]
    place.write_text("2024-03-03", text)
    assert because(held(place)) == reasons

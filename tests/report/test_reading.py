"""Every kind of report, plain and packed, is understood alike."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.report.reports import ndjson, product, read, read_text, written
from winback.errors import ReportRefused
from winback.report.engine.duckdb import DuckDB
from winback.report.mapping import map_columns
from winback.report.reading import open_report
from winback.report.sources import Source

ROWS: list[dict[str, str | None]] = [
    {"uid": "007", "is_product_enabled": "true", "merchant_name": "Müller, Söhne", "gmv": "1234.50", "Plan": "Gold"},
    {"uid": "7", "is_product_enabled": "false", "merchant_name": 'The "Best"', "gmv": "0.10", "Plan": "NA"},
    {"uid": "x-1", "is_product_enabled": "true", "merchant_name": "東京", "gmv": None, "Plan": None},
]


def delimited(sign: str) -> str:
    stream = io.StringIO()
    for row in [dict.fromkeys(ROWS[0]), *ROWS]:
        cells = row.values() if any(row.values()) else row.keys()
        stream.write(sign.join('"{}"'.format((cell or "").replace('"', '""')) for cell in cells) + "\n")
    return stream.getvalue()


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), stream)
    return stream.getvalue()


FORMS = {
    "report.csv": delimited(","),
    "report.tsv": delimited("\t"),
    "semicolons.csv": delimited(";"),
    "tabs.csv": delimited("\t"),
    "bars.csv": delimited("|"),
    "report.ndjson": ndjson(ROWS),
    "report.jsonl": ndjson(ROWS),
    "mark.csv": "\ufeff" + delimited(","),
    "returns.csv": delimited(",").replace("\n", "\r\n"),
    "no_end.csv": delimited(",").rstrip("\n"),
    "blank_lines.csv": delimited(",").replace("\n", "\n\n") + "\n\n",
}


NAMES = ["report.parquet", *(name + packed for name in FORMS for packed in ("", ".gz", ".zst"))]


@pytest.mark.parametrize("name", NAMES)
def test_all_forms_say_the_same(tmp_path: Path, name: str) -> None:
    found = read_text(tmp_path, FORMS.get(name.removesuffix(".gz").removesuffix(".zst")) or parquet(), name)
    assert found.column("uid") == ["007", "7", "x-1"]
    assert found.column("is_product_enabled") == [True, False, True]
    assert found.column("merchant_name") == ["Müller, Söhne", 'The "Best"', "東京"]
    assert found.column("gmv") == [Decimal("1234.5000"), Decimal("0.1000"), None]
    assert [others.get("Plan") or None for others in found.others] == ["Gold", "NA", None]
    assert (found.checked.rows, found.checked.accepted, found.checked.rejected) == (3, 3, 0)
    assert found.checked.other_columns == ("Plan",)


def test_the_same_rows_have_the_same_fingerprint_in_every_form(tmp_path: Path) -> None:
    forms = FORMS | {"report.parquet": parquet()}
    assert len({read_text(tmp_path, text, name).checked.fingerprint for name, text in forms.items()}) == 1


def test_a_set_delimiter_counts(tmp_path: Path) -> None:
    found = read_text(tmp_path, "uid#is_product_enabled#a,b;c\n1#yes#x\n", delimiter="#")
    assert found.column("uid") == ["1"]
    assert found.others == [{"a,b;c": "x"}]


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize("uid", ["007", "1e5", "0x10", "2026-11-03", "1.10", "+1", "true", "NULL", "NaN", "-", "1_000"])
def test_text_stays_text(tmp_path: Path, uid: str) -> None:
    found = read_text(tmp_path, f"uid,is_product_enabled,Other\n{uid},1,{uid}\n")
    assert found.column("uid") == [uid]
    assert found.others == [{"Other": uid}]


def test_cells_with_line_breaks_delimiters_and_quotes(tmp_path: Path) -> None:
    text = 'uid,is_product_enabled,merchant_name,Note\r\na,1,"Two\nlines, ""quoted""","\r\nx"\r\nb,0,Plain,\r\n'
    found = read_text(tmp_path, text)
    assert found.column("merchant_name") == ['Two\nlines, "quoted"', "Plain"]
    assert found.others[0]["Note"] == "\r\nx"


@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_quoted_header_may_hold_line_breaks_and_delimiters(tmp_path: Path, inside: str, end: str) -> None:
    found = read_text(tmp_path, f'uid,is_product_enabled,"Plan,{inside}now"{end}a,1,Gold{end}')
    assert found.others == [{f"Plan,{inside}now": "Gold"}]


@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r\n", "\n")], ids=["LF first", "CRLF first"])
def test_mixed_line_ends_are_named(tmp_path: Path, ends: tuple[str, str]) -> None:
    first, second = ends
    text = f'uid,is_product_enabled,Note{first}a,1,"x"{second}b,1,"y"{first}c,1,z{second}'
    with pytest.raises(ReportRefused, match=r"line ends are mixed \(LF and CRLF; line 2 ends "):
        read_text(tmp_path, text)


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize("line", ["", ",,", " , ,", '"","",""', "\u00a0,\u200b,"])
def test_rows_without_any_value_are_none(tmp_path: Path, line: str) -> None:
    found = read_text(tmp_path, f"uid,is_product_enabled,Plan\na,1,x\n{line}\nb,0,y\n{line}\n")
    assert (found.checked.rows, found.checked.rejected) == (2, 0)


@pytest.mark.rule("R3.6")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rejected_rows_have_line_reason_and_content(tmp_path: Path, end: str) -> None:
    lines = ["uid,is_product_enabled,Note", "a,1,fine", 'b,maybe,"two', 'lines"', ",1,nobody", "c,0,fine"]
    found = read_text(tmp_path, end.join(lines) + end)
    assert [(row["line"], row["reason"], row["uid"]) for row in found.rejected] == [
        (3, "unknown flag", "b"),
        (5, "missing uid", None),
    ]
    assert json.loads(found.rejected[0]["content"])["is_product_enabled"] == "maybe"
    assert json.loads(found.rejected[1]["content"])["Note"] == "nobody"


@pytest.mark.rule("R3.6")
def test_a_line_number_is_right_or_not_there(tmp_path: Path) -> None:
    """Blank lines are passed over, and would shift the numbers."""
    found = read_text(tmp_path, "uid,is_product_enabled\na,1\n\n\nb,maybe\n")
    assert [row["line"] for row in found.rejected] in ([5], [None])


@pytest.mark.rule("R3.6")
def test_a_rejected_line_of_ndjson_is_numbered_from_one(tmp_path: Path) -> None:
    found = read_text(tmp_path, '{"uid": "a", "is_product_enabled": 1}\n{"uid": "b"}\n', "report.ndjson")
    assert [(row["line"], row["reason"]) for row in found.rejected] == [(2, "unknown flag")]


@pytest.mark.parametrize(
    ("name", "other"), [("a*.csv", "ab.csv"), ("a[b].csv", "ab.csv"), ("a?.ndjson", "ab.ndjson"), ("**.csv", "b.csv")]
)
def test_only_the_file_itself_is_read(tmp_path: Path, name: str, other: str) -> None:
    """Its name is no pattern."""
    text = FORMS["report.ndjson" if name.endswith("ndjson") else "report.csv"]
    written(tmp_path, text * 2, other)
    assert read_text(tmp_path, text, name).checked.rows == 3


@pytest.mark.parametrize("name", ["a*.parquet", "a[b].parquet"])
def test_only_the_parquet_file_itself_is_read(tmp_path: Path, name: str) -> None:
    pq.write_table(pa.Table.from_pylist([{"uid": "other", "is_product_enabled": "1"}]), tmp_path / "ab.parquet")
    assert read_text(tmp_path, parquet(), name).column("uid") == ["007", "7", "x-1"]


def test_a_long_header_and_many_columns(tmp_path: Path) -> None:
    names = [f"column number {place}" for place in range(1500)]
    text = ",".join(["uid", "is_product_enabled", *names]) + "\n" + ",".join(["a", "1", *map(str, range(1500))]) + "\n"
    found = read_text(tmp_path, text)
    assert found.others == [{name: str(place) for place, name in enumerate(names)}]


def test_a_long_cell(tmp_path: Path) -> None:
    found = read_text(tmp_path, f"uid,is_product_enabled,Note\na,1,{'x' * 1_000_000}\n")
    assert len(found.others[0]["Note"]) == 1_000_000


@pytest.mark.rule("R3.7")
def test_a_lacking_column_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(ReportRefused) as error:
        read_text(tmp_path, "Account,enabled , \na,1,\n", columns={"uid": ["UID", "Id"]})
    assert str(error.value) == (
        "the report has no column 'UID' or 'Id' for uid; it has: Account, enabled, (blank)."
        " Set products.payments.columns.uid"
    )


@pytest.mark.parametrize(("options", "sign"), [({"delimiter": "|"}, ";"), ({"delimiter": ";"}, "\t"), ({}, "#")])
def test_a_wrong_delimiter_is_asked_after(tmp_path: Path, options: dict[str, Any], sign: str) -> None:
    with pytest.raises(ReportRefused) as error:
        read_text(tmp_path, f"uid{sign}is_product_enabled\na{sign}1\n", **options)
    assert str(error.value) == (
        f"the report has no column 'uid' for uid; it has: uid{sign}is_product_enabled."
        " Set products.payments.columns.uid; all is one column: is products.payments.delimiter right?"
    )


@pytest.mark.rule("R3.7")
def test_an_optional_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(
        ReportRefused, match="the report has no column 'Umsatz' for gmv; it has: uid, is_product_enabled"
    ):
        read_text(tmp_path, "uid,is_product_enabled\na,1\n", columns={"gmv": "Umsatz"})


def test_opening_reads_no_rows(tmp_path: Path) -> None:
    """What `doctor` does: a row that can't be read is not its business."""
    path = written(tmp_path, "uid,is_product_enabled\n" + "a,1,too,many\n")
    with DuckDB([path], tmp_path) as engine:
        assert open_report(engine, Source(path), product(), tmp_path).mapping == map_columns(
            ["uid", "is_product_enabled"], product()
        )


def test_a_report_is_never_written_to(tmp_path: Path) -> None:
    path = written(tmp_path, FORMS["report.csv"], "report.csv.gz")
    before = path.read_bytes(), path.stat().st_mtime_ns
    read(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before

"""The same table in every form, encoding and delimiter is read alike."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import zstandard

from tests.report.reports import ndjson, read
from tests.workspaces import Place

HEADER = ("UID", "Händler", "GMV", "Enabled", "Changed", 'Note; or, "remark"')
ROWS = (
    ("007", "Müller, Söhne", "1234.50", "true", "2026-11-03T09:30:00", "a;b"),
    ("7", 'The "Best"', "-0.10", "false", "2026-11-02", "tab\there"),
    ("x-1", "Ølgård & Café", None, "true", None, "two\nlines"),
    ("x-2", "Zürich", "12000000", "false", None, None),
)
COLUMNS = {
    "uid": "uid",
    "merchant_name": "händler",
    "gmv": "gmv",
    "is_product_enabled": "enabled",
    "changed_at": "changed",
}


def delimited(sign: str, decimal: str = ".", quote: str = '"', end: str = "\r\n", escape: str = "") -> str:
    lines = []
    for row in (HEADER, *ROWS):
        cells = [(cell or "").replace(".", decimal) if place == 2 else cell or "" for place, cell in enumerate(row)]
        lines.append(sign.join(quote + cell.replace(quote, (escape or quote) + quote) + quote for cell in cells) + end)
    return "".join(lines)


def objects() -> list[dict[str, Any]]:
    typed = (
        (uid, name, None if gmv is None else float(gmv), flag == "true", changed, note)
        for uid, name, gmv, flag, changed, note in ROWS
    )
    return [dict(zip(HEADER, row, strict=True)) for row in typed]


def parquet() -> bytes:
    stream = io.BytesIO()
    rows = [{**row, "GMV": None if row["GMV"] is None else Decimal(str(row["GMV"]))} for row in objects()]
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Adoption")
    day, moment = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm"))
    sheet.write_row(0, 0, HEADER)
    for line, row in enumerate(objects(), start=1):
        for place, cell in enumerate(row.values()):
            if place == 4 and cell:
                at = dt.datetime.fromisoformat(cell)
                sheet.write_datetime(line, place, at, moment if at.hour else day)
            elif isinstance(cell, str):
                sheet.write_string(line, place, cell)
            else:
                sheet.write(line, place, cell)
    book.close()
    return stream.getvalue()


FORMS: dict[str, tuple[bytes, dict[str, Any]]] = {
    "comma.csv": (delimited(",").encode(), {}),
    "semicolon.csv": (delimited(";").encode(), {}),
    "tab.csv": (delimited("\t").encode(), {}),
    "bar.csv": (delimited("|").encode(), {}),
    "report.tsv": (delimited("\t").encode(), {}),
    "unicode text.txt": (delimited("\t").encode("utf-16"), {}),
    "hash.csv": (delimited("#").encode(), {"delimiter": "#"}),
    "decimal comma.csv": (delimited(";", ",").encode(), {"decimal": ","}),
    "sep.csv": (b"sep=;\r\n" + delimited(";").encode(), {}),
    "marked sep.csv": (b"\xef\xbb\xbfSEP=|\n" + delimited("|", end="\n").encode(), {}),
    "single quotes.csv": (delimited(",", quote="'").encode(), {}),
    "backslashes.csv": (delimited(",", escape="\\").encode(), {}),
    "utf-8 with its mark.csv": (delimited(",").encode("utf-8-sig"), {}),
    "utf-16.csv": (delimited(",").encode("utf-16"), {}),
    "utf-16-be.tsv": (b"\xfe\xff" + delimited("\t").encode("utf-16-be"), {}),
    "utf-16 by setting.csv": (delimited(",").encode("utf-16-le"), {"encoding": "utf-16-le"}),
    "utf-32.csv": (delimited(",").encode("utf-32"), {}),
    "cp1252.csv": (delimited(";").encode("cp1252"), {"encoding": "cp1252"}),
    "latin-1.csv": (delimited(",").encode("latin-1"), {"encoding": "Latin-1"}),
    "lines.ndjson": (ndjson(objects()).encode(), {}),
    "lines.jsonl": (ndjson(objects()).encode("utf-16"), {}),
    "lines.json": (ndjson(objects()).encode(), {}),
    "array.json": (json.dumps(objects(), indent=2, ensure_ascii=False).encode(), {}),
    "array in a line.ndjson": (json.dumps(objects()).encode(), {}),
    "array with its mark.json": (json.dumps(objects(), ensure_ascii=False).encode("utf-8-sig"), {}),
    "array of latin-1.json": (json.dumps(objects(), ensure_ascii=False).encode("latin-1"), {"encoding": "latin-1"}),
    "typed cells beside a decimal comma.json": (json.dumps(objects()).encode(), {"decimal": ","}),
    "report.parquet": (parquet(), {}),
    "parquet beside a decimal comma.parquet": (parquet(), {"decimal": ","}),
    "report.xlsx": (workbook(), {}),
    "workbook beside a decimal comma.xlsx": (workbook(), {"decimal": ","}),
}
PACKED = {
    f"{name}{ending}": (pack(content), options)
    for name, (content, options) in FORMS.items()
    for ending, pack in ((".gz", gzip.compress), (".zst", zstandard.compress))
    if not name.endswith((".xlsx", ".parquet"))
}


@pytest.mark.rule("R1.1", "R3.1", "R3.5")
@pytest.mark.parametrize("name", [*FORMS, *PACKED])
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    content, options = (FORMS | PACKED)[name]
    path = tmp_path / name
    path.write_bytes(content)
    found = read(path, columns=COLUMNS, **options)
    assert found.column("uid") == ["007", "7", "x-1", "x-2"]
    assert found.column("merchant_name") == ["Müller, Söhne", 'The "Best"', "Ølgård & Café", "Zürich"]
    assert found.column("is_product_enabled") == [True, False, True, False]
    assert found.column("gmv") == [Decimal("1234.5"), Decimal("-0.1"), None, Decimal(12000000)]
    assert found.column("changed_at") == [1793694600000000, 1793574000000000, None, None]
    assert [row[HEADER[-1]] or None for row in found.others] == ["a;b", "tab\there", "two\nlines", None]
    assert (found.checked.rejected, found.checked.unreadable_amounts) == (0, 0)


SETTINGS = """
[products.payments.columns]
uid = "UID"
merchant_name = "Händler"
gmv = "GMV"
is_product_enabled = "Enabled"
"""
KINDS = [
    "comma.csv",
    "sep.csv",
    "unicode text.txt",
    "cp1252.csv",
    "report.tsv",
    "lines.ndjson",
    "array.json",
    "report.parquet",
]


@pytest.mark.parametrize("name", [*KINDS, "report.xlsx", "semicolon.csv.gz", "array.json.zst"])
def test_every_form_goes_through_the_commands(tmp_path: Path, name: str) -> None:
    content, options = (FORMS | PACKED)[name]
    said = "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
    place = Place(tmp_path, said + SETTINGS, report=f"reports/{name}")
    (place.reports / name).write_bytes(content)
    assert "uid from UID, is_product_enabled from Enabled" in place.done("doctor").out
    place.done("pull", "--at", "2026-11-04")
    rows = place.show("history")
    assert [(row["uid"], row["merchant_name"], row["gmv"]) for row in rows] == [
        ("007", "Müller, Söhne", "1234.50"),
        ("7", 'The "Best"', "-0.10"),
        ("x-1", "Ølgård & Café", None),
        ("x-2", "Zürich", "12000000.00"),
    ]
    assert not list(tmp_path.rglob("anew")), "what was written anew is gone"

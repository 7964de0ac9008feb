"""How a report is written down: form, delimiter, quotes, line ends, encoding, packing."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import zstandard

from tests.odd.starts import Sheet

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": lambda content: content,
    ".gz": lambda content: gzip.compress(content, mtime=0),
    ".zst": lambda content: zstandard.compress(content),
}


@dataclass(frozen=True)
class Dress:
    """`form`: the file's ending before that of its packing."""

    form: str
    packing: str = ""
    delimiter: str = ","
    line_end: str = "\n"
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
    mark: str = ""
    last_line_ends: bool = True
    encoding: str = "utf-8"

    @property
    def ending(self) -> str:
        return self.form + self.packing


def draw_dress(rng: random.Random) -> Dress:
    form = rng.choice([".csv"] * 10 + [".tsv", ".ndjson", ".ndjson", ".json", ".json", ".parquet", ".parquet", ".xlsx"])
    encoding = rng.choice(["utf-8"] * 7 + ["utf-16", "cp1252", "latin-1"])
    return Dress(
        form,
        "" if form in BINARY else rng.choice(["", "", "", "", "", ".gz", ".gz", ".zst"]),
        "\t" if form == ".tsv" else rng.choice([",", ",", ",", ";", "\t", "|"]),
        rng.choice(["\n", "\n", "\r\n"]),
        rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        rng.choice(["", "", "\ufeff"]) if encoding == "utf-8" else "",
        rng.choice([True, True, False]),
        "utf-8" if form in BINARY else encoding,
    )


def written(sheet: Sheet, dress: Dress) -> str:
    """A report in text; not for BINARY forms."""
    if dress.form == ".json":
        return json.dumps(_objects(sheet), ensure_ascii=False, indent=len(sheet.rows) % 2 or None)
    text = _ndjson(sheet) if dress.form == ".ndjson" else _delimited(sheet, dress)
    return text if dress.last_line_ends else text.removesuffix("\n").removesuffix("\r")


def _delimited(sheet: Sheet, dress: Dress) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=dress.delimiter, lineterminator=dress.line_end, quoting=dress.quoting)
    writer.writerows([sheet.header, *sheet.rows])
    return dress.mark + stream.getvalue()


def _ndjson(sheet: Sheet) -> str:
    return "".join(json.dumps(row, ensure_ascii=len(row) % 2 == 0) + "\n" for row in _objects(sheet))


def _objects(sheet: Sheet) -> list[dict[str, str]]:
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def as_parquet(sheet: Sheet) -> bytes:
    """Columns of one name stay two; so do rows."""
    columns = [pa.array([row[place] for row in sheet.rows], pa.string()) for place in range(len(sheet.header))]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=sheet.header), stream)
    return stream.getvalue()


def as_workbook(sheet: Sheet) -> bytes:
    """Every cell is text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate([sheet.header, *sheet.rows]):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
    return stream.getvalue()


BINARY: dict[str, Callable[[Sheet], bytes]] = {".parquet": as_parquet, ".xlsx": as_workbook}

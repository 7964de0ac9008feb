"""Reports that are made to fill a machine are refused while they are read."""

from __future__ import annotations

import gzip
import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import zstandard

from tests.report.reports import read, written
from winback.errors import ReportRefused

LIMIT = 5_000_000
TOO_LARGE = "has more than 5,000,000 bytes, unpacked: the most that products.payments.max_report_bytes allows"
HEADER = b"uid,is_product_enabled\n"


def refusal(path: Path, limit: int = LIMIT) -> str:
    with pytest.raises(ReportRefused) as error:
        read(path, max_report_bytes=limit)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(path.name).lstrip(": ")


def rows(size: int) -> Iterator[bytes]:
    yield HEADER
    for number in range(size // 100_000):
        yield b"".join(b"%08d,1\n" % (number * 10_000 + nth) for nth in range(10_000))


@pytest.fixture
def bomb() -> bytes:
    """200 MB of rows, packed to one hundredth and less."""
    return b"".join(rows(200_000_000))


def test_a_report_larger_than_the_limit(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, b"".join(rows(6_000_000)))) == TOO_LARGE
    small = written(tmp_path, b"".join(rows(4_000_000)), "small.csv")
    assert read(small, max_report_bytes=LIMIT).checked.accepted == 400_000


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_packed_bomb(tmp_path: Path, bomb: bytes, ending: str) -> None:
    """Neither memory nor disk is filled: it is refused at the limit."""
    packed = gzip.compress(bomb, 1) if ending == "gz" else zstandard.compress(bomb)
    path = tmp_path / f"report.csv.{ending}"
    path.write_bytes(packed)
    tracemalloc.start()
    assert refusal(path, 30_000_000).startswith("has more than 30,000,000 bytes, unpacked")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert sum(file.stat().st_size for file in tmp_path.rglob("plain")) <= 30_000_000


def test_a_packed_bomb_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "report.csv.gz"
    path.write_bytes(gzip.compress(b"".join(rows(9_000_000)).decode().encode("utf-16"), 1))
    assert refusal(path) == TOO_LARGE


def test_a_line_without_end(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + b"a,1\n" + b"x" * 4_000_000)
    assert refusal(path) == (
        "line 3: a row has more than 2,000,000 bytes: is a quoted value open, or is this no report?"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", ",".join(["uid", *map(str, range(3000))]) + "\n"),
        ("r.ndjson", json.dumps({"uid": "a", **{str(number): 1 for number in range(3000)}}) + "\n"),
        ("r.json", json.dumps([{"uid": "a", **{str(number): 1 for number in range(3000)}}])),
    ],
)
def test_thousands_of_columns(tmp_path: Path, name: str, text: str) -> None:
    assert refusal(written(tmp_path, text, name)) == "has 3,001 columns: expected a report with at most 2,000"


def test_thousands_of_columns_of_parquet_and_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({str(number): ["a"] for number in range(3000)}), path)
    assert refusal(path) == "has 3,000 columns: expected a report with at most 2,000"
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write_row(0, 0, ["uid", *range(3000)])
    found = refusal(written(tmp_path, stream.getvalue(), "r.xlsx"))
    assert found == "has 3,001 columns: expected a report with at most 2,000"


def test_a_cell_of_parquet_of_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"uid": ["a"], "is_product_enabled": ["1"], "Note": ["x" * 3_000_000]}), path)
    assert refusal(path) == "can't be read: a cell has more than 2,000,000 bytes"


def test_parquet_with_more_rows_than_bytes(tmp_path: Path) -> None:
    """One value, repeated: some hundred bytes on disk."""
    path = tmp_path / "r.parquet"
    uids = pa.DictionaryArray.from_arrays(pa.array([0] * 4_000_000, pa.int32()), pa.array(["a"]))
    pq.write_table(pa.table({"uid": uids, "is_product_enabled": uids}), path)
    assert path.stat().st_size < 100_000
    assert refusal(path) == TOO_LARGE


@pytest.mark.parametrize("depth", [1_000, 500_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_json_that_is_nested_deeply(tmp_path: Path, depth: int, opened: str, closed: str) -> None:
    nested = opened * depth + "1" + closed * depth
    path = written(tmp_path, f'[{{"uid": "a", "is_product_enabled": 1, "x": {nested}}}]', "r.json")
    try:
        assert read(path).column("uid") == ["a"]
    except ReportRefused as error:
        assert "\n" not in str(error)  # noqa: PT017


def workbook(text: str = "a") -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["uid", "is_product_enabled"])
        sheet.write_row(1, 0, [text, 1])
    return stream.getvalue()


def with_parts(content: bytes, change: dict[str, bytes]) -> bytes:
    """The workbook with other parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *change}:
            new.writestr(name, change[name] if name in change else old.read(name))
    return stream.getvalue()


def test_a_workbook_that_unpacks_to_more_than_the_limit(tmp_path: Path) -> None:
    content = with_parts(workbook(), {"xl/media/image.png": bytes(20_000_000)})
    assert len(content) < 100_000
    assert refusal(written(tmp_path, content, "r.xlsx")) == "more than 5,000,000 bytes when it is unpacked"


def test_a_workbook_that_lies_of_its_size(tmp_path: Path) -> None:
    """Both headers of the part say that it has ten bytes."""
    content = with_parts(workbook(), {"xl/media/image.png": bytes(20_000_000)})
    lying = content.replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    assert refusal(written(tmp_path, lying, "r.xlsx")) == "more than 5,000,000 bytes when it is unpacked"


def test_a_sheet_with_a_cell_in_the_farthest_corner(tmp_path: Path) -> None:
    """Two cells, between which a grid of 17 milliard would lie in memory."""
    content = workbook()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = with_parts(content, {"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", far).encode()})
    said = refusal(written(tmp_path, content, "r.xlsx"))
    assert re.match(r"the workbook takes more than 4 GiB to read|has 16,384 columns", said)


def test_a_sheet_that_lies_of_its_extent(tmp_path: Path) -> None:
    content = workbook()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    lying = re.sub('<dimension ref="[^"]+"', '<dimension ref="A1:XFD1048576"', sheet)
    assert lying != sheet
    content = with_parts(content, {"xl/worksheets/sheet1.xml": lying.encode()})
    assert read(written(tmp_path, content, "r.xlsx")).column("uid") == ["a"]


def test_entities_of_xml_are_not_unfolded(tmp_path: Path) -> None:
    content = workbook()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        strings = parts.read("xl/sharedStrings.xml").decode()
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    bomb = re.sub(r"(<\?xml[^>]*>)", rf'\1<!DOCTYPE sst [<!ENTITY e0 "x">{entities}]>', strings)
    content = with_parts(content, {"xl/sharedStrings.xml": bomb.replace(">uid<", ">&e12;<").encode()})
    assert len(refusal(written(tmp_path, content, "r.xlsx"))) < 300


def test_a_locked_or_old_workbook(tmp_path: Path) -> None:
    path = written(tmp_path, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "r.xlsx")
    assert refusal(path) == "it is locked with a password, or an old workbook (.xls): save it as .xlsx, unlocked"

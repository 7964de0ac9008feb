"""What a report is, told without a setting: encoding, delimiter, quotes; sheet and header of a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.report.reports import product, read, written
from winback.errors import ReportRefused
from winback.report.recognise import Recognised, recognise
from winback.report.sources import Source


def recognised(folder: Path, text: str | bytes, name: str = "report.csv", **options: Any) -> Recognised:
    return recognise(Source(written(folder, text, name)), product(**options))


@pytest.mark.parametrize(
    ("text", "delimiter", "header"),
    [
        ("uid,flag\na,1\n", ",", ("uid", "flag")),
        ("uid;flag\na;1\n", ";", ("uid", "flag")),
        ("uid\tflag\na\t1\n", "\t", ("uid", "flag")),
        ("uid|flag\na|1\n", "|", ("uid", "flag")),
        ("uid;gmv\na;1,5\nb;2,5\n", ";", ("uid", "gmv")),
        ("uid;gmv, net\na;1,5\nb;2,5\n", ";", ("uid", "gmv, net")),
        ('"uid, or key","a;b;c;d",x\n1,2,3\n', ",", ("uid, or key", "a;b;c;d", "x")),
        ('uid;"one, two, three, four"\na;1\n', ";", ("uid", "one, two, three, four")),
        ("uid,note\na,x;y;z\nb,v;w\n", ",", ("uid", "note")),
        ("uid,note|tag\na,x\nb,y|z\n", ",", ("uid", "note|tag")),
        ("uid,flag\n", ",", ("uid", "flag")),
        ("uid,flag,note\na,1\nb,1,x,y\n", ",", ("uid", "flag", "note")),
        ("sep=|\nuid;x|flag\n", "|", ("uid;x", "flag")),
        ('"sep=;"\r\nuid;flag\r\n', ";", ("uid", "flag")),
    ],
)
def test_the_delimiter(tmp_path: Path, text: str, delimiter: str, header: tuple[str, ...]) -> None:
    found = recognised(tmp_path, text)
    assert found.dialect is not None
    assert (found.dialect.delimiter, found.header) == (delimiter, header)


@pytest.mark.parametrize("cell", ["Müller", "Müller, Söhne", "a;b", "one|two", "x, y, z"])
def test_a_report_with_one_column(tmp_path: Path, cell: str) -> None:
    """A list of accounts at risk may be no more than that; its cells are whole."""
    path = written(tmp_path, f"Merchant\n{cell}\nplain\n")
    assert read(path, mode="presence", columns={"uid": "merchant"}).column("uid") == sorted([cell, "plain"])


def test_a_long_cell_near_the_top_hides_no_delimiter(tmp_path: Path) -> None:
    found = recognised(tmp_path, f"uid;note\na;{'x,' * 200_000}\nb;y\n")
    assert found.dialect is not None
    assert found.dialect.delimiter == ";"


def test_more_rows_than_are_looked_at(tmp_path: Path) -> None:
    """The head ends within a row: its last cells are not counted."""
    rows = "".join(f"m{number};{'x' * 50_000}\n" for number in range(40))
    found = recognised(tmp_path, "uid;note\n" + rows)
    assert found.dialect is not None
    assert found.dialect.delimiter == ";"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("uid\nä\n".encode(), "utf-8"),
        ("uid\nä\n".encode("utf-8-sig"), "utf-8"),
        ("uid\nä\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "uid\nä\n".encode("utf-16-be"), "utf-16"),
        ("uid\nä\n".encode("utf-32"), "utf-32"),
    ],
)
def test_the_encoding(tmp_path: Path, text: bytes, encoding: str) -> None:
    found = recognised(tmp_path, text)
    assert (found.encoding, found.header) == (encoding, ("uid",))


ROWS = "uid,is_product_enabled\n" + "a,1\n" * 3


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ((ROWS + "ü,1\n").encode("cp1252"), None, "line 5: the text is not UTF-8; save the report as UTF-8, or say "),
        (
            (ROWS + "\x81,1\n").encode("latin-1"),
            "cp1252",
            "line 5: the text is not cp1252; products.payments.encoding ",
        ),
        ((ROWS + "ü,1\n").encode(), "cp1252", "line 5: the text is UTF-8; take products.payments.encoding away, or, "),
        (
            (ROWS + "ö,1\n").encode("latin-1") + "ü,1\n".encode(),
            "latin-1",
            "line 6: the text is UTF-8; take products.payments.encoding away, or, if the other lines are not UTF-8, ",
        ),
        ((ROWS + "ü,1\n").encode("utf-8-sig"), "cp1252", "line 1: the file begins with the mark of UTF-8, but "),
        (ROWS.encode("utf-16"), "latin-1", "line 1: the file begins with the mark of UTF-16, but products.payments."),
        (ROWS.encode("utf-16-le"), "latin-1", "is not text: expected latin-1; where it is UTF-16 without its mark, "),
        ((ROWS + "ü,1\n").encode("cp1252"), "ascii", "line 5: the text is not ascii; products.payments.encoding says "),
        ((ROWS + "ü,1\n").encode("cp1252"), "shift_jis", "line 5: the text is not shift_jis; "),
    ],
)
def test_a_wrong_encoding_names_line_and_setting(
    tmp_path: Path, content: bytes, encoding: str | None, said: str
) -> None:
    with pytest.raises(ReportRefused) as error:
        read(written(tmp_path, content), encoding=encoding)
    assert str(error.value).removeprefix("report.csv").lstrip(": ").startswith(said)
    assert "products.payments.encoding" in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_without_the_mark_that_its_encoding_needs(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, ROWS.replace("a,1\n" * 3, "a,1\n").encode(f"{encoding}-le"))
    with pytest.raises(ReportRefused) as error:
        recognise(Source(path), product(encoding=encoding))
    said = f'products.payments.encoding = "{encoding}-le", or "{encoding}-be"'
    assert str(error.value) == f"report.csv: the file has no byte-order mark, which {encoding} is read by: set {said}"
    assert read(path, encoding=f"{encoding}-le").column("uid") == ["a"]


def test_a_wrong_line_far_down_is_counted_across_chunks(tmp_path: Path) -> None:
    lines = "".join(f"m{number},1\r\n" for number in range(200_000))
    content = f"uid,is_product_enabled\r\n{lines}".encode("utf-16") + b"\x00\xd8"
    with pytest.raises(ReportRefused, match=r"^report\.csv: line 200002: the text is not UTF-16, as the mark "):
        read(written(tmp_path, content))


def test_letters_that_look_like_utf_8_are_not_taken_for_it(tmp_path: Path) -> None:
    text = ROWS + "Ãœ-Bahn of Günther,1\n"
    assert "Ãœ-Bahn of Günther" in read(written(tmp_path, text.encode("cp1252")), encoding="cp1252").column("uid")


Sheet = Sequence[Sequence[object]]


def workbook(**sheets: Sheet) -> bytes:
    """Sheets by name; one whose name ends in `_hidden` is."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
        if name.endswith("_hidden"):
            sheet.hide()
    book.close()
    return stream.getvalue()


TABLE: list[list[object]] = [["UID", "is_product_enabled"], ["a", True], ["b", False]]


@pytest.mark.parametrize(
    ("sheets", "options", "sheet", "header_row"),
    [
        ({"One": TABLE}, {}, "One", 1),
        ({"Empty": [], "Two": TABLE}, {}, "Two", 1),
        ({"Cover": [["Adoption of payments"], [], ["as of", 7]], "Data": TABLE}, {}, "Data", 1),
        ({"Cover": [["x"]], "A_hidden": TABLE, "B": TABLE}, {}, "B", 1),
        ({"B": TABLE, "A_hidden": TABLE}, {"sheet": "a_hidden"}, "A_hidden", 1),
        ({"A": TABLE, "Bee": TABLE}, {"sheet": " bee "}, "Bee", 1),
        ({"A": [["Adoption"], [], ["as of", "2026-11-03"], *TABLE]}, {}, "A", 4),
        ({"A": [[], [], *TABLE]}, {}, "A", 3),
        ({"A": [["Adoption of"], ["Account", "Flag", "GMV"], ["a", 1, 2]]}, {}, "A", 2),
    ],
)
def test_sheet_and_header(
    tmp_path: Path, sheets: dict[str, Sheet], options: dict[str, Any], sheet: str, header_row: int
) -> None:
    found = recognised(tmp_path, workbook(**sheets), "report.xlsx", **options)
    assert (found.sheet, found.header_row) == (sheet, header_row)


def test_a_header_between_titles_is_told_by_the_uids_name(tmp_path: Path) -> None:
    sheet: list[list[object]] = [
        ["Report", "of", "payments"],
        ["for", "customer", "success"],
        ["Key", "is_product_enabled"],
        ["a", 1],
    ]
    path = written(tmp_path, workbook(A=sheet), "report.xlsx")
    assert read(path, columns={"uid": ("Account", "key")}).column("uid") == ["a"]


def test_a_rejected_row_of_a_workbook_has_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, workbook(A=[["Title"], [], *TABLE, ["c", "perhaps"]]), "report.xlsx")
    assert [(row["line"], row["uid"], row["reason"]) for row in read(path).rejected] == [(6, "c", "unknown flag")]


@pytest.mark.parametrize(
    ("sheets", "options", "said"),
    [
        ({"A": TABLE}, {"sheet": "B"}, "report.xlsx: there is no sheet 'B'; it has: A"),
        ({"A": []}, {}, "report.xlsx: there is no row in it: expected a header and rows"),
        ({"A": TABLE, "B": []}, {"sheet": "B"}, "report.xlsx: there is no row in it: expected a header and rows"),
    ],
)
def test_a_workbook_without_the_report(
    tmp_path: Path, sheets: dict[str, Sheet], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReportRefused) as error:
        recognised(tmp_path, workbook(**sheets), "report.xlsx", **options)
    assert str(error.value) == said


def test_typed_cells_of_a_workbook(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    percent, money, hours = (book.add_format({"num_format": form}) for form in ("0 %", "#,##0.00 €", "[h]:mm"))
    sheet.write_row(0, 0, ["uid", "is_product_enabled", "gmv", "revenue", "share", "error", "hours", "text", "sum"])
    sheet.write_row(1, 0, [7.0, 1.0, 1234567.891, 0.1 + 0.2])
    sheet.write_number(1, 4, 0.125, percent)
    sheet.write_formula(1, 5, "=NA()", None, "#N/A")
    sheet.write_number(1, 6, 1.75, hours)
    sheet.write_string(1, 7, "007")
    sheet.write_formula(1, 8, "=40+2", None, 42)
    sheet.write_row(2, 0, ["007", "yes"])
    sheet.write_number(2, 2, -12345678.5, money)
    sheet.write_string(2, 3, "1,234.50")
    sheet.write_formula(3, 0, "=NA()", None, "#N/A")
    sheet.write_row(3, 1, [True, 5])
    book.close()
    found = read(written(tmp_path, stream.getvalue(), "report.xlsx"))
    assert found.column("uid") == ["007", "7"]
    assert [str(amount) for amount in found.column("gmv")] == ["-12345678.5000", "1234567.8910"]
    assert [str(amount) for amount in found.column("revenue")] == ["1234.5000", "0.3000"]
    assert found.others[1] == {"share": "0.125", "error": None, "hours": "42:00:00", "text": "007", "sum": "42"}
    assert [(row["line"], row["reason"]) for row in found.rejected] == [(4, "missing uid")]

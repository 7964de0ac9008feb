"""Parquet and tables in memory: cells have types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winback.report.engine.duckdb import DuckDB
from winback.report.reading.opened import LONGEST_ROW, MONEY, OpenedReport
from winback.report.statements import identifier, literal

if TYPE_CHECKING:
    from winback.settings import Product

_BINARY = ("FLOAT", "DOUBLE")


def open_typed(
    engine: DuckDB, rows: str, header: list[str], product: Product, numbers: frozenset[int] = frozenset()
) -> OpenedReport:
    """rules.md R1.1: a whole number `7.0` is `7`. `header`: the names as they are; to the engine, names that differ by
    case alone are the same, so that it gives them others. `numbers`: places of columns of text whose cells are
    numbers."""
    columns = engine.columns_of(f"select * from {rows}")

    def text_of(place: int, ours: str) -> str:
        cell, kind = identifier(columns[place][0]), columns[place][1]
        text = _or_blank(f"cast({cell} as varchar)", kind)
        if place in numbers:
            return _number_in_text(text, ours, product)
        is_number = kind in _BINARY or kind.startswith("DECIMAL")
        if is_number and ours == "uid":
            whole = f"case when {cell} = trunc({cell}) and abs({cell}) < 1e38 then try_cast({cell} as hugeint) end"
            return f"coalesce(cast({whole} as varchar), {text})"
        if is_number and ours in MONEY:
            exact = _or_blank(spelled_out(cell), kind) if kind in _BINARY else text
            return with_decimal_sign(exact, product)
        return text

    return OpenedReport(rows, header, text_of, product)


def _or_blank(text: str, kind: str) -> str:
    """A cell's text; null where it is NaN, which pandas and others write for a cell that is missing. The figures
    of a Parquet file pass NaN over, and by them the engine settles beforehand what it takes for a comparison of the
    number, `=` with its text too, but not `like`."""
    return f"case when {text} like '%nan' then null else {text} end" if kind in _BINARY else text


def _number_in_text(text: str, ours: str, product: Product) -> str:
    if ours == "uid":
        return f"regexp_replace({text}, '[.]0+$', '')"
    return with_decimal_sign(text, product) if ours in MONEY else text


def without_long_cells(engine: DuckDB, rows: str) -> str:
    """The same rows; a cell of megabytes is an error of the engine, which the file's own figures would hide."""
    columns = [identifier(name) for name, kind in engine.columns_of(f"select * from {rows}") if kind == "VARCHAR"]
    if not columns:
        return rows
    longest = f"greatest({', '.join(f'strlen({name})' for name in columns)})"
    complaint = literal(f"a cell has more than {LONGEST_ROW:,} bytes")
    return f"(select * from {rows} where case when {longest} > {LONGEST_ROW} then error({complaint}) else true end)"


def spelled_out(number: str) -> str:
    """A binary number as text without an exponent: a typed cell has no notation that could be misread (rules.md
    R3.5)."""
    exact = f"cast(try_cast(try_cast({number} as double) as decimal(38, 10)) as varchar)"
    return f"coalesce({exact}, cast({number} as varchar))"


def with_decimal_sign(number: str, product: Product) -> str:
    return number if product.decimal == "." else f"replace({number}, '.', ',')"

"""Parquet and tables in memory: cells have types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winback.report.engine.duckdb import DuckDB
from winback.report.reading.opened import MONEY, OpenedReport
from winback.report.statements import identifier

if TYPE_CHECKING:
    from winback.settings import Product

_NUMBERS = ("FLOAT", "DOUBLE", "DECIMAL")


def open_typed(engine: DuckDB, rows: str, header: list[str], product: Product) -> OpenedReport:
    """rules.md R1.1: a whole number `7.0` is `7`. `header`: the names as they are; to the engine, names that differ by
    case alone are the same, so that it gives them others."""
    columns = engine.columns_of(f"select * from {rows}")

    def text_of(place: int, ours: str) -> str:
        name, kind = identifier(columns[place][0]), columns[place][1]
        text = f"cast({name} as varchar)"
        if kind.startswith(_NUMBERS) and ours == "uid":
            whole = f"{name} = trunc({name}) and abs({name}) < 1e38"
            return f"case when {whole} then cast(cast({name} as hugeint) as varchar) else {text} end"
        if kind.startswith(_NUMBERS) and ours in MONEY:
            exact = text if kind.startswith("DECIMAL") else spelled_out(name)
            return with_decimal_sign(exact, product)
        return text

    return OpenedReport(rows, header, text_of, product)


def spelled_out(number: str) -> str:
    """A binary number as text without an exponent: a typed cell has no notation that could be misread (rules.md
    R3.5)."""
    exact = f"cast(try_cast(try_cast({number} as double) as decimal(38, 10)) as varchar)"
    return f"coalesce({exact}, cast({number} as varchar))"


def with_decimal_sign(number: str, product: Product) -> str:
    return number if product.decimal == "." else f"replace({number}, '.', ',')"

"""How a row of the report becomes a cleaned one: `sql/clean.sql` with the expressions for its cells."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from winback.report.mapping import AFTER_ASCII, BLANKS, MAPPED
from winback.report.reading import OpenedReport
from winback.report.statements import Sql, literal, statement

if TYPE_CHECKING:
    from winback.settings import Product

TRUES = ("true", "t", "yes", "y", "1", "1.0", "on", "enabled")
FALSES = ("false", "f", "no", "n", "0", "0.0", "off", "disabled")
# The columns of a row beside the UID, as they stand in the report.
CELLS = (*MAPPED[1:], "other_columns")
_NO_TEXT, _NO_AMOUNT, _NO_MOMENT = "cast(null as varchar)", "cast(null as decimal(18, 4))", "cast(null as bigint)"
# Signs of currencies, as Unicode has them; by name each engine would have those of its own Unicode.
_CURRENCIES = (
    "$\u00a2-\u00a5\u058f\u060b\u07fe\u07ff"
    "\u09f2\u09f3\u09fb\u0af1\u0bf9\u0e3f\u17db\u20a0-\u20c1\ua838\ufdfc\ufe69\uff04\uffe0\uffe1\uffe5\uffe6"
    "\U00011fdd-\U00011fe0\U0001e2ff\U0001ecb0"
)


def clean_statement(opened: OpenedReport, product: Product, tz: str, beside: Sql) -> str:
    """A column that the report does not have is plain null: planning what would be done with it takes longer than
    doing it. `beside`: the rows, as sql/beside.sql gives them."""
    trimmed, mapped = trimmed_columns(opened), opened.mapping.mapped
    spelled = statement("spelled", cell=trimmed["trimmed_changed_at"])
    return statement(
        "clean",
        beside=beside,
        **trimmed,
        trues=TRUES,
        falses=FALSES,
        listed_flag=False if product.mode == "presence" else Sql("null"),
        **{
            name: Sql(amount_of(Sql(name), product.decimal) if name in mapped else _NO_AMOUNT)
            for name in ("gmv", "revenue")
        },
        spelled_changed_at=Sql(spelled if "changed_at" in mapped else _NO_TEXT),
        changed_at=Sql(moment_of(Sql("changed_at"), product.at_time, tz) if "changed_at" in mapped else _NO_MOMENT),
    )


def reading_of(opened: OpenedReport, product: Product, tz: str, engine: str) -> str:
    """How the cells of a report are understood, and by which engine, since each has hashes of its own; the number in
    front changes where clean.sql comes to mean something else. The same cells, understood in the same way, are the same
    row."""
    settings = (product.mode, product.decimal, product.at_time.isoformat(), tz)
    return repr((1, engine, *settings, opened.mapping.mapped, opened.header))


def amount_of(cell: Sql, decimal: str) -> str:
    """The expression that reads an amount of money in trimmed text."""
    plain, amount = _amount_patterns(decimal)
    return statement("amount", cell=cell, plain=plain, amount=amount, decimal=decimal, no_digit=f"[^0-9{decimal}]")


def moment_of(spelled: Sql, at_time: dt.time, tz: str) -> str:
    """The expression that reads a moment, spelled as sql/spelled.sql does; `at_time`: the time of a bare date."""
    dated = Sql(f"({spelled} || {literal(f' {at_time.isoformat()}')})")
    return statement("moment", spelled=spelled, dated=dated, timezone=tz)


def trimmed_columns(opened: OpenedReport) -> dict[str, object]:
    """The placeholders `$trimmed_…` for every column of a row as it stands in the report."""
    there = {*opened.mapping.mapped, "whole_row"}
    return {f"trimmed_{name}": trimmed(name) if name in there else Sql(_NO_TEXT) for name in (*MAPPED, "whole_row")}


def trimmed(name: str) -> Sql:
    """The expression that trims a cell of text."""
    return Sql(statement("trimmed", cell=Sql(name), blanks=BLANKS, after_ascii=AFTER_ASCII))


def _amount_patterns(decimal: str) -> tuple[str, str]:
    """The common notation, and every notation that rules.md R3.5 allows, for one decimal sign."""
    thousands = "," if decimal == "." else "."
    blank, sign = "[ \u00a0]*", "[+-]?"
    money = f"([{_CURRENCIES}]|[A-Za-z]{{3}})"
    currency = f"{money}{blank}"
    number = rf"(([0-9]+|[0-9]{{1,3}}([{thousands}][0-9]{{3}}){{1,12}})([{decimal}][0-9]+)?|[{decimal}][0-9]+)"
    after = f"{blank}{money}"
    notations = (
        rf"{sign}{blank}({currency})?{number}",
        rf"{currency}[+-]{blank}{number}",
        rf"{sign}{blank}{number}{after}",
        rf"({currency})?{number}{blank}-",
        rf"{number}{blank}-{after}",
        rf"{number}{after}{blank}-",
        rf"{currency}[(]{blank}{number}{blank}[)]",
        rf"[(]{blank}({currency})?{number}{blank}[)]",
        rf"[(]{blank}{number}{after}{blank}[)]",
        rf"[(]{blank}{number}{blank}[)]{after}",
    )
    return rf"^-?[0-9]+([{decimal}][0-9]+)?\z", rf"^({'|'.join(notations)})\z"

"""What the columns of an unknown report look like: counted by the engine, over a sample; uniqueness over all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.report.clean import FALSES, TRUES, amount_of, moment_of, trimmed
from winback.report.mapping import BLANKS
from winback.report.statements import Sql, statement

if TYPE_CHECKING:
    from winback.report.engine import Engine
    from winback.report.reading import OpenedReport

# Rows looked at to tell what kind of values a column has.
_SAMPLED = 5_000


@dataclass(frozen=True)
class Column:
    """A column of the report in numbers of sampled rows, blank rows left out.

    `filled`: cells with a value, of which `different` ones. `amounts`, `comma_amounts`: readable with a decimal point
    or comma; `only_point` and `only_comma`: in one way alone; `ambiguous`: as another sum in each; `in_money_notation`:
    with a currency, or two decimals. `worded`: with a letter; `phrased`: with a blank or comma inside. `values`: the
    most frequent ones.
    """

    place: int
    name: str
    rows: int
    filled: int
    different: int
    longest: int = 0
    flags: int = 0
    emails: int = 0
    amounts: int = 0
    comma_amounts: int = 0
    only_point: int = 0
    only_comma: int = 0
    ambiguous: int = 0
    moments: int = 0
    in_money_notation: int = 0
    worded: int = 0
    phrased: int = 0
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keys:
    """How a column would do as the UID, over the whole report: rows with any value, blank cells, and rows beyond one
    for each value."""

    rows: int
    blank: int
    repeated: int


class Profiler:
    """Looks at a report that is opened with the decimal comma, so that cells with types show in which they are read
    either way."""

    def __init__(self, engine: Engine, opened: OpenedReport) -> None:
        self._engine = engine
        self._opened = opened
        self.header = [name.strip(BLANKS) for name in opened.header]
        every = ", ".join(opened.text_of(place, "") for place in range(len(self.header)))
        cells = ", ".join(self._cells(place) for place in range(len(self.header)))
        engine.reader.view("unknown", f"select {cells}, concat_ws('', {every}) as whole_row from {opened.rows}")
        ((self.rows,),) = engine.fetch(f"select count(*) from unknown where {trimmed('whole_row')} is not null")
        engine.table("sampled", f"select * from unknown where {trimmed('whole_row')} is not null{self._share()}")
        ((self.sampled,),) = engine.fetch("select count(*) from sampled")

    def _cells(self, place: int) -> str:
        read_as = {"cell": "", "key": "uid", "amount": "gmv"}
        return ", ".join(f"{self._opened.text_of(place, ours)} as {name}_{place}" for name, ours in read_as.items())

    def _share(self) -> str:
        """The same rows each time, from everywhere in the report: by what stands in them."""
        parts = self.rows // _SAMPLED
        return f" and hash(whole_row) % {parts} = 0" if parts > 1 else ""

    def columns(self) -> list[Column]:
        return [self._column(place, name) for place, name in enumerate(self.header)]

    def _column(self, place: int, name: str) -> Column:
        cell = trimmed(f"cell_{place}")
        counts = self._engine.row(
            "profile",
            trimmed=cell,
            trimmed_point=cell,
            trimmed_comma=trimmed(f"amount_{place}"),
            spelled=Sql(statement("spelled", cell=Sql("cell"))),
            flags=(*TRUES, *FALSES),
            point=Sql(amount_of(Sql("with_point"), ".")),
            comma=Sql(amount_of(Sql("with_comma"), ",")),
            moment=Sql(moment_of(Sql("spelled"), dt.time(0), "UTC")),
        )
        values = tuple(value for value, _ in self._engine.rows("values", trimmed=cell))
        return Column(place, name, self.sampled, **{key: int(count) for key, count in counts.items()}, values=values)

    def keys(self, place: int) -> Keys:
        whole_row = trimmed("whole_row")
        counts = self._engine.row("uniqueness", cell=trimmed(f"key_{place}"), whole_row=whole_row)
        return Keys(counts["counted"], counts["counted"] - counts["filled"], counts["filled"] - counts["different"])

"""A report that is open: what to read it from, and which of its columns are ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from winback.report.mapping import AFTER_ASCII, BLANKS, MAPPED, Mapping, map_columns
from winback.report.statements import literal

if TYPE_CHECKING:
    from winback.settings import Product

MONEY = ("gmv", "revenue")
# In bytes; what the engine takes for a line of delimited text, anyway.
LONGEST_ROW = 2_000_000


@dataclass(frozen=True)
class OpenedReport:
    """A report as SQL, whatever its form. `rows`: what to read it from; `header`: the names as they are;
    `text_of(place, ours)`: a column's cell as text, as our column `ours` wants it ("" for any other). `above`: the
    lines above the first row, where rows have lines; `text`: the file to count them in, where cells may have
    several."""

    rows: str
    header: list[str]
    text_of: Callable[[int, str], str]
    product: Product
    above: int | None = None
    text: Path | None = None

    @cached_property
    def mapping(self) -> Mapping:
        """Raises ReportRefused where a column is missing: not before it is asked for, since `init --from` opens reports
        of which no column is known."""
        return map_columns(self.header, self.product)

    def select(self, reading: str) -> str:
        """The query of all rows: MAPPED as text, `other_columns` as JSON, and `raw_hash`, of all cells and of
        `reading`, which says how they are understood. Without the rows that have no value (rules.md R3.2)."""
        every = [self.text_of(place, "") for place in range(len(self.header))]
        # A cell that is a number may be another value than the same cell as text.
        typed = [text for ours in MAPPED if (text := self._mapped(ours)) not in every]
        raw_hash = f"cast(hash({', '.join([*every, *typed])}, {literal(reading)}) >> 1 as bigint) as raw_hash"
        return f"select {self._cells()}, {raw_hash} from {self.rows} where {self._has_value()}"

    def numbered(self) -> str:
        """Every row with its place `nth`, its cells one after the other as `whole_row`, and as JSON, `content`."""
        extra = f"concat_ws('', {self._every()}) as whole_row, {self._content()} as content"
        return f"select {self._cells()}, {extra}, row_number() over () as nth from {self.rows}"

    def _cells(self) -> str:
        mapped = ", ".join(f"{self._mapped(ours)} as {ours}" for ours in MAPPED)
        return f"{mapped}, {self._others()} as other_columns"

    def _has_value(self) -> str:
        """Nearly every row is known to have one by the first character of its UID. The engine looks at the others alone
        more closely only if it is told so by `case`."""
        uid = self._mapped("uid")
        any_cell = f"nullif(trim(concat_ws('', {self._every()}), {literal(BLANKS)}), '') is not null"
        return f"case when {uid} >= '!' and {uid} < {literal(AFTER_ASCII)} then true else {any_cell} end"

    def _every(self) -> str:
        return ", ".join(self.text_of(place, "") for place in range(len(self.mapping.header)))

    def _content(self) -> str:
        """The whole row as JSON, for the list of rejected rows."""
        pairs = (f"{literal(name)}, {self.text_of(place, '')}" for place, name in enumerate(self.mapping.header))
        return f"cast(json_object({', '.join(pairs)}) as varchar)"

    def _mapped(self, ours: str) -> str:
        place = self.mapping.mapped.get(ours)
        return "cast(null as varchar)" if place is None else self.text_of(place, ours)

    def _others(self) -> str:
        if not self.mapping.others:
            return "cast(null as varchar)"
        pairs = (f"{literal(name)}, {self.text_of(place, '')}" for name, place in self.mapping.others.items())
        return f"cast(json_object({', '.join(pairs)}) as varchar)"

"""Rejected rows of one pull (rules.md R3.6): counted, some of them, or all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.errors import WinbackError
from winback.report.engine.duckdb import DuckDB
from winback.report.statements import Sql, parquet, statement
from winback.tables import REJECTED, Table

if TYPE_CHECKING:
    from winback.report.engine import Row
    from winback.settings import Settings
    from winback.store.models import Pull

# A row may have megabytes: of such a one a page shows how it begins.
_SHOWN = 4_000


def reason_counts(settings: Settings, pull: Pull) -> list[tuple[str, int]]:
    """The most frequent first."""
    sql = statement("rejected_counts", rejected=_file(settings, pull))
    with DuckDB([settings.data_path]) as engine:
        return [(reason, count) for reason, count in engine.fetch(sql)]


def some_rejections(settings: Settings, pull: Pull, reason: str | None, after: int, most: int) -> list[Row]:
    """Line, reason, uid and the beginning of the content, in the order of the report."""
    begun = f"substr(content, 1, {_SHOWN})"
    with DuckDB([settings.data_path]) as engine:
        return engine.fetch(f"{_rows(settings, pull, reason, begun)}\nlimit {most} offset {after}")


def cells_of(content: str | None) -> list[tuple[str, str]]:
    """Column and cell of what the row has; of a row that was cut off, all of it as one cell."""
    if content is None:
        return []
    try:
        cells = json.loads(content)
    except ValueError:
        return [("", f"{content}…")]
    return [(name, str(cell)) for name, cell in cells.items() if cell is not None]


def rejections(settings: Settings, pull: Pull, reason: str | None) -> Table:
    def batches() -> Iterator[list[Row]]:
        with DuckDB([settings.data_path]) as engine:
            for batch in engine.stream(_rows(settings, pull, reason, "content")):
                yield [(pull.pk, pull.product, *row) for row in batch]

    return Table(REJECTED, batches())


def _rows(settings: Settings, pull: Pull, reason: str | None, content: str) -> str:
    return statement("rejected_rows", rejected=_file(settings, pull), reason=reason, content=Sql(content))


def _file(settings: Settings, pull: Pull) -> Sql:
    if pull.rejected_file is None:
        raise WinbackError(f"the rejected rows of pull {pull.pk} are not kept any more")
    return Sql(parquet(settings.data_path / pull.rejected_file))

"""Comparing a checked report with the history (rules.md §2): what moved, what the guard should see, what to store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from winback.core.guard import GROUP_MINIMUM, Figures, Group, may_be_a_group
from winback.report.engine import Row
from winback.report.meet import Met
from winback.report.statements import Sql, literal, statement

if TYPE_CHECKING:
    from winback.settings import Product

# What a finding of the guard is about, as a condition on `moves`.
_CONDITIONS = {
    "churned": "kind = 'churn'",
    "won": "kind = 'win'",
    "missing": "is_missing",
    "group": "(kind = 'churn' or is_missing)",
}


class Comparison:
    """What moved between the history and a report that has met it, both in the engine."""

    def __init__(self, met: Met, product: Product, at: dt.datetime) -> None:
        self.met = met
        self._engine = engine = met.engine
        self._presence, self._limits = product.mode == "presence", product.guard
        self._at = at
        absence = True if self._presence else False if product.vanished == "churn" else None
        engine.table(
            "moves",
            statement("moves", unlisted_meant=_boolean(self._presence or None), absence_means=_boolean(absence)),
        )
        engine.table("moved", statement("moved"))
        self._moved_to = Sql(statement("moved_to"))

    @cached_property
    def figures(self) -> Figures:
        counted = self._engine.row("figures")
        gone = counted["churned_of_last_report"] + counted["missing"]
        return Figures(
            in_last_report=self.met.known["in_last_report"],
            enabled_in_last_report=self.met.known["enabled_in_last_report"],
            **counted,
            groups=tuple(self._groups()) if may_be_a_group(gone, self._limits) else (),
        )

    def _groups(self) -> Iterator[Group]:
        yield from (Group(*row) for row in self._engine.rows("groups", over=GROUP_MINIMUM))

    def sample(self, which: str, group: Group | None = None) -> list[list[str | None]]:
        """Ten accounts behind a finding of the guard: UID, merchant, CSM, region, GMV."""
        if which == "rejected":
            return [list(row) for row in self._engine.rows("rejected_sample")]
        if which not in _CONDITIONS:
            return []
        condition = _CONDITIONS[which]
        if group is not None:
            column = "t1.region" if group.dimension == "region" else "coalesce(lower(t1.csm_email), t1.csm_name)"
            condition += f" and {column} = {literal(group.name)} and moves.was_in_last_report and moves.before"
        return [list(row) for row in self._engine.rows("sample", which=Sql(condition), moved_to=self._moved_to)]

    def changes(self) -> Iterator[list[Row]]:
        """Churns and wins; columns as in sql/changes.sql."""
        if not self.figures.churned and not self.figures.won:
            return iter(())
        return self._engine.batches("changes", at=self._at, frozen_at_t1=not self._presence, moved_to=self._moved_to)

    def updates(self, open_cases: list[str]) -> Iterator[list[Row]]:
        """Accounts with an open case whose CSM or amounts changed; columns as in sql/updates.sql."""
        if not self._presence and not open_cases:
            return iter(())
        self._engine.table_of("open_cases", "uid", open_cases)
        return self._engine.batches("updates", all_open=self._presence)

    def write_absent(self, path: Path) -> None:
        self._engine.write_parquet(statement("absent", at=self._at), path)


def _boolean(value: bool | None) -> Sql:
    """Typed, so that an unknown flag is a flag to the engine."""
    return Sql(f"cast({literal(value)} as boolean)")

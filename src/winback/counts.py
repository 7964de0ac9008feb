"""The part of the public face that is about figures: those of a moment, of a period, of many days."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from dataclasses import replace
from typing import Any

from winback import figures, impact
from winback.faults import plain_spoken
from winback.tables import Query
from winback.team import Moment, Team


@plain_spoken
class Counts(Team):
    """What a workspace counts; see workspace.py."""

    @abstractmethod
    def _query(
        self, product: str | None, at: Moment, region: str | None, csm: str | None, pull: int | None = None
    ) -> Query: ...

    def kpis(
        self,
        *,
        product: str | None = None,
        at: Moment = None,
        region: str | None = None,
        csm: str | None = None,
        seen_at: dt.datetime | None = None,
    ) -> dict[str, Any]:
        """The KPI document of interface.md at a moment. `seen_at`, here and below: without what CSMs must not see of at
        that moment (rules.md R6.6)."""
        query = replace(self._query(product, at, region, csm), seen_at=seen_at)
        return figures.at_moment(self.settings, query, is_now=at is None)

    def trend(
        self,
        *,
        product: str | None = None,
        at: Moment = None,
        region: str | None = None,
        csm: str | None = None,
        seen_at: dt.datetime | None = None,
        days: int = figures.TREND,
    ) -> dict[str, Any]:
        """How many accounts were at risk, churned, won and recovered, with GMV and revenue, as `kpis` says at each of
        `days` + 1 moments: T and the moments k × 24 hours before it, for each k up to `days`, the oldest first."""
        query = replace(self._query(product, at, region, csm), seen_at=seen_at)
        return figures.trend(self.settings, query, days, is_now=at is None)

    def flows(
        self,
        start: Moment,
        end: Moment,
        *,
        product: str | None = None,
        region: str | None = None,
        csm: str | None = None,
        seen_at: dt.datetime | None = None,
    ) -> dict[str, Any]:
        """What happened in the period [start, end) (rules.md R7.7)."""
        begun = self.moment(start, product) or dt.datetime.min.replace(tzinfo=dt.UTC)
        query = replace(self._query(product, end, region, csm), seen_at=seen_at)
        return figures.of_period(self.settings, query, begun, self.now())

    def impact(
        self,
        *,
        product: str | None = None,
        at: Moment = None,
        region: str | None = None,
        csm: str | None = None,
        seen_at: dt.datetime | None = None,
    ) -> dict[str, Any]:
        """What the programme achieved, at a moment: docs/impact.md."""
        return impact.impact_at(self.settings, replace(self._query(product, at, region, csm), seen_at=seen_at))

    def months(
        self,
        start: Moment = None,
        end: Moment = None,
        *,
        product: str | None = None,
        region: str | None = None,
        csm: str | None = None,
        seen_at: dt.datetime | None = None,
    ) -> dict[str, Any]:
        """The same as `flows` month by month, from the first report until now where nothing else is said."""
        query = replace(self._query(product, end, region, csm), seen_at=seen_at)
        return figures.by_month(self.settings, query, self.moment(start, product), self.now())

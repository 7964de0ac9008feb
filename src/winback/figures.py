"""KPIs and trends with their heading: what interface.md promises as one document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from winback.core.moments import format_moment, local_date, start_of_day, to_micros
from winback.errors import UsageError
from winback.store import kpis, remembered
from winback.store import trend as stored_trend
from winback.store.columns import read_columns
from winback.store.record import first_applied
from winback.store.remembered import Keeps
from winback.tables import Query, values_of_figures

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from winback.settings import Settings

Period = tuple[dt.datetime, dt.datetime]
# From the first day of a month always into the next.
_A_MONTH = dt.timedelta(days=31)
# Days of a trend, where nobody says how many.
TREND = 90
_DAY = dt.timedelta(days=1)
# At a pull's own moment cases are just 24 hours old, or 48: a moment later, and until the next pull, they are older.
_A_MOMENT = dt.timedelta(seconds=1)


def at_moment(settings: Settings, query: Query, is_now: bool = False) -> dict[str, Any]:
    keeps: Keeps = "latest" if is_now else "none"
    (found,) = remembered.documents(settings.data_path, [values_of_figures(settings, query)], keeps)
    return {"at": format_moment(query.at), **_heading(settings, query), **found}


def trend(settings: Settings, query: Query, days: int, is_now: bool = False) -> dict[str, Any]:
    """The moments a day of 24 hours apart of which the last is that of the query."""
    if days < 0:
        raise UsageError(f"a trend goes back some days, or 0: {days} is less")
    keeps: Keeps = "latest" if is_now else "none"
    (found,) = remembered.documents(settings.data_path, [_values_of_trend(settings, query, days)], keeps)
    moments = [format_moment(query.at - before * _DAY) for before in reversed(range(days + 1))]
    dated = [{"at": at, **of_day} for at, of_day in zip(moments, found["days"], strict=True)]
    return {"at": format_moment(query.at), **_heading(settings, query), "days": dated}


def _values_of_trend(settings: Settings, query: Query, days: int) -> remembered.Values:
    return values_of_figures(settings, query) | {"days": days, "begun": to_micros(query.at) - days * stored_trend.DAY}


def keep(settings: Settings, at: dt.datetime | None, now: dt.datetime) -> None:
    """After much has been written: where there are many cases, has the figures at hand that are asked for most, those
    of now and of a pull's moment."""
    if not remembered.renew_copy(settings.data_path):
        return
    products = [None, *(settings.products if len(settings.products) > 1 else ())]
    wanted: list[tuple[dt.datetime | None, Keeps]] = [(now + _A_MOMENT, "latest"), (at, "all")]
    for moment, keeps in wanted:
        queries = [Query(moment, product) for product in products if moment]
        questions = [values_of_figures(settings, query) for query in queries]
        trends = [_values_of_trend(settings, query, TREND) for query in queries]
        remembered.documents(settings.data_path, [*questions, *trends], keeps)


def of_period(settings: Settings, query: Query, begun: dt.datetime, now: dt.datetime) -> dict[str, Any]:
    """`query.at`: the end, which is not part of the period. What is still to come has not happened."""
    if begun >= query.at:
        raise UsageError(f"the period ends ({format_moment(query.at)}) before it begins ({format_moment(begun)})")
    return _bounds(begun, query.at) | _heading(settings, query) | _flows(settings, query, [(begun, query.at)], now)[0]


def by_month(settings: Settings, query: Query, begun: dt.datetime | None, now: dt.datetime) -> dict[str, Any]:
    """Periods from `begun`, else the first applied report, to `query.at`, cut where local months begin."""
    begun = begun or first_applied(query.product) or query.at
    if begun > query.at:
        raise UsageError(f"the period ends ({format_moment(query.at)}) before it begins ({format_moment(begun)})")
    periods = list(_months(begun, query.at, settings.tz))
    months = [
        {"month": f"{local_date(begins, settings.tz):%Y-%m}", **_bounds(begins, ends), **document}
        for (begins, ends), document in zip(periods, _flows(settings, query, periods, now), strict=True)
    ]
    return {"by": "month", **_heading(settings, query), "months": months}


def _months(begun: dt.datetime, ended: dt.datetime, tz: ZoneInfo) -> Iterator[Period]:
    while begun < ended:
        month = local_date(begun, tz).replace(day=1)
        ends = min(ended, start_of_day((month + _A_MONTH).replace(day=1), tz))
        yield begun, ends
        begun = ends


def _flows(settings: Settings, query: Query, periods: Sequence[Period], now: dt.datetime) -> list[dict[str, Any]]:
    if not periods:
        return []
    asked = []
    for begins, ends in periods:
        last = replace(query, at=min(now, ends - dt.timedelta(microseconds=1)))
        values = values_of_figures(settings, last) | {"from": to_micros(begins), "now": to_micros(now)}
        # What a CSM says of a win-back later, in time by R6.2, is known now.
        asked.append(values | {"credited_until": to_micros(max(now, last.at))})
    with read_columns(settings.data_path) as columns:
        return kpis.flows(columns, asked)


def _bounds(begins: dt.datetime, ends: dt.datetime) -> dict[str, Any]:
    return {"from": format_moment(begins), "to": format_moment(ends)}


def _heading(settings: Settings, query: Query) -> dict[str, Any]:
    return {
        "product": query.product,
        "region": query.region,
        "csm": query.csm,
        "currency": settings.workspace.currency,
        "revenue_period": settings.workspace.revenue_period,
    }

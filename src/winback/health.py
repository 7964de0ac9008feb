"""How it goes, for what watches: as a document for a probe, and as figures for Prometheus. Knows nothing of the web."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from winback import __version__, kept
from winback.core.moments import format_moment
from winback.errors import WinbackError
from winback.faults import in_plain_words, plainly
from winback.store import database, outbox, requests
from winback.store.models import Case, Notification, Pull, Request

if TYPE_CHECKING:
    from winback.settings import Settings

# Values of the labels → figure.
Figures = Mapping[tuple[str, ...], float]
_PULLS = ("applied", "held", "rejected", "undone")
_NOTIFICATIONS = ("planned", "waiting", "sent", "superseded", "skipped", "failed", "unrouted", "unknown")
_REQUESTS = ("planned", "working", "done", "failed")
_UNDER_WAY = ("planned", "working")


def check(settings: Settings, now: dt.datetime) -> dict[str, Any]:
    """Ready for JSON. `status` is "ok" where the database answers, else "failing", and `database` says why. The rest is
    for people: that a report is held is no reason to start a service anew."""
    try:
        with in_plain_words():
            return {"status": "ok", "version": __version__, "database": "ok", **_state(settings, now)}
    except WinbackError as problem:
        # The next probe asks over a new connection.
        database.close_database()
        return {"status": "failing", "version": __version__, "database": str(problem)}


def _state(settings: Settings, now: dt.datetime) -> dict[str, Any]:
    seen = requests.last_seen()
    asked = _counted(Request.objects.filter(status__in=_UNDER_WAY).values_list("status"))
    undelivered = outbox.waiting_counts()
    return {
        "products": {name: _product(settings, name, now) for name in settings.products},
        "messages": {status: undelivered.get(status, 0) for status in outbox.UNDELIVERED},
        "requests": {status: asked[status,] for status in _UNDER_WAY},
        "worker": {
            "seen_at": None if seen is None else format_moment(seen.replace(microsecond=0)),
            "is_alive": seen is not None and dt.datetime.now(dt.UTC) - seen < requests.DEAD,
        },
    }


def _product(settings: Settings, product: str, now: dt.datetime) -> dict[str, Any]:
    last = kept.last_applied(product)
    age = None if last is None else now - last.at
    return {
        "last_applied_at": None if last is None else format_moment(last.at),
        "hours_since": None if age is None else round(age / dt.timedelta(hours=1), 2),
        "is_late": age is not None and age > dt.timedelta(hours=settings.alerts.no_pull_for_hours),
        "held": Pull.objects.filter(product=product, status="held").count(),
    }


@plainly
def metrics(settings: Settings, now: dt.datetime) -> bytes:
    """In Prometheus' text format. What there is none of is 0, so that an alert can be written for it."""
    figures = _Figures()
    products = list(settings.products)
    figures.add("build_info", "The version that answers.", ("version",), {(__version__,): 1})
    pulls = _counted(Pull.objects.values_list("product", "status"))
    each = [(product, status) for product in products for status in _PULLS]
    figures.add("pulls", "Pulls by product and status.", ("product", "status"), _with_none(pulls, each))
    held: Figures = {(product,): pulls[product, "held"] for product in products}
    figures.add("held_pulls", "Pulls that wait for a person.", ("product",), held)
    ages: Figures = {(name,): (now - last.at).total_seconds() for name in products if (last := kept.last_applied(name))}
    figures.add("last_applied_pull_age_seconds", "Since the moment of the last applied report.", ("product",), ages)
    open_cases = _counted(Case.objects.filter(readopted_at=None, voided_at=None).values_list("product"))
    cases = _with_none(open_cases, [(product,) for product in products])
    figures.add("open_cases", "Cases neither won nor void, lost ones included.", ("product",), cases)
    told = _with_none(_counted(Notification.objects.values_list("status")), [(status,) for status in _NOTIFICATIONS])
    figures.add("notifications", "Notifications by status.", ("status",), told)
    asked = _with_none(_counted(Request.objects.values_list("status")), [(status,) for status in _REQUESTS])
    figures.add("requests", "Requests by status.", ("status",), asked)
    if seen := requests.last_seen():
        silent = (dt.datetime.now(dt.UTC) - seen).total_seconds()
        figures.add("worker_silent_seconds", "Since a worker last said that it lives.", (), {(): silent})
    return generate_latest(figures.registry)


class _Figures:
    """Made anew for each answer: what they are of is in the database, not in this process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

    def add(self, name: str, meaning: str, labels: tuple[str, ...], values: Figures) -> None:
        gauge = Gauge(f"winback_{name}", meaning, labels, registry=self.registry)
        for key, value in values.items():
            (gauge.labels(*key) if labels else gauge).set(value)


def _counted(rows: Any) -> Counter[tuple[str, ...]]:
    """Of a query that gives some columns, how many rows there are of each."""
    return Counter({tuple(key): many for *key, many in rows.annotate(Count("pk")).order_by()})


def _with_none(counts: Counter[tuple[str, ...]], keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
    return {**dict.fromkeys(keys, 0), **counts}

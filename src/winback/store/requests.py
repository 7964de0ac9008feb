"""Requests: claimed by one conditional UPDATE, and taken over from a worker that is evidently dead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q

from winback.store import database
from winback.store.models import Request, Worker

# How often a worker says that it lives, and after what silence it is taken for dead.
BEAT = dt.timedelta(seconds=10)
DEAD = dt.timedelta(seconds=60)
# A request that each of so many workers died over is to blame itself: it may need more memory than there is.
TRIES = 3
# A worker that never said goodbye is of no interest to anybody after that.
_FORGOTTEN = dt.timedelta(days=1)


@database.writing()
def add(kind: str, arguments: dict[str, Any], key: str, by: str, now: dt.datetime) -> int:
    """The same `key` is asked for once; the id of the first."""
    values = {"kind": kind, "arguments": arguments, "status": "planned", "asked_by": by, "asked_at": now}
    return int(Request.objects.get_or_create(key=key, defaults=values)[0].pk)


def claim(worker: str, clock: dt.datetime) -> Request | None:
    """The oldest request that nobody is at work on, for the one process that may do it now."""
    free = Q(status="planned") | Q(status="working", beat_at__lte=clock - DEAD)
    for request in Request.objects.filter(free).order_by("asked_at", "pk"):
        if _take(request, free, worker, clock):
            return request
    return None


@database.writing()
def _take(request: Request, free: Q, worker: str, clock: dt.datetime) -> bool:
    taken = {
        "status": "working",
        "worker": worker,
        "started_at": clock,
        "beat_at": clock,
        "attempts": F("attempts") + 1,
    }
    is_mine = Request.objects.filter(free, pk=request.pk).update(**taken, progress=None, share=None) == 1
    if is_mine:
        request.refresh_from_db()
    return is_mine


@database.writing()
def beat(worker: str, clock: dt.datetime, request: int | None, progress: str | None, share: float | None) -> None:
    """The worker lives, and so far has it got with what it does."""
    Worker.objects.update_or_create(name=worker, defaults={"seen_at": clock})
    Worker.objects.filter(seen_at__lte=clock - _FORGOTTEN).delete()
    if request is not None:
        mine = Request.objects.filter(pk=request, status="working", worker=worker)
        mine.update(beat_at=clock, progress=progress, share=share)


def leave(worker: str) -> None:
    Worker.objects.filter(name=worker).delete()


@database.writing()
def end(request: Request, clock: dt.datetime, outcome: dict[str, Any] | None, error: str | None) -> None:
    """What came of it, unless another worker has taken it over."""
    mine = Request.objects.filter(pk=request.pk, status="working", worker=request.worker)
    ended = {"status": "done" if error is None else "failed", "ended_at": clock, "progress": None, "share": None}
    mine.update(**ended, outcome=outcome, error=error)


def last_seen() -> dt.datetime | None:
    """When a worker last said that it lives."""
    return Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()

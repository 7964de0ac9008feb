"""When messages are sent: at the end of a pull, by `notify`, after an undo."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from winback.messages import alerts, notices
from winback.messages.deliver import Post
from winback.messages.edits import refresh_shown
from winback.messages.send import Sent, send_planned
from winback.store import outbox
from winback.store.models import Pull
from winback.store.outbox import Run

if TYPE_CHECKING:
    from winback.settings import Settings


def send(settings: Settings, pull_id: int, post: Post) -> Sent | None:
    """Sends what a pull planned, and what earlier ones died over, judged as of that pull's moment; None where that was
    left to `notify`."""
    pull = Pull.objects.get(pk=pull_id)
    if pull.status != "applied" or not pull.sends:
        return None
    run = _run(settings, pull.at, post.clock())
    return send_planned(replace(run, product=pull.product, pull=pull.pk), post)


def notify(settings: Settings, post: Post, released_by: str | None = None) -> Sent:
    """Sends whatever is planned and not yet delivered, judged as of now; also what waits for a person, where one says
    so. By a clock that was set back, what the last pulls have shown counts all the same."""
    if released_by is not None:
        outbox.release(released_by, post.clock())
    for product in settings.products:
        alerts.of_missing_pull(settings, product, post.clock())
    sent = send_planned(run_now(settings, post.clock()), post, released=released_by is not None)
    notices.tell(post)
    return sent


def correct(settings: Settings, post: Post) -> None:
    """Takes back what was said because of an undone pull: edited where it stands, or in another message."""
    for name in settings.messages.channel:
        refresh_shown(post, post.open(name), run_now(settings, post.clock()))
    notices.tell(post)


def run_now(settings: Settings, clock: dt.datetime) -> Run:
    newest = Pull.objects.filter(status="applied").order_by("-at").values_list("at", flat=True)[:1]
    return _run(settings, max([clock, *newest]), clock)


def _run(settings: Settings, now: dt.datetime, clock: dt.datetime) -> Run:
    """What people did, and whose a case is, counts at `now` too where the clock is behind."""
    return Run(now, settings.cases.lost_after, max(now, clock), settings.follow_ups.stop_when_engaged)

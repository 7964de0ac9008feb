"""The outbox: a notification is a row before it is a message, and is claimed by one conditional UPDATE. A message is a
row before it is sent, so that one of unknown outcome can be found again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, F

from winback.core.moments import from_micros, to_micros
from winback.core.money import from_units
from winback.store import database
from winback.store.audit import note
from winback.store.models import Message, Notice, Notification
from winback.store.record import micros

# How long a sender may take over one message before others may say that it died; longer than any channel's time-out.
LEASE = dt.timedelta(minutes=10)
# How soon after an attempt a channel is asked for it: what was just posted may be visible late.
SETTLED = dt.timedelta(seconds=60)
UNDELIVERED = ("planned", "waiting", "unknown", "failed", "unrouted")


@dataclass(frozen=True)
class Planned:
    """One notification, with what its message tells. Exactly one of `churned_at` and `won_at` is there.
    `is_taken_back`: an undo made it wrong."""

    id: int
    product: str
    uid: str
    stage: str
    planned_at: dt.datetime
    channel: str
    message: str | None
    case_id: int | None
    csm_name: str | None
    csm_email: str | None
    merchant_name: str | None
    region: str | None
    gmv: Decimal | None
    revenue: Decimal | None
    other_columns: dict[str, str | None]
    attempts: int
    is_taken_back: bool
    churned_at: dt.datetime | None
    readopted_at: dt.datetime | None
    won_at: dt.datetime | None


_FIELDS = tuple(field.name for field in fields(Planned))
_READ: dict[str, Callable[[int], Any]] = {
    "planned_at": from_micros,
    "gmv": from_units,
    "revenue": from_units,
    "churned_at": from_micros,
    "readopted_at": from_micros,
    "won_at": from_micros,
}


@dataclass(frozen=True)
class Run:
    """One run of the sender. `now`: as of when the reports' part of what is still true is judged; `clock`: what people
    did counts up to it. Whose notifications it sends: those of a product's pulls up to one of them (what an earlier one
    died over among them), or all."""

    now: dt.datetime
    lost_after: dt.timedelta | None
    clock: dt.datetime
    stop_when_engaged: bool = True
    product: str | None = None
    pull: int | None = None

    def values(self) -> dict[str, object]:
        moments = {"now": to_micros(self.now), "clock": to_micros(self.clock), "lost_after": micros(self.lost_after)}
        of_run = {"product": self.product, "pull": self.pull}
        return {**moments, **of_run, "stop_when_engaged": self.stop_when_engaged}


@database.writing()
def drop_stale(run: Run) -> int:
    """What must not be said any more (rules.md R5.4): see sql/eligible.sql, or a later stage was delivered."""
    return database.execute("supersede_late", run.values()) + database.execute("skip_ineligible", run.values())


def due(run: Run) -> list[Planned]:
    return [planned_of(row) for row in database.rows("due", run.values())]


def told_by(message: str, clock: dt.datetime) -> list[Planned]:
    """What one message tells of."""
    values = {"message": message, "clock": to_micros(clock)}
    return [planned_of(row) for row in database.rows("told_by", values)]


def planned_of(row: database.Row) -> Planned:
    """Of columns that are named and ordered as the fields, as in sql/told.sql."""
    values = dict(zip(_FIELDS, row, strict=True))
    values |= {name: read(values[name]) for name, read in _READ.items() if values[name] is not None}
    others = json.loads(values["other_columns"]) if values["other_columns"] else {}
    return Planned(**values | {"other_columns": others, "is_taken_back": bool(values["is_taken_back"])})


@database.writing()
def claim(run: Run, planned: Iterable[Planned], message: Message, owner: str) -> set[int]:
    """The notifications of a message that nobody else has claimed, and that may still be said (rules.md R5.4). The
    message is stored where there are any."""
    message.save(force_insert=True)
    values = run.values() | {
        "message": message.key,
        "recipient": message.recipient,
        "owner": owner,
        "until": to_micros(message.attempted_at + LEASE),
        "given": database.given([each.id] for each in planned),
    }
    claimed = {id_ for (id_,) in database.rows("claim", values)}
    if not claimed:
        message.delete()
    return claimed


@database.writing()
def claim_again(message: Message, clock: dt.datetime) -> bool:
    """True for the one process that may try once more what has an unknown outcome."""
    untouched = Message.objects.filter(pk=message.key, attempted_at=message.attempted_at)
    if untouched.update(attempted_at=clock) == 0:
        return False
    message.attempted_at = clock
    Notification.objects.filter(message=message, status="unknown").update(
        claimed_until=clock + LEASE, attempts=F("attempts") + 1
    )
    Notice.objects.filter(message=message).update(claimed_at=clock, attempts=F("attempts") + 1)
    return True


@database.writing()
def mark_sent(planned: Iterable[Planned], message: Message) -> None:
    """`message` with the place where it is now, and the moment."""
    message.save()
    _settle(planned, "sent", None, message.recipient, message.sent_at)


@database.writing()
def put_back(message: Message, error: str, not_before: dt.datetime, is_failure: bool) -> None:
    """What was certainly not delivered is tried again later; `is_failure`: that counts as one of its tries."""
    Notification.objects.filter(message=message, status="unknown").update(
        status="planned",
        message=None,
        error=error,
        not_before=not_before,
        attempts=F("attempts") + (1 if is_failure else 0),
        claimed_by=None,
        claimed_until=None,
    )
    message.delete()


@database.writing()
def plan_again(message: Message) -> None:
    """The channel was asked, and has nothing: it can be sent at once."""
    Notification.objects.filter(message=message, status="unknown").update(
        status="planned", message=None, error=None, claimed_by=None, claimed_until=None
    )
    message.delete()


@database.writing()
def leave_unknown(message: Message, error: str, clock: dt.datetime) -> None:
    """This sender lives, and does not know: others need not wait for its lease to end."""
    Notification.objects.filter(message=message, status="unknown").update(error=error, claimed_until=clock)


@database.writing()
def settle(planned: Iterable[Planned], status: str, error: str, recipient: str | None = None) -> None:
    """Ends or holds notifications without their having been delivered."""
    _settle(planned, status, error, recipient, None)


def _settle(
    planned: Iterable[Planned], status: str, error: str | None, recipient: str | None, sent_at: dt.datetime | None
) -> None:
    values = {"status": status, "error": error, "recipient": recipient}
    at = None if sent_at is None else to_micros(sent_at)
    given = database.given((each.id, each.csm_name, each.csm_email) for each in planned)
    database.execute("settle", {**values, "sent_at": at, "given": given})


@database.writing()
def note_why_held(reasons: Mapping[int, str]) -> None:
    """What stays planned for a reason that people may ask for, such as somebody's quiet hours; by notification."""
    if reasons:
        database.execute("note_why_held", {"given": database.given(reasons.items())})


def unknown_messages(channel: str, clock: dt.datetime) -> list[Message]:
    """Those that are not being sent any more, and old enough for the channel to be asked."""
    tried = Message.objects.filter(channel=channel, sent_at=None, attempted_at__lte=clock - SETTLED)
    of_dead = tried.filter(notifications__status="unknown", notifications__claimed_until__lte=clock)
    return list(of_dead.distinct().order_by("attempted_at", "key"))


def thread_of(planned: Planned, address: str) -> Message | None:
    """The message that began the conversation with this person about a case."""
    told = Message.objects.filter(
        channel=planned.channel, address=address, notifications__case_id=planned.case_id, external_id__isnull=False
    )
    first = told.filter(notifications__corrected_at=None, notifications__status="sent").order_by("sent_at").first()
    return (first.thread or first) if first is not None else None


def conversation_with(channel: str, address: str) -> str | None:
    """Where a channel has put the last message to an address."""
    sent = Message.objects.filter(channel=channel, address=address, conversation__isnull=False)
    return sent.order_by("-sent_at").values_list("conversation", flat=True).first()


def delivered_at(stage: str, cases: Iterable[int]) -> dict[tuple[int, str], dt.datetime]:
    """Case and channel → when that stage was delivered there."""
    values = {"stage": stage, "given": database.given([each] for each in cases)}
    return {(case, channel): from_micros(at) for case, channel, at in database.rows("delivered_at", values)}


@database.writing()
def release(by: str, clock: dt.datetime) -> int:
    """A person says so: what waits, has failed or had no recipient, and what a sender that died left unknown, is
    planned again. How many."""
    stuck = Notification.objects.filter(status__in=("waiting", "failed", "unrouted"), corrected_at=None)
    waiting = stuck.update(status="planned", error=None, attempts=0, not_before=None)
    Notification.objects.filter(status="planned").update(not_before=None)
    Notice.objects.filter(claimed_at__lt=clock - LEASE, told_at=None).update(claimed_at=None, message=None)
    Notice.objects.filter(claimed_at=None).update(not_before=None, attempts=0)
    died = Notification.objects.filter(status="unknown", claimed_until__lt=clock, corrected_at=None)
    released = waiting + died.update(status="planned", message=None, claimed_by=None, claimed_until=None)
    note(clock, by, "messages released", f"{released:,} notifications")
    return released


def planned_by(pull_id: int) -> int:
    return Notification.objects.filter(pull_id=pull_id, status="planned").count()


def waiting_counts() -> dict[str, int]:
    """Notifications that are neither delivered nor ended, by status."""
    undelivered = Notification.objects.filter(status__in=UNDELIVERED)
    return dict(undelivered.values_list("status").annotate(Count("pk")).order_by("status"))

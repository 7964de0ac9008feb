"""The outbox: a notification is a row before it is a message, and is claimed by one conditional UPDATE."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from winback.core.moments import from_micros, to_micros
from winback.core.money import from_units
from winback.store import database
from winback.store.models import Message, Notice, Notification
from winback.store.record import micros

# How long a sender may take over one message before others may say that it died.
LEASE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Planned:
    """One notification to be sent, with what its message tells. Exactly one of `churned_at` and `won_at` is there."""

    id: int
    product: str
    uid: str
    stage: str
    planned_at: dt.datetime
    case_id: int | None
    csm_name: str | None
    csm_email: str | None
    merchant_name: str | None
    region: str | None
    gmv: Decimal | None
    revenue: Decimal | None
    other_columns: dict[str, str | None]
    churned_at: dt.datetime | None
    readopted_at: dt.datetime | None
    won_at: dt.datetime | None


@dataclass(frozen=True)
class Run:
    """One run of the sender: as of when what is still true is judged, and whose notifications it sends: those of a
    product's pulls up to one of them (what an earlier one died over among them), or all."""

    now: dt.datetime
    lost_after: dt.timedelta | None
    product: str | None = None
    pull: int | None = None

    def values(self) -> dict[str, object]:
        moments = {"now": to_micros(self.now), "lost_after": micros(self.lost_after)}
        return {**moments, "product": self.product, "pull": self.pull}


@database.writing()
def drop_stale(run: Run) -> int:
    """What must not be said any more (rules.md R5.4): its case is won, lost or void, or a later stage was delivered."""
    return database.execute("supersede_late", run.values()) + database.execute("skip_ineligible", run.values())


def due(run: Run) -> list[Planned]:
    return [_planned(row) for row in database.rows("due", run.values())]


def _planned(row: database.Row) -> Planned:
    (
        id_,
        product,
        uid,
        stage,
        planned_at,
        case_id,
        csm_name,
        csm_email,
        merchant_name,
        region,
        gmv,
        revenue,
        others,
        *moments,
    ) = row
    return Planned(
        id=id_,
        product=product,
        uid=uid,
        stage=stage,
        planned_at=from_micros(planned_at),
        case_id=case_id,
        csm_name=csm_name,
        csm_email=csm_email,
        merchant_name=merchant_name,
        region=region,
        gmv=None if gmv is None else from_units(gmv),
        revenue=None if revenue is None else from_units(revenue),
        other_columns=json.loads(others) if others else {},
        churned_at=_moment(moments[0]),
        readopted_at=_moment(moments[1]),
        won_at=_moment(moments[2]),
    )


def _moment(value: int | None) -> dt.datetime | None:
    return None if value is None else from_micros(value)


@database.writing()
def claim(
    run: Run, planned: Iterable[Planned], message_id: str, recipient: str, owner: str, clock: dt.datetime
) -> set[int]:
    """The notifications of a message that nobody else has claimed, and that may still be said (rules.md R5.4)."""
    planned = list(planned)
    channel = Notification.objects.values_list("channel", flat=True).get(pk=planned[0].id)
    Message.objects.create(key=message_id, channel=channel, address=recipient, recipient=recipient, attempted_at=clock)
    values = run.values() | {
        "message": message_id,
        "recipient": recipient,
        "owner": owner,
        "until": to_micros(clock + LEASE),
    }
    return {each.id for each in planned if database.execute("claim", values | {"id": each.id})}


@database.writing()
def mark_sent(planned: Iterable[Planned], recipient: str, sent_at: dt.datetime) -> None:
    for each in planned:
        Notification.objects.filter(pk=each.id).update(
            status="sent",
            recipient=recipient,
            csm_name=each.csm_name,
            csm_email=each.csm_email,
            sent_at=sent_at,
            claimed_by=None,
            claimed_until=None,
        )


@database.writing()
def settle(planned: Iterable[Planned], status: str, error: str, recipient: str | None = None) -> None:
    """Ends or holds notifications without their having been delivered."""
    for each in planned:
        Notification.objects.filter(pk=each.id).update(
            status=status, error=error, recipient=recipient, csm_name=each.csm_name, csm_email=each.csm_email
        )


@database.writing()
def release(clock: dt.datetime) -> int:
    """A person says so: what waits, has failed or had no recipient, and what a sender that died left unknown, is
    planned again. How many."""
    stuck = Notification.objects.filter(status__in=("waiting", "failed", "unrouted"), corrected_at=None)
    waiting = stuck.update(status="planned", error=None)
    Notice.objects.filter(claimed_at__lt=clock - LEASE, told_at=None).update(claimed_at=None)
    died = Notification.objects.filter(status="unknown", claimed_until__lt=clock, corrected_at=None)
    return waiting + died.update(status="planned", message_id=None, claimed_by=None, claimed_until=None)


def planned_by(pull_id: int) -> int:
    return Notification.objects.filter(pull_id=pull_id, status="planned").count()


def waiting_counts() -> dict[str, int]:
    """Notifications that are neither delivered nor ended, by status."""
    undelivered = Notification.objects.filter(status__in=("planned", "waiting", "unknown", "failed", "unrouted"))
    return dict(undelivered.values_list("status").annotate(Count("pk")).order_by("status"))


def add_notice(kind: str, product: str, key: str, recipient: str, text: str, now: dt.datetime) -> None:
    """The same `key` is said once, however often it is added."""
    values = {"kind": kind, "product": product, "recipient": recipient, "text": text, "created_at": now}
    Notice.objects.get_or_create(key=key, defaults=values)


def unclaimed_notices() -> list[Notice]:
    return list(Notice.objects.filter(claimed_at=None).order_by("pk"))


def claim_notice(notice: Notice, now: dt.datetime) -> bool:
    """True for the one process that may say it."""
    return Notice.objects.filter(pk=notice.pk, claimed_at=None).update(claimed_at=now) == 1


def mark_told(notice: Notice, now: dt.datetime) -> None:
    Notice.objects.filter(pk=notice.pk).update(told_at=now)


def untold_notices() -> int:
    """How many were claimed by a process that died before it could say whether they were told."""
    return Notice.objects.exclude(claimed_at=None).filter(told_at=None).count()

"""Notices: what is said besides notifications, each once; claimed and delivered like them."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q

from winback.store import database
from winback.store.models import Message, Notice
from winback.store.outbox import LEASE, SETTLED


def add(kind: str, product: str, key: str, channel: str, recipient: str, text: str, now: dt.datetime) -> bool:
    """The same `key` is said once to a recipient, however often it is added; True the first time."""
    values = {"kind": kind, "product": product, "channel": channel, "recipient": recipient, "text": text}
    return Notice.objects.get_or_create(key=f"{key} to {recipient}", defaults=values | {"created_at": now})[1]


def is_added(key: str, recipient: str) -> bool:
    return Notice.objects.filter(key=f"{key} to {recipient}").exists()


def due(clock: dt.datetime) -> list[Notice]:
    unclaimed = Notice.objects.filter(claimed_at=None)
    return list(unclaimed.filter(Q(not_before=None) | Q(not_before__lte=clock)).order_by("pk"))


@database.writing()
def claim(notice: Notice, message: Message) -> bool:
    """True for the one process that may say it."""
    message.save(force_insert=True)
    unclaimed = Notice.objects.filter(pk=notice.pk, claimed_at=None)
    if unclaimed.update(claimed_at=message.attempted_at, message=message, error=None) == 1:
        return True
    message.delete()
    return False


@database.writing()
def mark_told(message: Message) -> None:
    message.save()
    Notice.objects.filter(message=message).update(told_at=message.sent_at, error=None)


@database.writing()
def put_back(message: Message, error: str, not_before: dt.datetime, is_failure: bool) -> None:
    Notice.objects.filter(message=message).update(
        claimed_at=None,
        message=None,
        error=error,
        not_before=not_before,
        attempts=F("attempts") + (1 if is_failure else 0),
    )
    message.delete()


@database.writing()
def give_up(message: Message, error: str) -> None:
    """It stays claimed: a person decides whether it is tried again."""
    Notice.objects.filter(message=message).update(error=error, message=None)
    message.delete()


@database.writing()
def leave_unknown(message: Message, error: str, clock: dt.datetime) -> None:
    """This sender lives, and does not know: others need not wait for its lease to end."""
    Notice.objects.filter(message=message).update(error=error, claimed_at=clock - LEASE)


@database.writing()
def tell_again(message: Message) -> None:
    """The channel was asked, and has nothing."""
    Notice.objects.filter(message=message).update(claimed_at=None, message=None, error=None)
    message.delete()


def unknown_messages(channel: str, clock: dt.datetime) -> list[Message]:
    """Those that are not being sent any more, and old enough for the channel to be asked."""
    tried = Message.objects.filter(channel=channel, sent_at=None, attempted_at__lte=clock - SETTLED)
    return list(tried.filter(notices__told_at=None, notices__claimed_at__lte=clock - LEASE).order_by("attempted_at"))


def channels() -> set[str]:
    """Those with something to say, or to find out about."""
    return set(Notice.objects.filter(told_at=None).values_list("channel", flat=True))


def of(message: Message) -> Notice | None:
    return Notice.objects.filter(message=message).first()


def untold() -> int:
    """How many were claimed and not told: by a process that died before it could say, or given up."""
    return Notice.objects.exclude(claimed_at=None).filter(told_at=None).count()

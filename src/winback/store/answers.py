"""What people answered, as rows; each answer counts once, by what it was given with."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import models

from winback.store.database import writing
from winback.store.models import Activity, Assignment, Case, Feedback, Message, Notification, Owner, Pull, Snooze

Row = TypeVar("Row", bound=models.Model)
Csm = tuple[str | None, str | None]


def find_case(case_id: int) -> Case | None:
    return Case.objects.filter(pk=case_id).first()


def newest_case(product: str | None, uid: str, at: dt.datetime) -> Case | None:
    """The case that a claim without one is about (rules.md R6.1); of any product where none is named."""
    products = [product] if product else list(Pull.objects.values_list("product", flat=True).distinct())
    had_begun = Case.objects.filter(product__in=products, uid=uid, churned_at__lte=at)
    return had_begun.order_by("-churned_at", "-pk").first()


def owner_of(case: Case, at: dt.datetime) -> Csm:
    """Name and e-mail of the case's CSM (rules.md R4.8)."""
    until = min(at, case.readopted_at) if case.readopted_at else at
    owner = Owner.objects.filter(case=case, since_at__lte=until).order_by("-since_at").first()
    return (case.csm_name, case.csm_email) if owner is None else (owner.csm_name, owner.csm_email)


def addressed(case_id: int) -> list[Csm]:
    """Whom messages about a case were written for."""
    sent = Notification.objects.filter(case_id=case_id, status__in=("sent", "unknown"))
    return list(sent.values_list("csm_name", "csm_email").distinct())


def was_written_to(case_id: int, address: str) -> bool:
    return Message.objects.filter(notifications__case_id=case_id, address=address).exclude(sent_at=None).exists()


def find_message(key: str) -> Message | None:
    return Message.objects.filter(pk=key).first()


def message_at(conversation: str, external_id: str) -> Message | None:
    """The message that a channel has there."""
    return Message.objects.filter(conversation=conversation, external_id=external_id).first()


@writing()
def add_snooze(answer: str, **values: Any) -> bool:
    return _add(Snooze, answer, values)


@writing()
def add_activity(source: str, external_id: str, **values: Any) -> bool:
    return Activity.objects.get_or_create(source=source, external_id=external_id, defaults=values)[1]


@writing()
def assign(answer: str, case: Case, to: Csm, by: str, reason: str | None, now: dt.datetime) -> bool:
    """Gives the account of a case to another CSM, until a report names another one than it does now."""
    reported = Owner.objects.filter(case=case, since_at__lte=now).exclude(pull=None).order_by("-since_at").first()
    named = (case.csm_name, case.csm_email) if reported is None else (reported.csm_name, reported.csm_email)
    values: dict[str, Any] = {"product": case.product, "uid": case.uid, "csm_name": to[0], "csm_email": to[1]}
    values |= {"reported_name": named[0], "reported_email": named[1], "reason": reason}
    values |= {"assigned_by": by, "assigned_at": now}
    assignment, is_new = Assignment.objects.get_or_create(answer=answer, defaults=values)
    if is_new:
        owner = {"csm_name": to[0], "csm_email": to[1], "assignment": assignment, "pull": None}
        Owner.objects.update_or_create(case=case, since_at=now, defaults=owner)
    return is_new


@writing()
def rate(message: Message, answered_by: str, csm: Csm, useful: bool, now: dt.datetime) -> None:
    """One answer for each person and notification; the last counts."""
    values = {"csm_name": csm[0], "csm_email": csm[1], "useful": useful, "answered_at": now}
    for notification in Notification.objects.filter(message=message):
        Feedback.objects.update_or_create(notification=notification, answered_by=answered_by, defaults=values)


def was_useful(message: Message) -> bool | None:
    """The last answer; None before anybody has answered."""
    newest = Feedback.objects.filter(notification__message=message).order_by("-answered_at", "-pk").first()
    return None if newest is None else newest.useful


def told_by(message: Message) -> list[tuple[int | None, str | None, str | None]]:
    """Case and CSM of each notification of a message."""
    return list(Notification.objects.filter(message=message).values_list("case_id", "csm_name", "csm_email"))


def _add(model: type[Row], answer: str, values: dict[str, Any]) -> bool:
    return model._default_manager.get_or_create(answer=answer, defaults=values)[1]

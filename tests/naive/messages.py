"""Which messages are planned, sent, ended and taken back (rules.md §5, R3.13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .records import FOLLOW_UPS, Adoption, Case, Notification, Pull, seen_at, state
from .settings import Settings

Notifications = list[Notification]


def follow_ups_of(case: Case, notifications: Notifications) -> Notifications:
    """Those that still mean something: a skipped or corrected one is as if it had never been."""
    return [
        note
        for note in notifications
        if note.about is case and note.stage in FOLLOW_UPS and note.status != "skipped" and not note.corrected
    ]


def may_follow_up(case: Case, now: datetime, clock: datetime, settings: Settings) -> bool:
    """R5.2 and the silent cases of R5.3. A claim counts whenever it was, a snooze and an engagement by the clock."""
    if case.silent or case.arm == "held_out" or case.desk.claims_of(case) or state(case, now, settings) != "at_risk":
        return False
    if any(snooze.set_at <= clock < snooze.until_at for snooze in case.snoozes):
        return False
    engaged = [done for done in case.desk.engagements(case, case.product) if done.occurred_at <= clock]
    return not (settings.stop_when_engaged and engaged)


def due_stage(case: Case, notifications: Notifications, now: datetime, settings: Settings) -> str | None:
    had = follow_ups_of(case, notifications)
    stages = {note.stage for note in had}
    today = now.astimezone(settings.tz).date()
    age = (today - case.churned_at.astimezone(settings.tz).date()).days
    if any(note.planned_at.astimezone(settings.tz).date() == today for note in had):
        return None
    if not stages:
        return "first"
    if settings.second[0] <= age <= settings.second[1] and not stages & {"second", "final"}:
        return "second"
    if settings.final[0] <= age <= settings.final[1] and "final" not in stages:
        return "final"
    return None


def plan_follow_ups(pull: Pull, cases: Iterable[Case], notifications: Notifications, settings: Settings) -> None:
    for case in cases:
        if case.is_open and may_follow_up(case, pull.at, pull.at, settings):
            stage = due_stage(case, notifications, pull.at, settings)
            if stage is not None:
                _end(follow_ups_of(case, notifications), "superseded", pull)
                notifications.append(Notification(case, stage, pull, seen_at(case, pull.at)))


def announce_win_back(pull: Pull, case: Case, notifications: Notifications) -> None:
    """R5.5, for a case just closed: undelivered follow-ups are skipped, whoever got the newest is told."""
    had = follow_ups_of(case, notifications)
    _end(had, "skipped", pull)
    told = [note.to for note in had if note.status == "sent"]
    if told and not pull.silent and not case.is_void:
        notifications.append(Notification(case, "readopted", pull, told[-1]))


def announce_adoption(pull: Pull, adoption: Adoption, notifications: Notifications) -> None:
    if not pull.silent:
        notifications.append(Notification(adoption, "new_adoption", pull, adoption.frozen))


def skip_planned(case: Case, notifications: Notifications) -> None:
    """Of a case that was made void nothing more is said, whatever is undone later."""
    for note in notifications:
        if note.about is case and note.status == "planned":
            note.status = "skipped"


def _end(notifications: Notifications, status: str, pull: Pull) -> None:
    for note in notifications:
        if note.status == "planned":
            note.status, note.ended_by = status, pull


def send(
    notifications: Notifications, of_pull: Pull | None, now: datetime, clock: datetime, settings: Settings
) -> None:
    """All that is planned, or what one pull planned. R5.4: what R5.2 forbids by now is skipped."""
    for note in notifications:
        if note.status == "planned" and of_pull in (None, note.planned_by):
            note.status = _outcome(note, notifications, now, clock, settings)
            if note.status == "sent":
                note.sent_at = clock
            if note.status == "sent" and note.stage in FOLLOW_UPS and isinstance(note.about, Case):
                note.to = seen_at(note.about, clock)


def _outcome(
    note: Notification, notifications: Notifications, now: datetime, clock: datetime, settings: Settings
) -> str:
    if isinstance(note.about, Adoption) or note.stage == "readopted":
        return "sent"
    if not may_follow_up(note.about, now, clock, settings):
        return "skipped"
    rank = FOLLOW_UPS.index(note.stage)
    others = follow_ups_of(note.about, notifications)
    later_sent = [other for other in others if other.status == "sent" and FOLLOW_UPS.index(other.stage) > rank]
    return "superseded" if later_sent else "sent"


def withdraw(notifications: Notifications, pull: Pull) -> Notifications:
    """What is left when `pull` is undone: its unsent messages go, those that it ended are planned again."""
    left = [note for note in notifications if note.planned_by is not pull or note.status == "sent"]
    for note in left:
        if note.ended_by is pull:
            note.status, note.ended_by = "planned", None
        if note.planned_by is pull and note.stage in ("first", "readopted", "new_adoption"):
            note.corrected = True
    return left

"""The audit log: who decided, claimed, gave away, signed in, took data out. The database lets nobody change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from winback.core.moments import format_moment
from winback.store.models import AuditEntry, Case, Pull


def note(at: dt.datetime, actor: str, action: str, subject: str, details: str | None = None) -> None:
    """Within the transaction that does it, where there is one: what is not noted was not done."""
    AuditEntry.objects.create(at=at, actor=actor, action=action, subject=subject, details=details)


def pull_named(pull: Pull) -> str:
    return f"pull {pull.pk} of {pull.product}, {format_moment(pull.at)}"


def case_named(case: Case) -> str:
    return f"case {case.pk} of {case.product}, {case.uid}"


def given_to(name: str, reason: str | None) -> str:
    return f"to {name}: {reason}" if reason else f"to {name}"


def values_set(values: Mapping[str, str | dt.datetime | None]) -> str:
    """None is one that was cleared."""
    texts = {name: format_moment(value) if isinstance(value, dt.datetime) else value for name, value in values.items()}
    return "; ".join(f"{name}: {'cleared' if text is None else text}" for name, text in texts.items())

"""The audit log: who decided, claimed, gave away, signed in, took data out. The database lets nobody change it."""

from __future__ import annotations

import datetime as dt

from winback.store.models import AuditEntry


def note(at: dt.datetime, actor: str, action: str, subject: str, details: str | None = None) -> None:
    """Within the transaction that does it, where there is one: what is not noted was not done."""
    AuditEntry.objects.create(at=at, actor=actor, action=action, subject=subject, details=details)

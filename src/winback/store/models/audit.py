"""Who did what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import MomentField, Text


class AuditEntry(models.Model):
    """Written once: the database refuses to change or delete it. `subject`: what it was done to, `details`: how or
    why, both for people to read."""

    at = MomentField()
    actor = Text()
    action = Text()
    subject = Text()
    details = Text(null=True)

    class Meta:
        db_table = "audit"
        indexes: ClassVar = [models.Index("at", name="audit_by_time")]

"""Long work that somebody asked for, and who does it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import Json, MomentField, Text


class Request(models.Model):
    """Work asked for in a page or in Slack: a row before it is done, claimed by one worker. `key` is unique: what is
    asked for twice with the same is done once. `beat_at`: when its worker last said that it lives; `attempts`: how many
    workers have begun it."""

    kind = Text()
    arguments = Json()
    key = Text(unique=True)
    status = Text()  # planned working done failed
    asked_by = Text()
    asked_at = MomentField()
    worker = Text(null=True)
    started_at = MomentField(null=True)
    beat_at = MomentField(null=True)
    attempts = models.IntegerField(db_default=0)
    progress = Text(null=True)
    share = models.FloatField(null=True)
    ended_at = MomentField(null=True)
    outcome = Json(null=True)
    error = Text(null=True)

    class Meta:
        db_table = "requests"
        indexes: ClassVar = [models.Index("status", "asked_at", name="requests_by_status")]


class Worker(models.Model):
    """A process that does what is asked for. `name`: its machine and process."""

    name = Text(primary_key=True)
    seen_at = MomentField()

    class Meta:
        db_table = "workers"

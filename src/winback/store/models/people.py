"""Who is who."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import MomentField, Text


class Person(models.Model):
    """Who a CSM is, as somebody has set it, or as a match by name was found; [people] of the settings comes first."""

    name = Text(unique=True)  # as in the report, or the e-mail
    slack = Text(null=True)
    email = Text(null=True)
    manager = Text(null=True)
    timezone = Text(null=True)
    country = Text(null=True)
    away_until = MomentField(null=True)
    covered_by = Text(null=True)
    set_at = MomentField()

    class Meta:
        db_table = "people"


class Member(models.Model):
    """A member of the Slack workspace, as its directory had it when it was last read."""

    slack = Text(primary_key=True)
    real_name = Text(null=True)
    display_name = Text(null=True)
    email = Text(null=True)
    timezone = Text(null=True)
    is_active = models.BooleanField()
    is_person = models.BooleanField()  # neither robot nor system
    is_guest = models.BooleanField()
    read_at = MomentField()

    class Meta:
        db_table = "members"
        indexes: ClassVar = [models.Index("email", name="members_by_email")]

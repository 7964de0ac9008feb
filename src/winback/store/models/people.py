"""Who is who."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import MomentField, Text


class Person(models.Model):
    """Who a CSM is, as somebody has set it; [people] of the settings comes first. `key`: how the name is looked up, see
    core/texts.py."""

    key = Text(unique=True)
    name = Text()  # as in the report, or the e-mail
    slack = Text(null=True)
    email = Text(null=True)
    manager = Text(null=True)
    timezone = Text(null=True)
    country = Text(null=True)
    away_until = MomentField(null=True)
    covered_by = Text(null=True)
    set_at = MomentField()
    set_by = Text()

    class Meta:
        db_table = "people"


class Member(models.Model):
    """A member of the Slack workspace, as its directory had it when it was last read. `real_key`, `display_key`: how
    the names are looked up."""

    slack = Text(primary_key=True)
    real_name = Text(null=True)
    display_name = Text(null=True)
    real_key = Text(null=True)
    display_key = Text(null=True)
    email = Text(null=True)  # in lower case
    timezone = Text(null=True)
    is_active = models.BooleanField()
    is_person = models.BooleanField()  # neither robot nor system
    is_guest = models.BooleanField()
    read_at = MomentField()

    class Meta:
        db_table = "members"
        indexes: ClassVar = [
            models.Index("email", name="members_by_email"),
            models.Index("real_key", name="members_by_real_name"),
            models.Index("display_key", name="members_by_display_name"),
        ]

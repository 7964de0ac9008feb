"""What is said, to whom, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from winback.store.fields import MomentField, Text
from winback.store.models.cases import Pull


class Message(models.Model):
    """One message to one person on one channel, claimed to be sent, about one or several notifications or a notice.
    `key` is opaque: by it the channel finds a message again whose outcome is unknown. `conversation` and `external_id`:
    where the channel has put it; `thread`: the message whose thread it is in."""

    key = Text(primary_key=True)
    channel = Text()
    address = Text()  # where the channel delivers; `recipient` is how people read it
    recipient = Text()
    thread = models.ForeignKey("self", models.SET_NULL, null=True)
    conversation = Text(null=True)
    external_id = Text(null=True)
    attempted_at = MomentField()
    sent_at = MomentField(null=True)
    edited_at = MomentField(null=True)

    class Meta:
        db_table = "messages"
        indexes: ClassVar = [
            models.Index("conversation", "external_id", name="messages_by_place"),
            models.Index("channel", "address", "sent_at", name="messages_by_address"),
        ]


class Notification(models.Model):
    """A message about one case or new adoption: a row before it is a message, and kept when an undo takes its case
    away. One for each channel of the settings.

    `attempts`, `not_before`: how often the channel said no, and when it may be tried again. `shown`: the state of the
    case that its message shows; see sql/shown.sql.
    `settled_by`, `settled_from`: the pull that superseded or skipped it, and its status before, for an undo.
    `corrected_at`: what it said was taken back; it then counts as never said.
    """

    product = Text()
    uid = Text()
    case_id = models.BigIntegerField(null=True)
    adoption_id = models.BigIntegerField(null=True)
    region = Text(null=True)
    stage = Text()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    channel = Text()
    recipient = Text(null=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="notifications")
    status = Text()  # planned waiting sent superseded skipped failed unrouted unknown
    planned_at = MomentField()
    sent_at = MomentField(null=True)
    attempts = models.IntegerField(db_default=0)
    not_before = MomentField(null=True)
    shown = Text(null=True)
    error = Text(null=True)
    claimed_by = Text(null=True)
    claimed_until = MomentField(null=True)
    corrected_at = MomentField(null=True)
    pull = models.ForeignKey(Pull, models.PROTECT, related_name="notifications")
    settled_by = models.ForeignKey(Pull, models.PROTECT, related_name="settled", null=True)
    settled_from = Text(null=True)

    class Meta:
        db_table = "notifications"
        indexes: ClassVar = [
            models.Index("case_id", "stage", name="notifications_by_case"),
            models.Index("status", name="notifications_by_status"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "case_id",
                "stage",
                "channel",
                condition=~Q(status="skipped") & Q(corrected_at=None),
                name="one_notification_a_stage",
            ),
            models.UniqueConstraint(
                "adoption_id", "channel", condition=~Q(adoption_id=None), name="one_notification_an_adoption"
            ),
        ]


class Notice(models.Model):
    """What is said besides notifications, to one recipient: an alert to operators (rules.md R3.16), a correction of a
    message that an undo made wrong (R3.13), a word to a manager. `key` is unique: what is said once is one row. Claimed
    and not told: of unknown outcome."""

    kind = Text()  # held, failed, no_pull, identical, unrouted, correction, final, doubt, digest
    product = Text()
    key = Text(unique=True)
    channel = Text()
    recipient = Text()
    text = Text()
    created_at = MomentField()
    claimed_at = MomentField(null=True)
    told_at = MomentField(null=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="notices")
    attempts = models.IntegerField(db_default=0)
    not_before = MomentField(null=True)
    error = Text(null=True)

    class Meta:
        db_table = "notices"

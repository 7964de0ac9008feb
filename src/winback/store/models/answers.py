"""What people answered and did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import MomentField, Text
from winback.store.models.cases import Case
from winback.store.models.messages import Notification


class Claim(models.Model):
    """What a CSM says of a case (rules.md R6.1); all are kept, the newest counts. Without a case: an imported one that
    no case was found for, perhaps without a product either."""

    product = Text(null=True)
    uid = Text()
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="claims")
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    outcome = Text()  # won, lost
    reason = Text(null=True)
    note = Text(null=True)
    claimed_at = MomentField()  # the moment it speaks of
    recorded_at = MomentField()
    source = Text()  # slack, cli, file, web, a CRM
    answer = Text(unique=True)  # what it was made with, so that the same form counts once

    class Meta:
        db_table = "claims"
        indexes: ClassVar = [models.Index("case_id", "claimed_at", name="claims_by_case")]


class Snooze(models.Model):
    """No follow-ups for a case within [set_at, until_at) (rules.md R5.2)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="snoozes")
    set_at = MomentField()
    until_at = MomentField()
    reason = Text()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    answer = Text(unique=True)

    class Meta:
        db_table = "snoozes"


class Activity(models.Model):
    """Something a CSM did for an account, as the CRM or a button recorded it; without a product it is about all. Whose
    it is follows from what the CRM has, `account_ref` to `maker_ref`, and is found anew whenever that is mapped: see
    sql/resolved.sql. An opportunity is kept here too, with its `outcome` once it is closed."""

    source = Text()
    external_id = Text()
    product = Text(null=True)
    uid = Text(null=True)
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    kind = Text()
    occurred_at = MomentField()
    logged_at = MomentField()
    account_ref = Text(null=True)
    account_uid = Text(null=True)
    owner_ref = Text(null=True)
    maker_ref = Text(null=True)
    modified_at = MomentField(null=True)
    is_done = models.BooleanField(default=True, db_default=True)
    outcome = Text(null=True)
    note = Text(null=True)
    counts = models.BooleanField(default=True, db_default=True)  # done, and of a kind that is an engagement

    class Meta:
        db_table = "activities"
        indexes: ClassVar = [models.Index("uid", "occurred_at", name="activities_by_account")]
        constraints: ClassVar = [models.UniqueConstraint("source", "external_id", name="one_activity_a_record")]


class Feedback(models.Model):
    """Whether a message was useful: one answer for each person and notification, the last counts."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="feedback")
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    answered_by = Text()  # the person's id on the channel
    useful = models.BooleanField()
    answered_at = MomentField()

    class Meta:
        db_table = "feedback"
        constraints: ClassVar = [models.UniqueConstraint("notification", "answered_by", name="one_answer_a_person")]

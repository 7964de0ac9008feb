"""Fields and constraints, no behaviour. A case's state follows from its moments and is never stored (rules.md R4.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from winback.store.fields import Json, MomentField, MoneyField, Text


class Pull(models.Model):
    """One reading of a report. Files are named relative to the folder of the history."""

    product = Text()
    at = MomentField()
    status = Text()  # applied, held, rejected, undone
    reason = Text(null=True)
    rows = models.BigIntegerField()
    accepted = models.BigIntegerField()
    rejected = models.BigIntegerField()
    churned = models.BigIntegerField(null=True)
    won = models.BigIntegerField(null=True)
    missing = models.BigIntegerField(null=True)
    unreadable_amounts = models.BigIntegerField(default=0)
    source = Text()
    read_at = MomentField()
    decided_at = MomentField(null=True)
    decided_by = Text(null=True)
    mode = Text()
    uid_columns = Json()  # the names configured for the UID's column (R2.8)
    other_columns = Json()
    fingerprint = Text()
    silent = models.BooleanField()
    sends = models.BooleanField()
    findings = Json()  # of the guard: [{rule, text, sample}]
    report_file = Text(null=True)
    report_size = models.BigIntegerField(null=True)
    report_hash = Text(null=True)
    base_file = Text(null=True)
    base_size = models.BigIntegerField(null=True)
    base_hash = Text(null=True)
    absent_file = Text(null=True)
    absent_size = models.BigIntegerField(null=True)
    absent_hash = Text(null=True)
    rejected_file = Text(null=True)

    class Meta:
        db_table = "pulls"
        indexes: ClassVar = [models.Index("product", "at", name="pulls_by_moment")]
        constraints: ClassVar = [
            models.UniqueConstraint("product", "at", condition=~Q(status="undone"), name="one_pull_a_moment"),
        ]


class Frozen(models.Model):
    """An account as it was at one moment; every KPI is made of such values (rules.md R2.7)."""

    product = Text()
    uid = Text()
    merchant_name = Text(null=True)
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    region = Text(null=True)
    gmv = MoneyField(null=True)
    revenue = MoneyField(null=True)
    other_columns = Text(null=True)  # JSON

    class Meta:
        abstract = True


class Case(Frozen):
    """One episode, with the values before the churn; `other_columns` are those of the row when the case opened."""

    churned_at = MomentField()
    readopted_at = MomentField(null=True)
    voided_at = MomentField(null=True)
    void_reason = Text(null=True)
    baseline = models.BooleanField()
    silent = models.BooleanField()
    opened_by = models.ForeignKey(Pull, models.PROTECT, related_name="opened")
    closed_by = models.ForeignKey(Pull, models.PROTECT, related_name="closed", null=True)

    class Meta:
        db_table = "cases"
        indexes: ClassVar = [
            models.Index("product", "uid", "churned_at", name="cases_by_account"),
            models.Index("product", "churned_at", name="cases_by_churn"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint("product", "uid", condition=Q(readopted_at=None), name="one_open_case"),
        ]


class Adoption(Frozen):
    """A new adoption: a win without an open case, with the values of the report that shows it."""

    won_at = MomentField()
    pull = models.ForeignKey(Pull, models.PROTECT)

    class Meta:
        db_table = "adoptions"
        indexes: ClassVar = [models.Index("product", "uid", "won_at", name="adoptions_by_account")]


class Assignment(models.Model):
    """A person gave an account to another CSM; it holds until a report names another one than it did then (R4.8)."""

    product = Text()
    uid = Text()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    reported_name = Text(null=True)  # whom the report named then
    reported_email = Text(null=True)
    assigned_at = MomentField()
    assigned_by = Text()
    reason = Text(null=True)
    answer = Text(unique=True)  # what it was asked for with, so that the same click counts once

    class Meta:
        db_table = "assignments"
        indexes: ClassVar = [models.Index("product", "uid", "assigned_at", name="assignments_by_account")]


class Owner(models.Model):
    """From `since_at` on, the case's account belongs to this CSM (rules.md R4.8); before the first one, to the
    frozen CSM. By a report or by a person: exactly one of `pull` and `assignment` is there, or both where an earlier
    assignment holds for a case that the pull opened."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="owners")
    since_at = MomentField()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    pull = models.ForeignKey(Pull, models.PROTECT, null=True)
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True)

    class Meta:
        db_table = "owners"
        constraints: ClassVar = [models.UniqueConstraint("case", "since_at", name="one_owner_a_moment")]


class Worth(models.Model):
    """From `since_at` on, the amounts that the reports show for a case's account; before the first one, the frozen
    ones."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="worths")
    since_at = MomentField()
    gmv = MoneyField(null=True)
    revenue = MoneyField(null=True)
    pull = models.ForeignKey(Pull, models.PROTECT)

    class Meta:
        db_table = "worths"
        constraints: ClassVar = [models.UniqueConstraint("case", "since_at", name="one_worth_a_moment")]


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
        indexes: ClassVar = [models.Index("conversation", "external_id", name="messages_by_place")]


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
    attempts = models.IntegerField(default=0)
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
    attempts = models.IntegerField(default=0)
    not_before = MomentField(null=True)
    error = Text(null=True)

    class Meta:
        db_table = "notices"


class Claim(models.Model):
    """What a CSM says of a case (rules.md R6.1); all are kept, the newest counts. Without a case: an imported one that
    no case was found for."""

    product = Text()
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
    """Something a CSM did for an account, as the CRM or a button recorded it; without a product it is about all."""

    source = Text()
    external_id = Text()
    product = Text(null=True)
    uid = Text()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
    kind = Text()
    occurred_at = MomentField()
    logged_at = MomentField()

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

"""Fields and constraints, no behaviour. A case's state follows from its moments and is never stored (rules.md R4.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from winback.store.fields import MomentField, MoneyField


class Pull(models.Model):
    """One reading of a report. Files are named relative to the folder of the history."""

    product = models.CharField(max_length=100)
    at = MomentField()
    status = models.CharField(max_length=10)  # applied, held, rejected, undone
    reason = models.TextField(null=True)
    rows = models.BigIntegerField()
    accepted = models.BigIntegerField()
    rejected = models.BigIntegerField()
    churned = models.BigIntegerField(null=True)
    won = models.BigIntegerField(null=True)
    missing = models.BigIntegerField(null=True)
    unreadable_amounts = models.BigIntegerField(default=0)
    source = models.TextField()
    read_at = MomentField()
    decided_at = MomentField(null=True)
    decided_by = models.TextField(null=True)
    mode = models.CharField(max_length=10)
    uid_columns = models.JSONField()  # the names configured for the UID's column (R2.8)
    other_columns = models.JSONField()
    fingerprint = models.TextField()
    silent = models.BooleanField()
    sends = models.BooleanField()
    findings = models.JSONField()  # of the guard: [{rule, text, sample}]
    report_file = models.TextField(null=True)
    report_size = models.BigIntegerField(null=True)
    report_hash = models.TextField(null=True)
    base_file = models.TextField(null=True)
    base_size = models.BigIntegerField(null=True)
    base_hash = models.TextField(null=True)
    absent_file = models.TextField(null=True)
    absent_size = models.BigIntegerField(null=True)
    absent_hash = models.TextField(null=True)
    rejected_file = models.TextField(null=True)

    class Meta:
        db_table = "pulls"
        indexes: ClassVar = [models.Index("product", "at", name="pulls_by_moment")]
        constraints: ClassVar = [
            models.UniqueConstraint("product", "at", condition=~Q(status="undone"), name="one_pull_a_moment"),
        ]


class Frozen(models.Model):
    """An account as it was at one moment; every KPI is made of such values (rules.md R2.7)."""

    product = models.CharField(max_length=100)
    uid = models.TextField()
    merchant_name = models.TextField(null=True)
    csm_name = models.TextField(null=True)
    csm_email = models.TextField(null=True)
    region = models.TextField(null=True)
    gmv = MoneyField(null=True)
    revenue = MoneyField(null=True)
    other_columns = models.TextField(null=True)  # JSON

    class Meta:
        abstract = True


class Case(Frozen):
    """One episode, with the values before the churn; `other_columns` are those of the row when the case opened."""

    churned_at = MomentField()
    readopted_at = MomentField(null=True)
    voided_at = MomentField(null=True)
    void_reason = models.TextField(null=True)
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


class Owner(models.Model):
    """From `since_at` on, the case's account belongs to this CSM (rules.md R4.8); before the first one, to the
    frozen CSM."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="owners")
    since_at = MomentField()
    csm_name = models.TextField(null=True)
    csm_email = models.TextField(null=True)
    pull = models.ForeignKey(Pull, models.PROTECT)

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


class Notification(models.Model):
    """A message about one case or new adoption: a row before it is a message, and kept when an undo takes its case
    away.

    `settled_by`, `settled_from`: the pull that superseded or skipped it, and its status before, for an undo.
    `corrected_at`: what it said was taken back; it then counts as never said.
    """

    product = models.CharField(max_length=100)
    uid = models.TextField()
    case_id = models.BigIntegerField(null=True)
    adoption_id = models.BigIntegerField(null=True)
    region = models.TextField(null=True)
    stage = models.CharField(max_length=12)
    csm_name = models.TextField(null=True)
    csm_email = models.TextField(null=True)
    channel = models.CharField(max_length=20)
    recipient = models.TextField(null=True)
    message_id = models.TextField(null=True)
    status = models.CharField(max_length=12)  # planned waiting sent superseded skipped failed unrouted unknown
    planned_at = MomentField()
    sent_at = MomentField(null=True)
    error = models.TextField(null=True)
    claimed_by = models.TextField(null=True)
    claimed_until = MomentField(null=True)
    corrected_at = MomentField(null=True)
    pull = models.ForeignKey(Pull, models.PROTECT, related_name="notifications")
    settled_by = models.ForeignKey(Pull, models.PROTECT, related_name="settled", null=True)
    settled_from = models.CharField(max_length=12, null=True)

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
                condition=~Q(status="skipped") & Q(corrected_at=None),
                name="one_notification_a_stage",
            ),
            models.UniqueConstraint("adoption_id", condition=~Q(adoption_id=None), name="one_notification_an_adoption"),
        ]


class Notice(models.Model):
    """What is said besides notifications: an alert to operators (rules.md R3.16), or a correction of a message that
    an undo made wrong (R3.13). `key` is unique: what is said once is one row. Claimed and not told: of unknown
    outcome."""

    kind = models.CharField(max_length=20)  # held, failed, no_pull, identical, unrouted, correction
    product = models.CharField(max_length=100)
    key = models.TextField(unique=True)
    recipient = models.TextField()
    text = models.TextField()
    created_at = MomentField()
    claimed_at = MomentField(null=True)
    told_at = MomentField(null=True)

    class Meta:
        db_table = "notices"

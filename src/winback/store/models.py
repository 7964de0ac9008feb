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


class Owner(models.Model):
    """From `since_at` on, the case's account belongs to this CSM (rules.md R4.8); before the first one, to the
    frozen CSM."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="owners")
    since_at = MomentField()
    csm_name = Text(null=True)
    csm_email = Text(null=True)
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
    message_id = Text(null=True)
    status = Text()  # planned waiting sent superseded skipped failed unrouted unknown
    planned_at = MomentField()
    sent_at = MomentField(null=True)
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
                condition=~Q(status="skipped") & Q(corrected_at=None),
                name="one_notification_a_stage",
            ),
            models.UniqueConstraint("adoption_id", condition=~Q(adoption_id=None), name="one_notification_an_adoption"),
        ]


class Notice(models.Model):
    """What is said besides notifications: an alert to operators (rules.md R3.16), or a correction of a message that
    an undo made wrong (R3.13). `key` is unique: what is said once is one row. Claimed and not told: of unknown
    outcome."""

    kind = Text()  # held, failed, no_pull, identical, unrouted, correction
    product = Text()
    key = Text(unique=True)
    recipient = Text()
    text = Text()
    created_at = MomentField()
    claimed_at = MomentField(null=True)
    told_at = MomentField(null=True)

    class Meta:
        db_table = "notices"

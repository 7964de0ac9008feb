"""What the reports have shown. A case's state follows from its moments and is never stored (rules.md R4.1)."""

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
    findings = Json()  # of the guard: [{rule, text, what, counted, total, limit, sample}]
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
    arm = Text(null=True)  # messaged, held_out; null where nothing was drawn (rules.md R6.6)
    holdout_share = models.FloatField(null=True)
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

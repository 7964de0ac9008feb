"""What is known of the CRM: which account is which, who is who, and how far it has been read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winback.store.fields import MomentField, Text


class CrmAccount(models.Model):
    """`uid`: as a field of the CRM has it; `said_uid`: as a person has mapped it, which counts before."""

    source = Text()
    ref = Text()
    name = Text(null=True)
    uid = Text(null=True)
    said_uid = Text(null=True)
    said_by = Text(null=True)
    said_at = MomentField(null=True)

    class Meta:
        db_table = "crm_accounts"
        constraints: ClassVar = [models.UniqueConstraint("source", "ref", name="one_account_a_ref")]


class CrmOwner(models.Model):
    """`said_name`, `said_email`: the CSM whom a person has mapped it to; `is_nobody`: a person has said that it is
    none. `csm_name`, `csm_email`: who it is, found anew at each reading."""

    source = Text()
    ref = Text()
    name = Text(null=True)
    email = Text(null=True)
    is_robot = models.BooleanField(default=False)
    is_nobody = models.BooleanField(default=False)
    said_name = Text(null=True)
    said_email = Text(null=True)
    said_by = Text(null=True)
    said_at = MomentField(null=True)
    csm_name = Text(null=True)
    csm_email = Text(null=True)

    class Meta:
        db_table = "crm_owners"
        constraints: ClassVar = [models.UniqueConstraint("source", "ref", name="one_owner_a_ref")]


class CrmMark(models.Model):
    """Up to where a stream of a source has been read, by the source's own clock."""

    source = Text()
    stream = Text()
    read_until = MomentField()

    class Meta:
        db_table = "crm_marks"
        constraints: ClassVar = [models.UniqueConstraint("source", "stream", name="one_mark_a_stream")]

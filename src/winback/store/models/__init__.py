"""Fields and constraints, no behaviour."""

from winback.store.models.answers import Activity, Claim, Feedback, Snooze
from winback.store.models.audit import AuditEntry
from winback.store.models.cases import Adoption, Assignment, Case, Frozen, Owner, Pull, Worth
from winback.store.models.crm import CrmAccount, CrmMark, CrmOwner
from winback.store.models.messages import Message, Notice, Notification
from winback.store.models.people import Member, Person
from winback.store.models.requests import Request, Worker

__all__ = [
    "Activity",
    "Adoption",
    "Assignment",
    "AuditEntry",
    "Case",
    "Claim",
    "CrmAccount",
    "CrmMark",
    "CrmOwner",
    "Feedback",
    "Frozen",
    "Member",
    "Message",
    "Notice",
    "Notification",
    "Owner",
    "Person",
    "Pull",
    "Request",
    "Snooze",
    "Worker",
    "Worth",
]

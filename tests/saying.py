"""What people say and do, through the functions behind every door."""

from __future__ import annotations

from tests.steps import ActivityStep, ClaimStep, RateStep, ReassignStep, SayStep, SnoozeStep
from winback import Workspace
from winback.core.claims import NewClaim, Outcome
from winback.store import answers
from winback.store.claims import NoCase, record_claims
from winback.store.models import Case, Feedback, Notification


def say(workspace: Workspace, product: str, step: SayStep) -> str:
    """ "done" or "refused"."""
    now = workspace.now()
    match step:
        case ClaimStep():
            return claim(workspace, product if step.of_product else None, step)
        case ActivityStep():
            named = product if step.of_product else None
            values = {"product": named, "uid": step.uid, "csm_name": step.csm[0], "csm_email": step.csm[1]}
            moments = {"occurred_at": now - step.ago, "logged_at": now}
            answers.add_activity("crm", step.record, **values, **moments, kind="call")
            return "done"
        case RateStep():
            return rate(workspace, product, step)
    case_ = Case.objects.filter(product=product, uid=step.uid, readopted_at=None, voided_at=None).first()
    if case_ is None:
        return "refused"
    if isinstance(step, SnoozeStep):
        answers.add_snooze(f"{now}", case=case_, set_at=now, until_at=now + step.length, reason="busy")
    elif isinstance(step, ReassignStep):
        answers.assign(f"{now}", case_, step.to, "lee", None, now)
    return "done"


def claim(workspace: Workspace, product: str | None, step: ClaimStep) -> str:
    outcome: Outcome = "won" if step.outcome == "won" else "lost"
    at = workspace.now() - step.ago
    said = NewClaim(step.answer, step.uid, outcome, *step.csm, at, "crm", product)
    try:
        record_claims([said], workspace.now(), imported=step.imported)
    except NoCase:
        return "refused"
    return "done"


def rate(workspace: Workspace, product: str, step: RateStep) -> str:
    newest = Notification.objects.filter(product=product, uid=step.uid, status="sent").order_by("pk").last()
    if newest is None:
        return "refused"
    name, email = step.csm
    values = {"csm_name": name, "csm_email": email, "useful": step.useful, "answered_at": workspace.now()}
    Feedback.objects.update_or_create(notification=newest, answered_by=f"{name} {email}", defaults=values)
    return "done"

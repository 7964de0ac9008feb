"""The accounts at risk of a CSM, as a message would tell of them."""

from __future__ import annotations

import json

from winback.store import database
from winback.store.models import Case
from winback.store.outbox import Planned, Run, planned_of


def at_risk_of(csm: str | None, run: Run, many: int, after: int = 0) -> tuple[list[Planned], int]:
    """Some of them, the largest GMV first, and how many there are in all (where there are any after `after`). `csm`:
    see sql/at_risk_of.sql. They are no notifications, and have none's id."""
    values = run.values()
    values = {"at": values["now"], "lost_after": values["lost_after"], "product": None, "csm": csm}
    rows = database.rows("at_risk_of", values | {"many": many, "after": after})
    return [planned_of(row[:-1]) for row in rows], rows[0][-1] if rows else 0


def planned_of_case(case: Case) -> Planned:
    """One of them, whatever became of it."""
    return Planned(
        id=0,
        product=case.product,
        uid=case.uid,
        stage="first",
        planned_at=case.churned_at,
        channel="slack",
        message=None,
        case_id=case.pk,
        csm_name=case.csm_name,
        csm_email=case.csm_email,
        merchant_name=case.merchant_name,
        region=case.region,
        gmv=case.gmv,
        revenue=case.revenue,
        other_columns=json.loads(case.other_columns) if case.other_columns else {},
        attempts=0,
        is_taken_back=False,
        churned_at=case.churned_at,
        readopted_at=case.readopted_at,
        won_at=None,
    )

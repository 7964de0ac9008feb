"""A programme whose CRM is read: churned accounts with their CSMs, and what the CRM tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.programme import Programme, csv_text, day
from winback.activities import Gathered

DANA = {"csm_name": "Dana Ortiz", "csm_email": "dana@shop.example", "merchant_name": "Acme"}
LEE = {"csm_name": "Lee Park", "csm_email": "lee@shop.example", "merchant_name": "Birch"}


def churned(folder: Path, settings: str) -> Programme:
    """Accounts `a` (Dana's) and `b` (Lee's), enabled on day 1 and not on day 2."""
    programme = Programme(folder, settings)
    for number, sign in ((1, "+"), (2, "-")):
        flag = "true" if sign == "+" else "false"
        rows = [{"uid": "a", "is_product_enabled": flag, **DANA}, {"uid": "b", "is_product_enabled": flag, **LEE}]
        programme.pull(number, programme.file(csv_text(rows)))
    return programme


def gather(programme: Programme, now: float, since: float | None = None) -> dict[str, Gathered]:
    """What came of each source."""
    programme.now = day(now)
    with programme.open() as workspace:
        again = None if since is None else day(since)
        return {gathered.source: gathered for gathered in workspace.gather_activities(again)}


def activities(programme: Programme) -> dict[str, tuple[Any, ...]]:
    """external_id → UID, CSM, kind, day and hour."""
    return {
        row["external_id"]: (row["uid"], row["csm_name"], row["kind"], f"{row['occurred_at']:%d %H}")
        for row in programme.table("activities")
    }


def unmatched(programme: Programme) -> list[tuple[Any, ...]]:
    with programme.open() as workspace:
        rows = workspace.unmatched_activities().to_pylist()
    return [(row["what"], row["ref"], row["records"]) for row in rows]

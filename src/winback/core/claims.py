"""What is claimed of a case, wherever it comes from (rules.md R6.1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["won", "lost"]


@dataclass(frozen=True)
class NewClaim:
    """`answer`: what it was made with; the same one again is the same claim. `claimed_at`: the moment it speaks of.
    `case_id`: the case, where the claim names one; else it is about the account's newest case with a churn not later
    than `claimed_at`, of `product`, or of any. `source`: slack, cli, file, web, or the name of a CRM."""

    answer: str
    uid: str
    outcome: Outcome
    csm_name: str | None
    csm_email: str | None
    claimed_at: dt.datetime
    source: str
    product: str | None = None
    reason: str | None = None
    note: str | None = None
    case_id: int | None = None

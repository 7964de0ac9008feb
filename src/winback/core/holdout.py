"""Which accounts are held out (rules.md R6.6): drawn once and for all, without a list to keep."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Literal

Arm = Literal["messaged", "held_out"]
# How long a held-out case is kept from CSMs, and what recovery is measured over.
WATCHED = dt.timedelta(days=30)
_BYTES = 8


def arm_of(product: str, uid: str, share: float) -> Arm:
    """The arm of every case of an account. Whoever is held out at one share is so at any larger one, too."""
    digest = hashlib.sha256(f"{product}\0{uid}".encode()).digest()
    place = int.from_bytes(digest[:_BYTES]) / 256**_BYTES
    return "held_out" if place < share else "messaged"


def is_hidden(arm: str | None, churned_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a CSM must not hear of a case yet, from a colleague neither."""
    return arm == "held_out" and now < churned_at + WATCHED

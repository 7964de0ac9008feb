"""What every statement of the store that answers a question takes: for which moment, product, region and CSM."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from winback.calendars import calendars
from winback.core.moments import local_day, shifts, to_micros
from winback.store.record import micros

if TYPE_CHECKING:
    from winback.settings import Settings


def parameters(
    settings: Settings,
    at: dt.datetime,
    product: str | None = None,
    region: str | None = None,
    csm: str | None = None,
    uncontacted_for: dt.timedelta | None = None,
) -> dict[str, object]:
    """`csm`: by name or e-mail; `uncontacted_for`: see tables.py."""
    return {
        "at": to_micros(at),
        "product": product,
        "region": region,
        "csm": csm,
        # As the databases' lower() does it: of A to Z alone.
        "csm_email": csm and csm.encode().lower().decode(),
        "lost_after": micros(settings.cases.lost_after),
        "uncontacted": micros(uncontacted_for),
        "credited_until": to_micros(at),
        "today": local_day(at, settings.tz),
        "recovery_days": settings.claims.recovery_within_days,
        "claim_days": settings.claims.claim_within_days,
        "zone": json.dumps(shifts(settings.tz, at.year + 1)),
        **calendars(settings, at),
    }

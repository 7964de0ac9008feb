"""What there is to choose from in the filters."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from winback.store import database
from winback.web.filters import NONE, Filters

if TYPE_CHECKING:
    from winback.workspace import Workspace

# Every case is looked at for them; whoever is new in a report is there a little later, and can be typed meanwhile.
_KEPT_FOR = 600


def choices_of(workspace: Workspace, filters: Filters) -> dict[str, Any]:
    regions, csms = _known(str(workspace.settings.folder), int(time.monotonic()) // _KEPT_FOR)
    at = filters.at.astimezone(workspace.settings.tz) if filters.at else None
    return {
        "products": list(workspace.settings.products),
        "regions": [(region or NONE, region or "No region") for region in regions],
        "region": NONE if filters.region == "" else filters.region,
        "csms": csms,
        "csm": NONE if filters.csm == "" else filters.csm or "",
        "at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
    }


@lru_cache(maxsize=2)
def _known(_: str, __: int) -> tuple[list[str], list[str]]:
    regions = [region for (region,) in database.rows("known_regions", {})]
    csms = sorted({name or email for name, email in database.rows("known_csms", {})}, key=str.casefold)
    return regions, [*csms, NONE]

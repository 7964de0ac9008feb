"""What there is to choose from in the filters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.store import finding
from winback.web.filters import NONE, Filters

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm
    from winback.workspace import Workspace

# Every case is looked at for them; whoever is new in a report is there a little later, and can be typed meanwhile.
_KEPT_FOR = 600
# Of what was typed, in a hint.
_SHOWN = 80


def choices_of(workspace: Workspace, filters: Filters) -> dict[str, Any]:
    regions, known = _known(*_kept(workspace.settings))
    csms = sorted({name or email or "" for name, email in known}, key=str.casefold)
    at = filters.at.astimezone(workspace.settings.tz) if filters.at else None
    return {
        "products": list(workspace.settings.products),
        "regions": [(region or NONE, region or "No region") for region in regions],
        "region": NONE if filters.region == "" else filters.region,
        "csms": [*csms, NONE],
        "csm": NONE if filters.csm == "" else filters.csm or "",
        "at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
        "unknown": [*_unknown_region(filters, regions), *_unknown_csm(filters, known)],
    }


def _unknown_region(filters: Filters, regions: list[str]) -> Iterator[str]:
    if filters.region and filters.region not in regions:
        yield f"No account has ever churned or been won in the region “{filters.region[:_SHOWN]}”."


def _unknown_csm(filters: Filters, known: list[Csm]) -> Iterator[str]:
    """As the tables filter: by the whole name, or by the e-mail whatever its case."""
    asked = filters.csm
    if asked and not any(asked == name or asked.lower() == (email or "").lower() for name, email in known):
        yield f"Nobody is called “{asked[:_SHOWN]}” in the reports: expected a whole name or e-mail, as in the list."


def known_csms(settings: Settings) -> list[Csm]:
    """As the reports name them, name and e-mail."""
    return _known(*_kept(settings))[1]


def _kept(settings: Settings) -> tuple[Path, int]:
    return settings.data_path, int(time.monotonic()) // _KEPT_FOR


@lru_cache(maxsize=2)
def _known(data: Path, _: int) -> tuple[list[str], list[Csm]]:
    regions = [region for (region,) in finding.rows_of(data, "known_regions")]
    return regions, [(name, email) for name, email in finding.rows_of(data, "known_csms")]

"""How the cases of a message stand, as far as it tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from winback.messages.content import Standing
from winback.store import shown
from winback.store.models import Notification
from winback.store.outbox import Planned, Run


def standings_of(planned: Iterable[Planned], run: Run) -> dict[int, Standing]:
    """By notification; new adoptions have none."""
    return {each.id: _standing(each, run) for each in planned if each.case_id is not None}


def _standing(planned: Planned, run: Run) -> Standing:
    is_taken_back = Notification.objects.filter(pk=planned.id).exclude(corrected_at=None).exists()
    found: dict[str, Any] | None = None if is_taken_back else shown.standing_of(planned.case_id or 0, run)
    return Standing(**found) if found else Standing("undone", planned.churned_at or run.now)

"""How a case stands, as far as its messages tell: read, said in one line, and what can still be answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from winback.messages.content import Answer, Standing
from winback.messages.wording import say, say_duration, say_moment
from winback.store import shown

_STAGES = ("first", "second", "final")

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.outbox import Planned, Run


def standings_by_case(planned: Sequence[Planned], run: Run) -> dict[int, Standing]:
    """Of the cases that are still there."""
    found = shown.standings({each.case_id for each in planned if each.case_id is not None}, run)
    return {case: Standing(**row) for case, row in found.items()}


def standings_of(planned: Sequence[Planned], run: Run) -> dict[int, Standing]:
    """By notification; new adoptions have none."""
    found = standings_by_case(planned, run)
    return {each.id: _standing(each, found, run) for each in planned if each.case_id is not None}


def _standing(planned: Planned, found: dict[int, Standing], run: Run) -> Standing:
    standing = None if planned.is_taken_back else found.get(planned.case_id or 0)
    return standing or Standing("undone", planned.churned_at or run.now)


def is_open(planned: Planned, standing: Standing | None) -> bool:
    """Whether an answer can still change anything: a lost account may be won back, and a win may be claimed."""
    if planned.stage == "new_adoption":
        return False
    status = standing.status if standing else "at_risk"
    if planned.stage == "readopted" and standing:
        return status == "won" and standing.claim != "won"
    return status in ("at_risk", "lost")


def is_asked(planned: Planned, standing: Standing | None, now: dt.datetime, settings: Settings) -> bool:
    """Whether the message still asks for something: not of who has answered."""
    if standing is None or planned.stage == "new_adoption":
        return True
    if planned.stage == "readopted" or not is_open(planned, standing):
        return is_open(planned, standing)
    is_engaged = standing.engaged_at is not None and settings.follow_ups.stop_when_engaged
    return standing.status == "at_risk" and not (standing.claim or is_engaged or _is_snoozed(standing, now))


def answers_to(planned: Planned, standing: Standing | None) -> tuple[Answer, ...]:
    """Those that fit how the case stands: whoever has reached out is not asked to say so again."""
    if planned.case_id is None or not is_open(planned, standing):
        return ()
    if planned.stage == "readopted" or (standing and standing.claim):
        return ("log_outcome", "data_wrong")
    if standing and standing.engaged_at is not None:
        return ("log_outcome", "snooze", "not_mine", "data_wrong")
    if standing and standing.status == "lost":
        return ("reach_out", "log_outcome", "not_mine", "data_wrong")
    return ("reach_out", "log_outcome", "snooze", "not_mine", "data_wrong")


def say_standing(planned: Planned, standing: Standing | None, now: dt.datetime, settings: Settings) -> str | None:
    """`planned` has the CSM whom the message was for: if the case is another's now, the line says so."""
    if standing is None or planned.stage == "new_adoption":
        return None
    said = _state(planned, standing, now, settings)
    moved = standing.owner not in (None, planned.csm_name, planned.csm_email) and standing.status in ("at_risk", "lost")
    lines = [said, say(settings, "standing.owner", owner=standing.owner) if moved else None]
    return " ".join(line for line in lines if line) or None


def _state(planned: Planned, standing: Standing, now: dt.datetime, settings: Settings) -> str | None:
    if standing.status in ("void", "undone"):
        return say(settings, f"standing.{standing.status}")
    if planned.stage == "readopted":
        return _claimed(standing, "claimed_back", settings) if standing.claim == "won" else None
    if standing.status == "won":
        return _won(standing, settings)
    if standing.claim:
        return _claimed(standing, f"claimed_{standing.claim}", settings)
    if standing.status == "lost":
        return say(settings, "standing.lost")
    return _underway(planned, standing, now, settings)


def _won(standing: Standing, settings: Settings) -> str:
    back_at = standing.readopted_at or standing.churned_at
    away = say_duration(back_at - standing.churned_at, settings)
    return say(settings, "standing.won", at=say_moment(back_at, settings), away=away)


def _is_later(stage: str, than: str) -> bool:
    return _STAGES.index(stage) > _STAGES.index(than)


def _is_snoozed(standing: Standing, now: dt.datetime) -> bool:
    return standing.snoozed_until is not None and standing.snoozed_until > now


def _claimed(standing: Standing, key: str, settings: Settings) -> str:
    who = standing.claimed_by or say(settings, "standing.somebody")
    reason = standing.claim_reason or say(settings, "standing.no_reason")
    return say(settings, f"standing.{key}", who=who, reason=reason)


def _underway(planned: Planned, standing: Standing, now: dt.datetime, settings: Settings) -> str | None:
    if standing.engaged_at is not None:
        who = standing.engaged_by or say(settings, "standing.somebody")
        key = "engaged" if settings.follow_ups.stop_when_engaged else "engaged_and_going_on"
        return say(settings, f"standing.{key}", who=who, at=say_moment(standing.engaged_at, settings))
    if standing.snoozed_until is not None and _is_snoozed(standing, now):
        reason = standing.snooze_reason or say(settings, "standing.no_reason")
        return say(settings, "standing.snoozed", until=say_moment(standing.snoozed_until, settings), reason=reason)
    if standing.last_stage is not None and _is_later(standing.last_stage, planned.stage):
        return say(settings, f"standing.{standing.last_stage}")
    return None

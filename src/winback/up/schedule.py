"""When each product is pulled: `[schedule]`, by the local clock, once a day.

A day that was missed while nothing ran is made up for on the same day, where no report was read on it. A report that is
late is waited for as `winback pull --retry-until` does (waiting.py), but here without keeping other products waiting.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.core.moments import format_moment, local_date, start_of_day
from winback.errors import DatabaseFailed, WinbackError
from winback.store import database
from winback.store.models import Pull
from winback.terminal.tables import plural
from winback.waiting import EVERY

if TYPE_CHECKING:
    from winback.outcomes import Attempt, Outcome
    from winback.workspace import Workspace

log = logging.getLogger("winback.schedule")
_DAY = dt.timedelta(days=1)
# A database that is away is no fault of the report's: such a pull was no attempt.
_SOON = dt.timedelta(minutes=1)
_LOOK = 1.0


@dataclass
class _Turn:
    """`settled`: the last day on which there is nothing left to do; `again_at`: not before then is it tried again."""

    at: dt.time
    settled: dt.date
    again_at: dt.datetime


class Timetable:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._tz = workspace, workspace.settings.tz
        schedule = workspace.settings.schedule
        self._retry_until = schedule.retry_until if schedule else None
        now = workspace.now()
        today = local_date(now, self._tz)
        times = schedule.times if schedule else {}
        self._turns = {name: _Turn(at, today - _DAY, now) for name, at in times.items()}
        for name, turn in self._turns.items():
            if self._moment(today, turn.at) <= now and self._was_read(name, today):
                turn.settled = today

    def _was_read(self, product: str, day: dt.date) -> bool:
        """Whatever came of it: what a person rejected or undid is not pulled again behind their back."""
        begun = start_of_day(day, self._tz)
        return Pull.objects.filter(product=product, silent=False, read_at__gte=begun).exists()

    def _moment(self, day: dt.date, at: dt.time) -> dt.datetime:
        """A time that the clocks skip counts as the hour after, one they repeat as the first of the two."""
        return dt.datetime.combine(day, at, self._tz).astimezone(dt.UTC)

    def look(self, stop: threading.Event) -> None:
        """Pulls what is due, one after the other."""
        for product, turn in self._turns.items():
            if stop.is_set():
                break
            day = self._last_due(turn)
            if day > turn.settled and self._workspace.now() >= turn.again_at:
                self._pull(product, turn, day)

    def _last_due(self, turn: _Turn) -> dt.date:
        """The last day whose time has come: yesterday, where another product's pull has lasted over midnight."""
        now = self._workspace.now()
        today = local_date(now, self._tz)
        return today if self._moment(today, turn.at) <= now else today - _DAY

    def _pull(self, product: str, turn: _Turn, day: dt.date) -> None:
        now = self._workspace.now()
        deadline = self._moment(day, self._retry_until) if self._retry_until else now
        attempt: Attempt = "early" if now < deadline else "last"
        try:
            outcome = self._workspace.pull(product, attempt=attempt)
        except DatabaseFailed as problem:
            self._put_off(product, turn, now + _SOON, problem)
        except WinbackError as problem:
            if attempt == "early":
                self._put_off(product, turn, min(now + EVERY, deadline), problem)
                return
            log.error("%s: %s", product, problem)
            turn.settled = day
        except Exception:
            log.exception("%s could not be pulled", product)
            turn.settled = day
        else:
            log.info("%s", _came_to(outcome))
            turn.settled = day
        finally:
            database.close_database()

    def _put_off(self, product: str, turn: _Turn, until: dt.datetime, problem: WinbackError) -> None:
        turn.again_at = until
        log.warning("%s: %s; trying again at %s", product, problem, f"{until.astimezone(self._tz):%H:%M}")


def _came_to(outcome: Outcome) -> str:
    """Without the accounts concerned, which are nothing for a log."""
    text = f"{outcome.product} {format_moment(outcome.at)}: {outcome.status} (pull {outcome.pull_id})"
    if not outcome.is_new:
        return f"{text} already"
    if outcome.status == "held":
        return f"{text} for {plural(len(outcome.findings), 'reason')}, which `winback pulls` shows"
    return f"{text}, {plural(outcome.rows, 'row')}, {outcome.churned or 0:,} churned, {outcome.won or 0:,} won"


def keep_schedule(workspace: Workspace, stop: threading.Event) -> None:
    timetable = Timetable(workspace)
    database.close_database()
    while not stop.wait(_LOOK):
        timetable.look(stop)

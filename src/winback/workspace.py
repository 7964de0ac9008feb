"""The public face: open a workspace, pull, decide, read tables and KPIs; compare two reports without one."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from winback import accounts, daily, decisions, figures, formats, progress, sending, sql_views
from winback.channels import open_channel
from winback.core.moments import parse_when
from winback.counts import Counts
from winback.errors import UsageError, WinbackError
from winback.faults import each_plainly, in_plain_words, plain_spoken, plainly
from winback.messages import notices
from winback.messages.channel import Channel
from winback.messages.deliver import Post
from winback.messages.send import Sent
from winback.outcomes import Attempt, Outcome, Request
from winback.settings import Product, Settings, find_workspace, load_settings
from winback.store import database, marks, outbox
from winback.store.tables import Span
from winback.tables import Query, Table, read_table
from winback.team import Moment, me

if TYPE_CHECKING:
    import pyarrow as pa


@plain_spoken
class Workspace(Counts):
    """A workspace with its database open. One at a time in a process: close one (or leave its `with`) before the next.

    Moments are given as aware datetimes, dates or ISO 8601 text; text and dates are in the workspace's time zone.
    Everything that goes wrong is a `winback.errors.WinbackError` whose text is for a person.
    """

    settings: Settings
    _open: Workspace | None = None

    def __init__(self, settings: Settings, now: dt.datetime | None = None, output: TextIO | None = None) -> None:
        """`now`: a moment to take for now, instead of the clock's. `output`: where the console channel prints."""
        if Workspace._open is not None:
            raise UsageError(
                f"this process has the workspace {Workspace._open.settings.folder} open: close it before opening"
                " another"
            )
        self.settings = settings
        self._now = now
        self._output = output
        self._channels: dict[str, Channel] = {}
        self._stop = threading.Event()
        database.open_database(settings.database)
        Workspace._open = self

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        database.close_database()
        if Workspace._open is self:
            Workspace._open = None

    def stop_sending(self) -> None:
        """Begins no message any more, whatever is at work: what is planned, somebody else sends."""
        self._stop.set()

    def now(self) -> dt.datetime:
        return self._now or dt.datetime.now(dt.UTC).replace(microsecond=0)

    # The daily job

    def pull(
        self,
        product: str | None = None,
        report: str | Path | None = None,
        at: Moment = None,
        *,
        dry_run: bool = False,
        messages: bool = True,
        attempt: Attempt = "only",
    ) -> Outcome:
        """One pull (rules.md §2, §3). `product` may be left out where there is one. With `messages` it sends at its
        end what it planned; without, that stays planned for `notify`. `attempt`: "early" or "last" where a new
        report is waited for, see outcomes.py. Raises ReportRefused; nothing has changed then."""
        chosen = self.product(product)
        request = Request(
            report=None if report is None else str(report),
            at=self.moment(at, chosen.name),
            dry_run=dry_run,
            sends=messages,
            attempt=attempt,
        )
        try:
            outcome = daily.pull(self.settings, chosen, request, self.now())
            outcome = outcome if dry_run else self._send(outcome)
        except Exception:
            # Where the disk is full or the database locked, this fails too; the first failure is the one to tell.
            with suppress(WinbackError), in_plain_words():
                notices.tell(self._post())
            raise
        notices.tell(self._post())
        self._keep_figures(outcome)
        return outcome

    def backfill(self, product: str, pattern: str) -> Iterator[tuple[int, Outcome]]:
        """Many dated reports, oldest first and silently; yields how many there are with each outcome."""
        return each_plainly(self._backfill(self.product(product), pattern))

    def _backfill(self, product: Product, pattern: str) -> Iterator[tuple[int, Outcome]]:
        yield from daily.backfill(self.settings, product, pattern, self.now())
        self._keep_figures()

    def notify(self, *, release: bool = False, by: str | None = None) -> Sent:
        """Sends what is planned and not yet delivered; with `release` also what waits for a person, `by` whom."""
        return sending.notify(self.settings, self._post(), (by or me()) if release else None)

    # Decisions

    def approve(self, pull_id: int, reason: str, by: str | None = None) -> Outcome:
        """Applies a held pull, and sends what it planned unless that was to be left to `notify`. Approving an approved
        pull again only sends what was not sent."""
        outcome = self._send(decisions.approve(self.settings, pull_id, reason, by or me(), self.now()))
        notices.tell(self._post())
        self._keep_figures(outcome)
        return outcome

    def reject(self, pull_id: int, reason: str, by: str | None = None) -> Outcome:
        return decisions.reject(self.settings, pull_id, reason, by or me(), self.now())

    def undo(self, pull_id: int, reason: str, by: str | None = None) -> Outcome:
        """Takes the last applied pull back, and what was said because of it. Undoing it again only says what was not
        said."""
        outcome = decisions.undo(self.settings, pull_id, reason, by or me(), self.now())
        sending.correct(self.settings, self._post())
        self._keep_figures()
        return outcome

    def void(self, case_id: int, reason: str, by: str | None = None) -> None:
        decisions.void(self.settings, case_id, reason, by or me(), self.now())

    # Reading

    def table(
        self,
        name: str,
        *,
        product: str | None = None,
        at: Moment = None,
        region: str | None = None,
        csm: str | None = None,
        pull: int | None = None,
    ) -> pa.Table:
        """A table of interface.md as Arrow: amounts are decimals, moments timestamps in UTC."""
        return formats.to_arrow(self.read(name, product=product, at=at, region=region, csm=csm, pull=pull))

    def read(
        self,
        name: str,
        *,
        product: str | None = None,
        at: Moment = None,
        region: str | None = None,
        csm: str | None = None,
        pull: int | None = None,
        uncontacted_for: dt.timedelta | None = None,
        seen_at: dt.datetime | None = None,
        span: Span | None = None,
    ) -> Table:
        """The same as rows, some thousands at a time. `uncontacted_for`: of at_risk, what has been off for at least so
        long without anybody engaging; `seen_at`: without what CSMs must not see of at that moment (rules.md R6.6);
        `span`: some of the rows, and no others are read."""
        query = replace(self._query(product, at, region, csm, pull), uncontacted_for=uncontacted_for, seen_at=seen_at)
        table = read_table(self.settings, name, query, span)
        return replace(table, batches=each_plainly(table.batches))

    def account(
        self, product: str, uid: str, *, at: Moment = None, seen_at: dt.datetime | None = None
    ) -> dict[str, Any] | None:
        """All there is of one account, as table → its rows; None where no report up to then has had it."""
        query = replace(self._query(product, at, None, None), uid=uid, seen_at=seen_at)
        return accounts.read_rows(self.settings, query)

    # What the methods above share

    def product(self, name: str | None) -> Product:
        products = self.settings.products
        if name is None:
            if len(products) > 1:
                raise UsageError(f"which product? winback.toml has {', '.join(products)}")
            return next(iter(products.values()))
        if name not in products:
            raise UsageError(f'there is no product "{name}" in winback.toml; there are: {", ".join(products)}')
        return products[name]

    def moment(self, value: Moment, product: str | None = None) -> dt.datetime | None:
        """A bare date is that day at the `at_time` of the product, or of the only one (rules.md R1.3)."""
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            return (
                value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=self.settings.tz).astimezone(dt.UTC)
            )
        products = self.settings.products
        chosen = products.get(product or "") or (next(iter(products.values())) if len(products) == 1 else None)
        try:
            return parse_when(str(value), self.settings.tz, chosen.at_time if chosen else dt.time(0))
        except ValueError as error:
            raise UsageError(str(error)) from error

    def _query(
        self, product: str | None, at: Moment, region: str | None, csm: str | None, pull: int | None = None
    ) -> Query:
        if product is not None:
            self.product(product)
        return Query(self.moment(at, product) or self.now(), product, region, csm, pull)

    def _send(self, outcome: Outcome) -> Outcome:
        """A pull that died after it was applied left its messages planned: the same pull again sends them."""
        if outcome.pull_id is None:
            return outcome
        progress.begin("sending", outcome.rows)
        sent = sending.send(self.settings, outcome.pull_id, self._post())
        return replace(outcome, sent=sent, planned=0 if sent else outbox.planned_by(outcome.pull_id))

    def _keep_figures(self, outcome: Outcome | None = None) -> None:
        """What was done is done; that its figures could not be kept is no failure of it."""
        if outcome is not None and outcome.status != "applied":
            return
        try:
            with in_plain_words():
                sql_views.tell(self.settings, self.now())
                marks.gather()
                figures.keep(self.settings, outcome.at if outcome else None, self.now())
        except (WinbackError, OSError) as error:
            print(f"figures will take longer to ask for: {error}", file=sys.stderr)  # noqa: T201

    def _post(self) -> Post:
        return Post(self.settings, self._channel, self.now, self._stop)

    def _channel(self, name: str) -> Channel:
        """Opened when it is first needed: a token that is missing is no reason not to read a table."""
        if name not in self._channels:
            self._channels[name] = open_channel(name, self.settings, self._output)
        return self._channels[name]


@plainly
def open_workspace(
    folder: str | Path = ".", *, now: dt.datetime | None = None, output: TextIO | None = None
) -> Workspace:
    """Opens the workspace of a folder or of its nearest parent that has a winback.toml. Raises SettingsError where
    that is wrong, DatabaseMismatch where the database is missing or of another version."""
    workspace = Workspace(load_settings(find_workspace(Path(folder))), now, output)
    with ExitStack() as unless_checked:
        unless_checked.callback(workspace.close)
        database.check_version(workspace.settings.database)
        unless_checked.pop_all()
    return workspace

"""The day from top to bottom: the table of contents of the product.

    find_report       report/sources    which file, and of what moment
    | check_report    report/check      cleaned rows, rejected rows, a fingerprint
    | Comparison      report/compare    what moved between the history and the report
    | judge           core/guard        believable? else the pull is held, and nothing else changes
    | write_absent    report/history    the new history, beside the old one
    | apply_pull      store/record      cases, adoptions, owners, amounts ┐ one transaction
    | plan            store/record      notifications                     ┘
    | send_planned    messages/send     each claimed, sent, marked        → channels

A process may die after any of these: the same command again ends in the same tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from winback import kept
from winback.core import guard
from winback.core.follow_ups import due
from winback.core.moments import format_moment
from winback.errors import ReportRefused, UsageError, WinbackError
from winback.messages import alerts
from winback.messages.send import Channel, Sent, send_planned
from winback.report import history, sources
from winback.report.check import Checked, check_report
from winback.report.compare import Comparison
from winback.report.sources import Source
from winback.store import outbox, record
from winback.store.models import Pull
from winback.store.outbox import Run

if TYPE_CHECKING:
    from winback.settings import Product, Settings

Clock = Callable[[], dt.datetime]
_FUTURE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What a pull came to. `status` as in the table pulls, or `dry run`; `is_new`: False where nothing changed
    (R3.14)."""

    product: str
    at: dt.datetime
    status: str
    pull_id: int | None
    source: str
    rows: int
    accepted: int
    rejected: int
    unreadable_amounts: int
    churned: int | None
    won: int | None
    missing: int | None
    findings: tuple[dict[str, Any], ...] = ()
    is_new: bool = True
    is_baseline: bool = False
    sent: Sent | None = None


@dataclass(frozen=True)
class Request:
    """One pull asked for: `at` None means the `{date}` of the file name, else now."""

    report: str | None = None
    at: dt.datetime | None = None
    dry_run: bool = False
    silent: bool = False
    sends: bool = True
    by: str | None = None


def pull(settings: Settings, product: Product, request: Request, now: dt.datetime) -> Outcome:
    """One pull of one product, without the sending. Raises ReportRefused where the report can't be used; nothing
    changes then, but that the operators are to be told (rules.md R3.16)."""
    with kept.at_work(settings, product):
        try:
            source = _find(settings, product, request)
            return _pull(settings, product, source, request, now)
        except WinbackError as error:
            if not request.dry_run and not request.silent:
                alerts.of_failed_pull(settings, product.name, error, now)
                alerts.of_missing_pull(settings, product.name, now)
            raise


def backfill(settings: Settings, product: Product, pattern: str, now: dt.datetime) -> Iterator[tuple[int, Outcome]]:
    """Many dated reports, oldest first, silently (rules.md R5.3); yields how many there are with each outcome.
    Reports up to the last applied pull are passed over, so that it can be interrupted and started again."""
    if "{date}" not in pattern:
        raise UsageError(f'backfill needs to know the moment of each report: write {{date}} for it in "{pattern}"')
    found = sources.dated_reports(settings.resolve(pattern), settings.tz, product.at_time)
    last = kept.last_applied(product.name)
    todo = [source for source in found if last is None or (source.at or now) > last.at]
    for source in todo:
        with kept.at_work(settings, product):
            outcome = _pull(settings, product, source, Request(silent=True, sends=False), now)
        yield len(todo), outcome


def _find(settings: Settings, product: Product, request: Request) -> Source:
    pattern = settings.resolve(product.report)
    if request.report is None:
        return sources.find_report(pattern, settings.tz, product.at_time)
    source = sources.find_report(request.report, settings.tz, product.at_time)
    if source.at is None and "{date}" in product.report:
        at = sources.date_of(source.path.name, Path(pattern).name, settings.tz, product.at_time)
        return replace(source, at=at)
    return source


def _pull(settings: Settings, product: Product, source: Source, request: Request, now: dt.datetime) -> Outcome:
    at = request.at or source.at or now
    if at > now + _FUTURE:
        raise ReportRefused(
            f"{format_moment(at)} is more than a day ahead of now ({format_moment(now)}): check the date"
        )
    last = kept.last_applied(product.name)
    known = Pull.objects.filter(product=product.name, at=at).order_by("pk").last()
    if last is not None and at <= last.at and known is None:
        raise ReportRefused(
            f"the last applied report is of {format_moment(last.at)}: one of {format_moment(at)} comes too late;"
            " undo that one first"
        )
    with (
        kept.folder_for(settings, product, at, request.dry_run) as folder,
        kept.engine_for(settings, product, folder, source.path) as engine,
    ):
        checked = check_report(engine, source, product, settings.workspace.timezone, folder)
        _refuse_other_keys(product, last, checked)
        if known is not None and known.fingerprint == checked.fingerprint:
            return replace(outcome_of(known), is_new=False)
        if known is not None and last is not None and at <= last.at:
            raise ReportRefused(
                f"another report of {format_moment(at)} was pulled already (pull {known.pk}, {known.status});"
                " nothing changes"
            )
        compared = Comparison(engine, product, at, checked.report_file, kept.history_of(settings, last))
        reading = _reading(settings, product, source, at, checked, request, now)
        return _decide(
            settings,
            product,
            reading,
            checked,
            compared,
            request,
            known if known and known.status != "undone" else None,
        )


def _decide(
    settings: Settings,
    product: Product,
    reading: Pull,
    checked: Checked,
    compared: Comparison,
    request: Request,
    replaced: Pull | None,
) -> Outcome:
    """Held or applied; with `dry_run` only said."""
    last = kept.last_applied(product.name)
    figures = compared.figures()
    reading.churned, reading.won, reading.missing = figures.churned, figures.won, figures.missing
    findings = guard.judge_reading(checked.rows, checked.accepted, checked.rejected, product.guard)
    if last is not None and checked.accepted:
        findings += guard.judge_changes(figures, product.guard, product.mode)
    reading.findings = [_finding(finding, compared) for finding in findings]
    if request.dry_run:
        reading.status = "dry run"
        return replace(outcome_of(reading), is_baseline=last is None)
    if findings:
        return _hold(settings, reading, checked, replaced)
    apply(settings, product, reading, compared, replaced)
    return replace(outcome_of(reading), is_baseline=last is None)


def _hold(settings: Settings, reading: Pull, checked: Checked, replaced: Pull | None) -> Outcome:
    """The pull is recorded with what it read, and nothing else changes."""
    history.make_durable(checked.report_file.parent)
    reading.status = "held"
    reading.reason = "; ".join(finding["text"] for finding in reading.findings)
    record.add(reading, replaced)
    if not reading.silent:
        alerts.of_held_pull(settings, reading)
        alerts.of_missing_pull(settings, reading.product, reading.at)
    return outcome_of(reading)


def apply(
    settings: Settings,
    product: Product,
    reading: Pull,
    compared: Comparison,
    replaced: Pull | None = None,
    reason: str | None = None,
) -> None:
    """Writes the new history, then cases and plan in one transaction, then deletes histories that are not kept any
    more."""
    folder = (settings.data_path / (reading.report_file or "")).parent
    absent = folder / "absent.parquet"
    compared.write_absent(absent)
    reading.absent_file = kept.name_of(settings, absent)
    reading.report_size, reading.report_hash = history.size_and_hash(settings.data_path / (reading.report_file or ""))
    reading.absent_size, reading.absent_hash = history.size_and_hash(absent)
    history.make_durable(folder)
    reading.status = "applied"
    reading.reason = reason
    open_uids = record.open_uids(product.name) if product.mode == "flag" else []
    with transaction.atomic():
        record.apply_pull(reading, compared.changes(), compared.updates(open_uids), replaced)
        if not reading.silent:
            _plan(settings, reading)
        record.forget_files(product.name, settings.workspace.keep)
    if not reading.silent:
        alerts.of_identical_reports(settings, reading)


def _plan(settings: Settings, reading: Pull) -> None:
    bounds = due(reading.at, settings.tz, settings.follow_ups.second, settings.follow_ups.final)
    record.plan(
        reading,
        bounds,
        settings.cases.lost_after,
        settings.messages.channel[0],
        announces_adoptions=settings.messages.new_adoptions == "bundle",
    )


def send(settings: Settings, pull_id: int, channel: Channel, clock: Clock) -> Sent | None:
    """Sends what a pull planned, judged as of that pull's moment; None where that was left to `notify`."""
    pull = Pull.objects.get(pk=pull_id)
    if pull.status != "applied" or not pull.sends:
        return None
    return send_planned(Run(pull.at, settings.cases.lost_after, pull_id), settings, channel, clock)


def notify(settings: Settings, channel: Channel, clock: Clock, release: bool = False) -> Sent:
    """Sends whatever is planned and not yet delivered, judged as of now; with `release` also what waits for a
    person."""
    if release:
        outbox.release(clock())
    for product in settings.products:
        alerts.of_missing_pull(settings, product, clock())
    sent = send_planned(Run(clock(), settings.cases.lost_after), settings, channel, clock, released=release)
    alerts.tell(settings, channel, clock)
    return sent


def _reading(
    settings: Settings,
    product: Product,
    source: Source,
    at: dt.datetime,
    checked: Checked,
    request: Request,
    now: dt.datetime,
) -> Pull:
    return Pull(
        product=product.name,
        at=at,
        rows=checked.rows,
        accepted=checked.accepted,
        rejected=checked.rejected,
        unreadable_amounts=checked.unreadable_amounts,
        source=str(source.path.absolute()),
        read_at=now,
        mode=product.mode,
        uid_columns=_names_of_uid(product),
        other_columns=list(checked.other_columns),
        fingerprint=checked.fingerprint,
        silent=request.silent,
        sends=request.sends,
        report_file=kept.name_of(settings, checked.report_file),
        rejected_file=kept.name_of(settings, checked.rejected_file) if checked.rejected_file else None,
    )


def _names_of_uid(product: Product) -> list[str]:
    return [name.strip().casefold() for name in product.columns.uid or ("uid",)]


def _refuse_other_keys(product: Product, last: Pull | None, checked: Checked) -> None:
    """rules.md R2.8: the history is told apart by the UID, and its flags mean what the mode says."""
    if last is None:
        return
    if last.mode != product.mode:
        raise ReportRefused(
            f'products.{product.name}.mode was "{last.mode}" and is "{product.mode}": a history can\'t change its'
            " mode; start a new product"
        )
    if checked.uid_column.casefold() not in last.uid_columns:
        raise ReportRefused(
            f"the UID of {product.name} was read from {' or '.join(last.uid_columns)} and now comes from"
            f" {checked.uid_column}:"
            " a history can't change its UIDs; start a new product"
        )


def _finding(finding: guard.Finding, compared: Comparison) -> dict[str, Any]:
    """As kept in the database: what is wrong, and ten accounts concerned."""
    sample = compared.sample(finding.subject, finding.group) if finding.subject not in ("rows", "rejected") else []
    return {"rule": finding.rule, "text": str(finding), "sample": [list(row) for row in sample]}


def outcome_of(pull: Pull) -> Outcome:
    return Outcome(
        product=pull.product,
        at=pull.at,
        status=pull.status,
        pull_id=pull.pk,
        source=pull.source,
        rows=pull.rows,
        accepted=pull.accepted,
        rejected=pull.rejected,
        unreadable_amounts=pull.unreadable_amounts,
        churned=pull.churned,
        won=pull.won,
        missing=pull.missing,
        findings=tuple(pull.findings),
    )

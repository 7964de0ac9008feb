"""The day from top to bottom: the table of contents of the product.

    find_report       report/sources    which file, and of what moment
    | check_report    report/check      cleaned, met with the history, a fingerprint
    | Comparison      report/compare    what moved between the history and the report
    | judge           core/guard        believable? else the pull is held, and nothing else changes
    | write_absent    report/compare    the new history, beside the old one
    | apply_pull      store/record      cases, adoptions, owners, amounts ┐ one transaction
    | plan            store/record      notifications                     ┘
    | send_planned    messages/send     each claimed, delivered, marked   → channels

A process may die after any of these: the same command again ends in the same tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from winback import kept, progress
from winback.core import guard
from winback.core.follow_ups import due
from winback.core.moments import format_moment, local_date
from winback.errors import DatabaseFailed, ReportRefused, UsageError, WinbackError
from winback.faults import in_plain_words
from winback.messages import alerts
from winback.outcomes import Outcome, Request, outcome_of, reading_of
from winback.readers import ManyReports, OneReport, Reader
from winback.report import history, sources
from winback.report.check import Checked
from winback.report.compare import Comparison
from winback.report.history import Kept
from winback.report.meet import Met
from winback.report.sources import Source
from winback.report.steady import written
from winback.store import record
from winback.store.audit import note, pull_named
from winback.store.database import writing
from winback.store.models import Pull

if TYPE_CHECKING:
    from winback.settings import Product, Settings

_FUTURE = dt.timedelta(days=1)


def pull(settings: Settings, product: Product, request: Request, now: dt.datetime) -> Outcome:
    """One pull of one product, without the sending. Raises ReportRefused where the report can't be used; nothing
    changes then, but that the operators are to be told (rules.md R3.16)."""
    try:
        with in_plain_words(), kept.at_work(settings, product):
            source = _find(settings, product, request)
            return _pull(settings, product, source, request, now, OneReport(settings, product, request.dry_run))
    except DatabaseFailed:
        raise
    except WinbackError as error:
        if not request.dry_run and not request.silent and request.attempt != "early":
            _tell_of_failure(settings, product, error, now)
        raise


def _tell_of_failure(settings: Settings, product: Product, error: WinbackError, now: dt.datetime) -> None:
    """The failure counts, not that it can't be noted: a full disk has no room for that either."""
    with suppress(WinbackError), in_plain_words():
        alerts.of_failed_pull(settings, product.name, error, now)
        alerts.of_missing_pull(settings, product.name, now)


def backfill(settings: Settings, product: Product, pattern: str, now: dt.datetime) -> Iterator[tuple[int, Outcome]]:
    """Many dated reports, oldest first, silently (rules.md R5.3); yields how many there are with each outcome.
    Reports up to the last applied pull are passed over, so that it can be interrupted and started again; those of them
    that are held are named again."""
    if "{date}" not in pattern:
        raise UsageError(f'backfill needs to know the moment of each report: write {{date}} for it in "{pattern}"')
    found = sources.dated_reports(settings.locate(pattern), settings.tz, product.at_time)
    request = Request(silent=True, sends=False)
    with kept.at_work(settings, product):
        last = kept.last_applied(product.name)
        held = {pull.at: pull for pull in Pull.objects.filter(product=product.name, status="held")}
        todo = [source for source in found if last is None or (source.at or now) > last.at or source.at in held]
        with ManyReports(settings, product, todo) as reader:
            for source in todo:
                if source.at in held and last is not None and source.at <= last.at:
                    yield len(todo), replace(outcome_of(held[source.at]), is_new=False)
                    continue
                yield len(todo), _pull(settings, product, source, request, now, reader)
                kept.remove_unnamed(settings, product.name, but=reader.at_work_in)


def _find(settings: Settings, product: Product, request: Request) -> Source:
    pattern = request.report or settings.report_of(product)
    if "{date}" in pattern and request.at is not None:
        dated = sources.dated_reports(pattern, settings.tz, product.at_time)
        return sources.of_moment(dated, request.at, settings.tz)
    source = sources.find_report(pattern, settings.tz, product.at_time)
    if request.report is None or source.at is not None:
        return source
    at = sources.named_moment(source.path.name, product.report, settings.tz, product.at_time)
    return replace(source, at=at)


def _pull(
    settings: Settings,
    product: Product,
    source: Source,
    request: Request,
    now: dt.datetime,
    reader: Reader,
) -> Outcome:
    at = _moment_of(request, source, now)
    of_clock = request.at is None and source.at is None
    last = kept.last_applied(product.name)
    if request.attempt != "only":
        _refuse_old(settings, source, last, now)
    known = list(Pull.objects.filter(product=product.name, at=at).order_by("-pk"))
    if not known:
        _refuse_too_late(at, last, of_clock)
    progress.begin("reading")
    with reader.read(source, at, last) as read:
        checked = read.checked
        _refuse_other_keys(product, last, checked)
        if same := next((pull for pull in known if kept.has_read(settings, read.engine, pull, checked)), None):
            return replace(outcome_of(same), is_new=False)
        _refuse_too_late(at, last, of_clock)
        reading = reading_of(settings, product, source, at, checked, request, now)
        progress.begin("comparing", checked.rows)
        compared = Comparison(checked.met, product, at)
        _judge(reading, product, compared, is_baseline=last is None)
        if request.dry_run:
            reading.status = "dry run"
        elif reading.findings:
            _hold(settings, reading, checked.met)
        else:
            apply(settings, product, reading, compared, reader.history_written)
        return replace(outcome_of(reading), is_baseline=last is None)


def _moment_of(request: Request, source: Source, now: dt.datetime) -> dt.datetime:
    at = request.at or source.at or now
    if at > now + _FUTURE:
        raise ReportRefused(
            f"{format_moment(at)} is more than a day ahead of now, {format_moment(now)}: check the date of the report,"
            " and this machine's clock"
        )
    return at


def _refuse_old(settings: Settings, source: Source, last: Pull | None, now: dt.datetime) -> None:
    """Where a new report is waited for, that of the last pull is none; but once one was applied today, nothing is
    waited for any more."""
    if last is None or local_date(last.read_at, settings.tz) == local_date(now, settings.tz):
        return
    if source.at is not None and source.at <= last.at:
        raise ReportRefused(
            f"there is no new report yet: the newest, {source.path.name}, is of {format_moment(source.at)}, and one of"
            f" {format_moment(last.at)} is applied already (pull {last.pk})"
        )
    written_at = written(source.path) if source.files else None
    if source.at is None and written_at is not None and written_at <= last.read_at:
        raise ReportRefused(
            f"there is no new report yet: {source.path.name} was last written at {format_moment(written_at)}, before"
            f" pull {last.pk} read it"
        )


def _refuse_too_late(at: dt.datetime, last: Pull | None, of_clock: bool) -> None:
    """rules.md R3.14; `of_clock`: nothing but the clock says of which moment the report is."""
    if last is not None and at <= last.at:
        if of_clock:
            raise ReportRefused(
                f"this machine's clock is at {format_moment(at)}, but a report of {format_moment(last.at)} is applied"
                f" already (pull {last.pk}): set the clock right, or say with --at of when the report is; nothing"
                " changes"
            )
        anew = (
            f"; to read it anew: `winback pulls undo {last.pk}`, or another moment with --at" if at == last.at else ""
        )
        raise ReportRefused(
            f"a report of {format_moment(last.at)} is applied already (pull {last.pk}): other rows of"
            f" {format_moment(at)} come too late; nothing changes{anew}"
        )


def _judge(reading: Pull, product: Product, compared: Comparison, is_baseline: bool) -> None:
    """Figures and findings of the guard (rules.md R3.8–R3.11), each with ten accounts concerned."""
    figures = compared.figures
    reading.churned, reading.won, reading.missing = figures.churned, figures.won, figures.missing
    findings = guard.judge_reading(reading.rows, reading.accepted, reading.rejected, product.guard)
    if reading.accepted and not is_baseline:
        findings += guard.judge_changes(figures, product.guard, product.mode)
    reading.findings = [
        {
            **{"rule": each.rule, "text": str(each), "what": each.what},
            **{"counted": each.counted, "total": each.total, "limit": each.limit},
            "sample": compared.sample(each.subject, each.group),
        }
        for each in findings
    ]


def _hold(settings: Settings, reading: Pull, met: Met) -> None:
    """The pull is recorded with what it read, and nothing else changes."""
    kept.name_report(settings, reading, met)
    history.make_durable(kept.folder_of(settings, reading))
    reading.status = "held"
    reading.reason = guard.summary([finding["text"] for finding in reading.findings])
    with writing():
        record.add(reading)
        if not reading.silent:
            alerts.of_held_pull(settings, reading)
            alerts.of_missing_pull(settings, reading.product, reading.at)


def apply(
    settings: Settings,
    product: Product,
    reading: Pull,
    compared: Comparison,
    told: Callable[[Kept], None] | None = None,
    reason: str | None = None,
) -> None:
    """Writes the new history beside the old one, then everything else in one transaction. `told`: who wants to know as
    soon as that is written."""
    progress.begin("writing", reading.rows)
    absent = compared.met.report_file.with_name("absent.parquet")
    compared.write_absent(absent)
    if told is not None:
        told(Kept(reading.at, compared.met.report_file, absent, compared.met.base))
    kept.name_report(settings, reading, compared.met)
    kept.name_absent(settings, reading, absent)
    history.make_durable(absent.parent)
    reading.status, reading.reason = "applied", reason
    open_uids = record.open_uids(product.name) if product.mode == "flag" else []
    with writing():
        record.apply_pull(reading, compared.changes(), compared.updates(open_uids), settings.cases.holdout)
        record.forget_files(product.name, settings.workspace.keep)
        if reading.decided_by is not None and reading.decided_at is not None:
            note(reading.decided_at, reading.decided_by, "pull approved", pull_named(reading), reason)
        if not reading.silent:
            _plan(settings, reading)
            alerts.of_identical_reports(settings, reading)


def _plan(settings: Settings, reading: Pull) -> None:
    bounds = due(reading.at, settings.tz, settings.follow_ups.second, settings.follow_ups.final)
    record.plan(
        reading,
        bounds,
        settings.cases.lost_after,
        settings.messages.channel,
        stop_when_engaged=settings.follow_ups.stop_when_engaged,
        announces_adoptions=settings.messages.new_adoptions == "bundle",
    )


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

"""What is wrong with a workspace, what waits and why, and how to mend it."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winback import kept, people
from winback.channels import open_channel
from winback.channels.slack.client import need_packages
from winback.core.moments import format_moment
from winback.crm import open_source
from winback.errors import WinbackError
from winback.faults import in_plain_words
from winback.report.engine.duckdb import DuckDB
from winback.report.fetch import fetched
from winback.report.history import histories_in
from winback.report.reading import open_report
from winback.report.sources import find_report
from winback.settings import WORDING, SqliteFile, find_workspace, load_settings
from winback.store import database, notices, outbox
from winback.store.models import Pull
from winback.workspace import open_workspace

if TYPE_CHECKING:
    from winback.settings import Product, Settings

_MEND = {
    "planned": "`winback notify` sends them",
    "waiting": "more than messages.max_per_run at once; look at `winback show notifications`, then `winback notify"
    " --release`",
    "unknown": "a sender died while sending, or the channel gave no answer; nobody knows whether they arrived; `winback"
    " notify` asks the channel where it can be, `winback notify --release` sends them again",
    "failed": "the channel refused them; `winback show notifications` has the errors",
    "unrouted": "there is nobody to send them to; `winback show notifications` says why, `winback people` who is known",
}


@dataclass(frozen=True)
class Finding:
    """`verdict`: ok, note (nothing to mend), waits (for a person), or wrong."""

    verdict: str
    subject: str
    text: str


def examine(start: Path) -> Iterator[Finding]:
    """Goes on after what is wrong as far as the rest can still be looked at."""
    try:
        settings = load_settings(find_workspace(start))
    except WinbackError as error:
        yield Finding("wrong", "settings", str(error))
        return
    yield Finding("ok", "settings", f"{settings.folder}, products: {', '.join(settings.products)}")
    if settings.wording:
        yield Finding("ok", "wording", f"{settings.folder / WORDING}: own words for {', '.join(settings.wording)}")
    yield from _channels(settings)
    for product in settings.products.values():
        yield _report(settings, product)
    yield from _crm(settings)
    yield from _writable(settings)
    yield from _stores(settings)


def examine_live(start: Path, to: str) -> Iterator[Finding]:
    """Posts to one person, and takes it back."""
    try:
        settings = load_settings(find_workspace(start))
    except WinbackError as error:
        yield Finding("wrong", "settings", str(error))
        return
    yield from _slack(settings, to)


def _channels(settings: Settings) -> Iterator[Finding]:
    """That their secrets are there; nothing is sent."""
    of_alerts = ("email",) if settings.email else ()
    for name in dict.fromkeys((*settings.messages.channel, *of_alerts)):
        try:
            open_channel(name, settings)
        except WinbackError as error:
            yield Finding("wrong", f"channel {name}", str(error))
            continue
        if name == "slack":
            yield from _slack(settings)
        elif name != "console":
            yield Finding("ok", f"channel {name}", "has what it needs; nothing was sent to try it")


def _slack(settings: Settings, to: str | None = None) -> Iterator[Finding]:
    """`to`: with whom it is tried live."""
    try:
        need_packages()
    except WinbackError as error:
        yield Finding("wrong", "channel slack", str(error))
        return
    from winback.channels.slack.checks import check_slack
    from winback.channels.slack.trial import try_slack

    checks = check_slack(settings) if to is None else try_slack(settings, to)
    yield from (Finding(verdict, "channel slack", text) for verdict, text in checks)


def _crm(settings: Settings) -> Iterator[Finding]:
    """That each source of activities answers."""
    for name in settings.crm.sources:
        try:
            with in_plain_words():
                answer = open_source(name, settings, dt.datetime.now(dt.UTC)).look()
        except WinbackError as error:
            yield Finding("wrong", f"crm.{name}", str(error))
            continue
        yield Finding("ok", f"crm.{name}", answer)


def _report(settings: Settings, product: Product) -> Finding:
    try:
        with in_plain_words(), tempfile.TemporaryDirectory(prefix="winback-") as name:
            source, folder = find_report(settings.report_of(product), settings.tz, product.at_time), Path(name)
            on_disk = fetched(source, product, folder, head_only=True)
            with DuckDB(source.files, folder) as engine:
                mapping = open_report(engine, on_disk, product, folder).mapping
    except WinbackError as error:
        return Finding("wrong", f"report of {product.name}", str(error))
    found = ", ".join(f"{ours} from {mapping.header[place].strip()}" for ours, place in mapping.mapped.items())
    others = set(mapping.others.values()).difference(mapping.mapped.values())
    return Finding("ok", f"report of {product.name}", f"{source.shown}: {found}; other columns: {len(others)}")


def _writable(settings: Settings) -> Iterator[Finding]:
    for folder in _folders(settings):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(there, os.W_OK):
            yield Finding(
                "wrong",
                "folder",
                f"{there} can't be written to: give this user the right, or move it in the settings",
            )


def _folders(settings: Settings) -> Iterator[Path]:
    yield settings.data_path
    with suppress(WinbackError):
        database = settings.database
        if isinstance(database, SqliteFile) and database.path.parent != settings.data_path:
            yield database.path.parent


def _stores(settings: Settings) -> Iterator[Finding]:
    try:
        with in_plain_words(), open_workspace(settings.folder) as workspace:
            if damage := database.damage():
                yield Finding(
                    "wrong", "database", f"{settings.database} is damaged ({damage}): put it back from a backup"
                )
            else:
                yield Finding("ok", "database", f"{settings.database}, up to date")
            yield from _unknown_products(settings)
            for product in settings.products.values():
                yield from _histories(settings, product)
            yield from _waiting(settings)
            yield from _people(settings, workspace.now())
    except WinbackError as error:
        yield Finding("wrong", "database", str(error))


def _people(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    for keeps_messages, text in people.look_after(settings, now):
        yield Finding("waits" if keeps_messages else "note", "people", text)


def _unknown_products(settings: Settings) -> Iterator[Finding]:
    for name in Pull.objects.values_list("product", flat=True).distinct().order_by("product"):
        if name not in settings.products:
            yield Finding("note", "database", f"there are pulls of {name}, which winback.toml does not have (any more)")


def _histories(settings: Settings, product: Product) -> Iterator[Finding]:
    """The history, and the former ones that are kept to look back at and to undo."""
    subject = f"history of {product.name}"
    last = kept.last_applied(product.name)
    if last is None:
        yield _without_history(settings, product, subject)
        return
    applied = Pull.objects.filter(product=product.name, status="applied").exclude(report_file=None).order_by("-at")
    # One file may be the base of several pulls.
    damages = dict.fromkeys(text for pull in applied if (text := _damage(settings, pull)))
    yield from (Finding("wrong", subject, text) for text in damages)
    if not damages:
        text = f"last applied: pull {last.pk} of {format_moment(last.at)}, {last.accepted:,} accounts in its report"
        yield Finding("ok", subject, text)


def _damage(settings: Settings, pull: Pull) -> str | None:
    try:
        kept.verified_history(settings, pull)
    except WinbackError as error:
        return str(error)
    return None


def _without_history(settings: Settings, product: Product, subject: str) -> Finding:
    folder = settings.data_path / product.name
    if histories_in(folder) and not Pull.objects.filter(product=product.name).exists():
        text = f"{folder} holds a history that this database does not know: put the database back from a backup"
        return Finding("wrong", subject, f"{text}; to start anew, move the folder away")
    return Finding("ok", subject, "none yet: the first applied pull makes it")


def _waiting(settings: Settings) -> Iterator[Finding]:
    for pull in Pull.objects.filter(status="held").order_by("at"):
        yield _held(settings, pull)
    if told := notices.untold():
        yield Finding("waits", "alerts and corrections", f"{told:,} unknown: {_MEND['unknown']}")
    for status, count in outbox.waiting_counts().items():
        yield Finding("waits", "messages", f"{count:,} {status}: {_MEND[status]}")


def _held(settings: Settings, pull: Pull) -> Finding:
    subject = f"pull {pull.pk} of {pull.product}, {format_moment(pull.at)}"
    try:
        kept.report_of(settings, pull)
    except WinbackError as error:
        return Finding("wrong", subject, str(error))
    text = f"{pull.reason}; `winback pulls` shows it, `winback pulls approve {pull.pk} --reason …` or `reject` decides"
    return Finding("waits", subject, text)

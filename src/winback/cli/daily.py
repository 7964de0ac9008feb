"""pull, backfill, notify: the daily job."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from winback.cli.opening import in_workspace
from winback.errors import WinbackError

if TYPE_CHECKING:
    from winback.outcomes import Attempt, Outcome
    from winback.workspace import Workspace

HELD = 3


@click.command()
@click.argument("products", nargs=-1, metavar="[PRODUCT]...")
@click.option(
    "--report",
    metavar="PATH",
    help="The report, instead of the one of the settings: a file, folder, glob or name with {date}, seen from the"
    " current folder.",
)
@click.option(
    "--at",
    metavar="WHEN",
    help="The moment of the report, ISO 8601. Without it: the {date} of the file name, else now.",
)
@click.option("--dry-run", is_flag=True, help="Only say what the pull would change, or why it would be held.")
@click.option("--no-messages", is_flag=True, help="Plan the messages, and leave the sending to `winback notify`.")
@click.option(
    "--retry-until",
    metavar="WHEN",
    help="While there is no new report, or it is refused, try again every 10 minutes until then: 09:00, of today in the"
    " workspace's time zone, or ISO 8601. Without it: schedule.retry_until.",
)
@click.pass_context
@in_workspace
def pull(
    workspace: Workspace,
    context: click.Context,
    products: tuple[str, ...],
    report: str | None,
    at: str | None,
    dry_run: bool,
    no_messages: bool,
    retry_until: str | None,
) -> None:
    """Pull a product's report: compare it with the last one, open and close cases, send messages.

    All products without a name. Exit status 3 when a report is held.

    \b
    Examples:
      winback pull
      winback pull payments --report reports/payments_2026-11-03.csv
      winback pull payments --dry-run
      winback pull --retry-until 09:00
    """
    from winback.terminal.pulls import told

    chosen = products or tuple(workspace.settings.products)
    if (report or at) and len(chosen) > 1:
        raise click.UsageError(f"--report and --at are for one product; name it: {', '.join(chosen)}")
    if retry_until and dry_run:
        raise click.UsageError("--retry-until waits for a report to apply, and --dry-run applies none")

    def attempt(name: str, which: Attempt) -> Outcome:
        return workspace.pull(name, report, at, dry_run=dry_run, messages=not no_messages, attempt=which)

    deadline = _deadline(workspace, retry_until, by_hand=bool(report or at or dry_run))
    statuses = [0]
    for name, outcome in _pulled(workspace, chosen, deadline, attempt):
        if not isinstance(outcome, WinbackError):
            click.echo("\n".join(told(outcome)))
            statuses.append(HELD if outcome.status == "held" or (dry_run and outcome.findings) else 0)
        elif len(chosen) == 1:
            raise outcome
        else:
            # One product's broken report is no reason to leave the others unread.
            click.echo(f"winback: {name}: {outcome}", err=True)
            statuses.append(outcome.exit_status)
    context.exit(next((status for status in (1, 2, HELD) if status in statuses), 0))


def _deadline(workspace: Workspace, retry_until: str | None, by_hand: bool) -> dt.datetime | None:
    """Until when a report is waited for; the setting is for the daily job, not for a report that somebody names."""
    from winback.waiting import parse_deadline

    schedule = workspace.settings.schedule
    if retry_until is None and not by_hand and schedule and schedule.retry_until:
        retry_until = f"{schedule.retry_until:%H:%M}"
    return None if retry_until is None else parse_deadline(retry_until, workspace.now(), workspace.settings.tz)


def _sleep(seconds: float) -> None:
    """Without a connection to the database, which need not last so long."""
    from winback.store import database

    database.close_database()
    time.sleep(seconds)


def _pulled(
    workspace: Workspace,
    products: Sequence[str],
    deadline: dt.datetime | None,
    attempt: Callable[[str, Attempt], Outcome],
) -> Iterator[tuple[str, Outcome | WinbackError]]:
    """What came of each product."""
    from winback.waiting import pull_until

    if deadline is not None:
        yield from pull_until(deadline, products, attempt, workspace.now, _sleep, partial(click.echo, err=True))
        return
    for name in products:
        try:
            yield name, attempt(name, "only")
        except WinbackError as error:
            yield name, error


@click.command()
@click.argument("product")
@click.argument("pattern")
@click.pass_context
@in_workspace
def backfill(workspace: Workspace, context: click.Context, product: str, pattern: str) -> None:
    """Pull many dated reports, oldest first, without any message.

    PATTERN has {date} where the names of the reports have their date, and is seen from the workspace's folder. Held
    reports are passed over and listed at the end (exit status 3). It can be interrupted and started again: reports up
    to the last applied one are passed over.

    \b
    Example:
      winback backfill payments 'reports/payments_{date}.csv'
    """
    from rich.console import Console
    from rich.progress import track

    from winback.terminal.pulls import told
    from winback.terminal.tables import plural

    outcomes = workspace.backfill(product, pattern)
    first = next(outcomes, None)
    if first is None:
        click.echo(f"{product}: nothing to do, every report is up to the last applied one")
        return
    total, outcome = first
    terminal = Console(stderr=True)
    done = [outcome]
    for _, outcome in track(
        outcomes,
        description=f"{product} ",
        total=total,
        completed=1,
        console=terminal,
        disable=not terminal.is_terminal,
    ):
        done.append(outcome)
    held = [outcome for outcome in done if outcome.status == "held"]
    click.echo(
        f"{product}: {plural(len(done), 'report')} read, {sum(outcome.status == 'applied' for outcome in done):,}"
        f" applied, {len(held):,} held"
    )
    for outcome in held:
        click.echo("\n".join(told(outcome)))
    context.exit(HELD if held else 0)


@click.command()
@click.option(
    "--release",
    is_flag=True,
    help="Also send what waits for a person: more than max_per_run, failed, without recipient, of unknown outcome.",
)
@in_workspace
def notify(workspace: Workspace, release: bool) -> None:
    """Send the messages that are planned and not yet delivered."""
    from winback.terminal.pulls import told_sent

    click.echo(told_sent(workspace.notify(release=release)))


COMMANDS = (pull, backfill, notify)

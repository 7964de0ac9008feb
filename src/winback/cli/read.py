"""show, kpis and impact: everything there is to see."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from winback.cli.opening import in_workspace

if TYPE_CHECKING:
    from winback.tables import Table
    from winback.workspace import Workspace

# What a person reads at once; scripts use --format or -o, which leave nothing out.
_SHOWN = 100
_FORMS = ["table", "csv", "json", "parquet"]
_AT = click.option(
    "--at",
    metavar="WHEN",
    help="The moment, ISO 8601; now without it. A bare date is that day at the product's at_time.",
)
_FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="table is for people.",
    show_default=True,
)
_PRODUCT = click.option("--product", metavar="PRODUCT", help="Only this product; all of them without it.")
_REGION = click.option("--region", metavar="REGION", help='Only this region; "" for accounts without one.')
_CSM = click.option(
    "--csm", metavar="CSM", help='Only accounts of this CSM, by name or e-mail; "" for accounts without one.'
)


def _length(_: click.Context, __: click.Parameter, text: str | None) -> dt.timedelta | None:
    from winback.core.moments import parse_length

    if text is None:
        return None
    try:
        return parse_length(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("table", metavar="TABLE")
@_PRODUCT
@_AT
@_REGION
@_CSM
@click.option("--pull", "pull_id", type=int, metavar="ID", help="For the tables report and rejected: the pull.")
@click.option(
    "--uncontacted-for",
    metavar="LENGTH",
    callback=_length,
    help="For the table at_risk: only what churned at least so long ago, 48h or 3d say, and nobody has contacted."
    " Held-out cases younger than 30 days are not in it: nobody is to contact those.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many rows.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="Without it: a table for people, or what the ending of FILE says.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write into this file.")
@in_workspace
def show(
    workspace: Workspace,
    /,
    table: str,
    form: str | None,
    output: str | None,
    limit: int | None,
    pull_id: int | None,
    **filters: Any,
) -> None:
    """Show one table, at any moment.

    \b
    Tables: history report churns at_risk wins readopted cases notifications claims feedback activities rejected pulls

    \b
    Examples:
      winback show at_risk --region EMEA
      winback show at_risk --uncontacted-for 48h
      winback show cases --at 2026-10-01 --format csv -o cases.csv
    """
    form = form or _form_of(output)
    if form == "parquet" and output is None:
        raise click.UsageError("a Parquet file is not for the terminal: name a file with -o FILE")
    if form == "table" and output is not None:
        raise click.UsageError("a table is for the terminal: for a file choose --format csv, json or parquet")
    found = workspace.read(table, pull=pull_id, **filters)
    if form == "table":
        write(found, form, limit=limit or _SHOWN)
    else:
        write(found if limit is None else first_rows(found, limit), form, output)


@click.command()
@_PRODUCT
@_AT
@click.option("--from", "begun", metavar="WHEN", help="Of a period: its beginning.")
@click.option("--to", "ended", metavar="WHEN", help="Of a period: its end, which is not part of it; now without it.")
@click.option(
    "--by",
    type=click.Choice(["month"]),
    help="Month by month; from the first report until now without --from and --to.",
)
@_REGION
@_CSM
@_FORM
@in_workspace
def kpis(
    workspace: Workspace,
    /,
    form: str,
    at: str | None,
    begun: str | None,
    ended: str | None,
    by: str | None,
    **filters: Any,
) -> None:
    """Show the KPIs at a moment, or what happened in a period, or month by month.

    \b
    Examples:
      winback kpis --region EMEA
      winback kpis --from 2026-10-01 --to 2026-11-01
      winback kpis --by month --csm "Dana Ortiz"
    """
    import json

    from winback.terminal import periods
    from winback.terminal.kpis import print_moment

    if at and (begun or ended or by):
        raise click.UsageError("--at is a moment, --from, --to and --by are of a period: use one or the other")
    if ended and not begun and not by:
        raise click.UsageError("a period needs --from")
    if by:
        document, show = workspace.months(begun, ended, **filters), periods.print_months
    elif begun:
        document, show = workspace.flows(begun, ended, **filters), periods.print_period
    else:
        document, show = workspace.kpis(at=at, **filters), print_moment
    if form == "json":
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        show(document)


@click.command()
@_PRODUCT
@_AT
@_REGION
@_CSM
@_FORM
@in_workspace
def impact(workspace: Workspace, /, form: str, **filters: Any) -> None:
    """Show what the programme achieved: messaged accounts against those held out, and what came of it.

    \b
    Examples:
      winback impact --product payments
      winback impact --at 2026-12-01 --format json
    """
    import json

    document = workspace.impact(**filters)
    if form == "json":
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from winback.terminal.impact import print_impact

    print_impact(document)


def _form_of(output: str | None) -> str:
    if output is None:
        return "table"
    form = Path(output).suffix.lstrip(".").lower() or "csv"
    if form not in _FORMS[1:]:
        raise click.UsageError(f"{output}: expected a name that ends in .csv, .json or .parquet, or --format")
    return form


def first_rows(table: Table, limit: int) -> Table:
    from dataclasses import replace

    def batches() -> Any:
        left = limit
        for batch in table.batches:
            yield batch[:left]
            left -= len(batch[:left])
            if not left:
                return

    return replace(table, batches=batches())


def write(table: Table, form: str, output: str | None = None, limit: int | None = None) -> None:
    """`limit`: of a table for people."""
    from winback import formats

    if form == "table":
        from winback.terminal.tables import print_table

        print_table(table, limit)
        return
    if form == "parquet":
        formats.write_parquet(table, Path(output or ""))
        return
    write = formats.write_json if form == "json" else formats.write_csv
    if output is None:
        write(table, sys.stdout)
        return
    with Path(output).open("w", encoding="utf-8", newline="") as stream:
        write(table, stream)


COMMANDS = (show, kpis, impact)

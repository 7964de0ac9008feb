"""claim and claims: what CSMs say of cases, from a script or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from winback.cli.opening import in_workspace

if TYPE_CHECKING:
    from winback.workspace import Workspace


@click.command()
@click.argument("uid", metavar="UID")
@click.argument("outcome", type=click.Choice(["won", "lost"]))
@click.option("--csm", required=True, metavar="NAME", help="Whose claim it is, by name or e-mail.")
@click.option("--product", metavar="PRODUCT", help="Of which product; without it the account's newest case of any.")
@click.option("--reason", metavar="REASON", help="One of [claims] reasons_won or reasons_lost.")
@click.option("--note", metavar="TEXT", help="In their own words.")
@click.option(
    "--at",
    metavar="WHEN",
    help="The moment it speaks of, ISO 8601; now without it. With it, the same claim counts once.",
)
@in_workspace
def claim(workspace: Workspace, /, uid: str, outcome: Any, csm: str, **options: Any) -> None:
    """Say that a case is won or lost, as the form does.

    It is about the account's newest case that had begun by then. Whether it is true is for the reports to show:
    `winback show claims` has the verdicts.

    \b
    Examples:
      winback claim M-1055 won --csm "Dana Ortiz" --reason Re-trained
      winback claim M-1055 lost --csm dana@shop.example --reason Price --at 2026-11-03
    """
    click.echo(workspace.claim(uid, outcome, csm, **options))


@click.group()
def claims() -> None:
    """What CSMs say of cases; `winback show claims` lists it with the verdicts."""


@claims.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@in_workspace
def import_(workspace: Workspace, file: Path) -> None:
    """Record the claims of a file: CSV, TSV, JSON, NDJSON, Parquet or XLSX, all of them or none.

    Columns: uid, outcome (won or lost), csm_name or csm_email, claimed_at; and, where there are any, product, reason,
    note, id. A claim whose account had no case by then is kept without one. The same file again changes nothing; a row
    with a known id takes on its new values.

    \b
    Example:
      winback claims import claims_2026.csv
    """
    from winback.claiming import told

    first, *rest = told(workspace.import_claims(file))
    click.echo(first)
    for line in rest:
        click.echo(line, err=True)


COMMANDS = (claim, claims)

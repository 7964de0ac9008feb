"""activities: what CSMs did, brought in from the CRM, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from winback.cli.opening import in_workspace, workspace_option
from winback.cli.people import FORM
from winback.cli.read import write

if TYPE_CHECKING:
    from winback.workspace import Workspace


@click.group(invoke_without_command=True)
@click.option(
    "--since",
    metavar="WHEN",
    help="Read again all that was changed since then, ISO 8601. Without it: from where each source was left.",
)
@workspace_option
@click.pass_context
def activities(context: click.Context, since: str | None) -> None:
    """Bring in what is new in the CRM, and say what is kept of it and whose it is.

    Safe at any time and any number of times: a record counts once. Exit status 1 when a source could not be read; what
    was read before it failed stays.

    \b
    Examples:
      winback activities
      winback activities --since 2026-10-01
    """
    if context.invoked_subcommand is None:
        _gather(since)


@in_workspace
def _gather(workspace: Workspace, since: str | None) -> None:
    from winback.terminal.activities import told_gathered, told_unmatched

    failed = False
    for gathered in workspace.gather_activities(since):
        click.echo("\n".join(told_gathered(gathered)))
        if gathered.failed is not None:
            failed = True
            click.echo(f"winback: {gathered.source}: {' '.join(str(gathered.failed).split())}", err=True)
    for line in told_unmatched(workspace.unmatched_activities()):
        click.echo(line, err=True)
    if failed:
        click.get_current_context().exit(1)


@activities.command()
@FORM
@in_workspace
def unmatched(workspace: Workspace, form: str) -> None:
    """List accounts and people of the CRM that are nobody's yet, those with the most records first."""
    from winback.activities import list_unmatched

    write(list_unmatched(), form)


@activities.command()
@click.argument("source", metavar="SOURCE")
@click.argument("ref", metavar="REF")
@click.argument("uid", metavar="[UID]", required=False)
@click.option("--clear", is_flag=True, help="Take back what was said of it.")
@in_workspace
def account(workspace: Workspace, /, source: str, ref: str, uid: str | None, clear: bool) -> None:
    """Say which UID an account of the CRM has, where no field of the CRM does; what was read before is its, too.

    \b
    Example:
      winback activities account salesforce 0015g00000XyZab M-1055
    """
    if (uid is None) != clear:
        raise click.UsageError("say either the UID or --clear")
    remarks = workspace.map_account(source, ref, uid)
    click.echo(f"{source}: {ref} is {'as the CRM says again' if clear else uid}")
    for remark in remarks:
        click.echo(f"note: {remark}", err=True)


@activities.command()
@click.argument("source", metavar="SOURCE")
@click.argument("who", metavar="WHO")
@click.argument("csm", metavar="[CSM]", required=False)
@click.option("--nobody", is_flag=True, help="They are no CSM, and are not listed any more.")
@click.option("--clear", is_flag=True, help="Take back what was said of them.")
@in_workspace
def owner(workspace: Workspace, /, source: str, who: str, csm: str | None, nobody: bool, clear: bool) -> None:
    """Say which CSM somebody in the CRM is, where neither e-mail nor name tell; what was read before is theirs, too.

    \b
    Examples:
      winback activities owner hubspot 51299041 "Dana Ortiz"
      winback activities owner salesforce sales@shop.example --nobody
    """
    if (csm is not None) + nobody + clear != 1:
        raise click.UsageError("say the CSM, --nobody or --clear")
    workspace.map_owner(source, who, csm, is_nobody=nobody)
    click.echo(f"{source}: {who} is {csm or ('no CSM' if nobody else 'found by e-mail or name again')}")


COMMANDS = (activities,)

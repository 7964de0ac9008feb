"""pulls and cases: what a person looks at and decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from winback.cli.opening import in_workspace, workspace_option

if TYPE_CHECKING:
    from winback.workspace import Workspace


def _not_blank(_: click.Context, __: click.Parameter, reason: str) -> str:
    if not reason.strip():
        raise click.BadParameter("expected a few words, for whoever asks why later")
    return reason


_REASON = click.option(
    "--reason", required=True, metavar="TEXT", callback=_not_blank, help="Why; kept with the decision."
)


@click.group(invoke_without_command=True)
@click.option("--product", metavar="PRODUCT", help="Only pulls of this product.")
@workspace_option
@click.pass_context
def pulls(context: click.Context, product: str | None) -> None:
    """List the pulls, held ones first with their numbers beside the limits; approve, reject, undo."""
    if context.invoked_subcommand is None:
        _list_pulls(product)


@in_workspace
def _list_pulls(workspace: Workspace, product: str | None) -> None:
    from winback.store.models import Pull
    from winback.terminal.pulls import held_pull
    from winback.terminal.tables import print_table

    for held in Pull.objects.filter(status="held").order_by("at"):
        if product in (None, held.product):
            click.echo(held_pull(held))
    print_table(workspace.read("pulls", product=product), limit=None)


@pulls.command()
@click.argument("pull_id", metavar="ID", type=int)
@_REASON
@in_workspace
def approve(workspace: Workspace, pull_id: int, reason: str) -> None:
    """Apply a held pull as it was read, at its own moment."""
    from winback.terminal.pulls import told

    click.echo("\n".join(told(workspace.approve(pull_id, reason))))


@pulls.command()
@click.argument("pull_id", metavar="ID", type=int)
@_REASON
@in_workspace
def reject(workspace: Workspace, pull_id: int, reason: str) -> None:
    """Put a held pull aside: nothing changes."""
    outcome = workspace.reject(pull_id, reason)
    click.echo(f"pull {pull_id} is rejected{'' if outcome.is_new else ' already'}; nothing else has changed")


@pulls.command()
@click.argument("pull_id", metavar="ID", type=int)
@_REASON
@in_workspace
def undo(workspace: Workspace, pull_id: int, reason: str) -> None:
    """Take the last applied pull back: history, cases and unsent messages are as before it."""
    outcome = workspace.undo(pull_id, reason)
    already = "" if outcome.is_new else " already"
    click.echo(f"pull {pull_id} of {outcome.product} is undone{already}; everything is as before it")


@click.group()
def cases() -> None:
    """Look after single cases."""


@cases.command()
@click.argument("case_id", metavar="ID", type=int)
@_REASON
@in_workspace
def void(workspace: Workspace, case_id: int, reason: str) -> None:
    """The data was wrong: the case counts nowhere. `winback show cases` lists the IDs."""
    workspace.void(case_id, reason)
    click.echo(f"case {case_id} is void: it stays in the table cases, and counts nowhere")


@cases.command()
@click.argument("case_ids", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--to", required=True, metavar="NAME", help="The CSM who gets them, by name or e-mail.")
@click.option("--reason", metavar="TEXT", help="Why; kept with the assignment.")
@in_workspace
def reassign(workspace: Workspace, case_ids: tuple[int, ...], to: str, reason: str | None) -> int:
    """Give cases to another CSM, who is told. `winback people leaver NAME` lists those of somebody who leaves."""
    given = workspace.reassign(case_ids, to, reason)
    for each in given:
        click.echo(f"case {each.case_id} {each.text}", err=not each.is_done)
    return 0 if all(each.is_done for each in given) else 1


COMMANDS = (pulls, cases)

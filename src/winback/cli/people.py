"""people: who is who, how each was matched, and mending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from winback.cli.opening import in_workspace, workspace_option
from winback.cli.read import write

if TYPE_CHECKING:
    from winback.workspace import Workspace

FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="table is for people.",
    show_default=True,
)
# As store/people.py has it, whose import takes too long for --help.
_CLEARED = ("slack", "email", "manager", "timezone", "country", "away-until", "covered-by")


@click.group(invoke_without_command=True)
@FORM
@workspace_option
@click.pass_context
def people(context: click.Context, form: str) -> None:
    """Show who is who: how each CSM is found on each channel, and what to do where one is not.

    Those who can't be found come first, then those matched by name alone, for review.
    """
    if context.invoked_subcommand is None:
        _list_people(form)


@in_workspace
def _list_people(workspace: Workspace, form: str) -> None:
    from winback.people import list_people

    write(list_people(workspace.settings, workspace.now()), form)


@people.command("set")
@click.argument("name", metavar="NAME")
@click.option("--slack", metavar="ID", help="Their member ID in Slack, such as U012ABCDEF.")
@click.option("--email", metavar="ADDRESS", help="Where mail reaches them; also finds them in Slack.")
@click.option("--manager", metavar="NAME", help="Who hears of their finals, too.")
@click.option("--timezone", metavar="ZONE", help="Such as Europe/Madrid; for quiet hours.")
@click.option("--country", metavar="CC", help="Two capital letters: whose public holidays count.")
@click.option("--away-until", metavar="WHEN", help="The day on which they are back.")
@click.option("--covered-by", metavar="NAME", help="Who gets their messages while they are away.")
@click.option("--clear", multiple=True, type=click.Choice(_CLEARED), help="What is not to be said any more.")
@in_workspace
def set_(workspace: Workspace, /, name: str, clear: tuple[str, ...], **values: Any) -> None:
    """Say who somebody is, by the name in the report or by e-mail.

    What winback.toml says of them counts before it.

    \b
    Examples:
      winback people set "Dana Ortiz" --slack U012ABCDEF
      winback people set "Dana Ortiz" --away-until 2026-12-24 --covered-by "Lee Park"
      winback people set dana@shop.example --clear away-until
    """
    cleared = [field.replace("-", "_") for field in clear]
    for remark in workspace.set_person(name, clear=cleared, **values):
        click.echo(f"note: {remark}", err=True)
    click.echo(f"{name} is set; `winback people` shows how they are found now")


@people.command()
@click.argument("name", metavar="NAME")
@FORM
@in_workspace
def leaver(workspace: Workspace, name: str, form: str) -> None:
    """List the open cases of somebody who leaves, the largest GMV first, to be given to others."""
    from winback.people import open_cases_of

    table = open_cases_of(workspace.settings, name, workspace.now())
    write(table, form)
    if form == "table":
        click.echo("`winback cases reassign ID… --to NAME` gives them to somebody", err=True)


COMMANDS = (people,)

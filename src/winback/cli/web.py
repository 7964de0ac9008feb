"""serve and admin: the pages, and who may open them."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, TextIO

import click

from winback.cli.opening import in_workspace, log_option
from winback.core.roles import ROLES
from winback.errors import UsageError

if TYPE_CHECKING:
    from winback.workspace import Workspace


@click.command()
@click.option("--host", metavar="HOST", help="Listen there; web.host of winback.toml without it.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="PORT", help="web.port without it; 0: a free one.")
@log_option
@in_workspace
def serve(workspace: Workspace, host: str | None, port: int | None) -> None:
    """Serve the web pages and the API, until ended (Ctrl-C or SIGTERM).

    \b
    Examples:
      winback admin create dana@shop.example
      winback serve
    """
    from winback.web.serving import serve

    serve(workspace, logging.getLogger("winback.serve").info, host, port)


@click.group()
def admin() -> None:
    """Who may open the web pages."""


@admin.command()
@click.argument("email")
@click.option("--name", default="", metavar="NAME", help="Of a CSM: as the reports have it.")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True, help="What they may do.")
@click.option(
    "--password-file",
    type=click.File("r"),
    metavar="FILE",
    help="Its first line is the password; - reads standard input. Asked for on a terminal without it.",
)
@in_workspace
def create(workspace: Workspace, email: str, name: str, role: str, password_file: TextIO | None) -> None:
    """Make a user of the web pages: an administrator, without --role.

    \b
    Examples:
      winback admin create lee@shop.example
      winback admin create dana@shop.example --name "Dana Ortiz" --role csm
    """
    from winback.access.users import make_user
    from winback.team import me
    from winback.web import site

    has_passwords = site.has_passwords(workspace.settings.web)
    if password_file and not has_passwords:
        raise UsageError("there are no passwords here, since web.oidc.passwords is false: leave --password-file out")
    password = password_file.readline().rstrip("\r\n") if password_file else None
    if password is None and has_passwords:
        password = _asked_password()
    make_user(email, name, role, password, me(), workspace.now())  # type: ignore[arg-type]
    click.echo(f"{email.lower()} may sign in as {role}{'' if has_passwords else ', with their company account'}")


@admin.command()
@click.argument("email")
@click.option("--label", default="made by command", show_default=True, metavar="TEXT", help="What it is for.")
@click.option(
    "--days", type=click.IntRange(min=1), default=365, show_default=True, metavar="N", help="How long it lasts."
)
@in_workspace
def key(workspace: Workspace, email: str, label: str, days: int) -> None:
    """Make a key with which a program reads as a user does, and print it: it is kept nowhere.

    \b
    Examples:
      winback admin key prometheus@shop.example --label metrics
    """
    from winback.access.keys import make_key
    from winback.access.models import User

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise UsageError(f"there is no user {email}: make one with `winback admin create`")
    click.echo(make_key(user, label, dt.timedelta(days=days), workspace.now()))


def _asked_password() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password


COMMANDS = (serve, admin)

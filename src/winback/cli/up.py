"""up: all that runs all day."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from winback.cli.opening import log_option, workspace_folder, workspace_option
from winback.errors import SettingsError, WinbackError

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.up.children import Child

log = logging.getLogger("winback.up")


@click.command()
@click.option("--no-web", is_flag=True, help="Without the pages (`winback serve`).")
@click.option("--no-bot", is_flag=True, help="Without the bot in Slack (`winback bot`).")
@log_option
@workspace_option
def up(no_web: bool, no_bot: bool) -> None:
    """Run all day: the pages, the bot in Slack, the sender, requests, and the pulls of [schedule].

    A process that dies is started again. SIGTERM or Ctrl-C ends all of them within 20 seconds, once what is under way
    is done as far as that is possible; the rest is done at the next start.

    \b
    Examples:
      winback up
      winback up --no-web --log json
    """
    from winback.settings import find_workspace, load_settings
    from winback.up.children import keep_running
    from winback.up.ending import told_to_end

    settings = load_settings(find_workspace(workspace_folder()))
    is_over = told_to_end()
    keep_running(list(_children(settings, no_web, no_bot)), is_over)
    log.info("stopped")


def _children(settings: Settings, no_web: bool, no_bot: bool) -> list[Child]:
    """What would keep a child from starting is said here, in one line."""
    from winback.up.children import PYTHON, Child, worker_of

    program = [*PYTHON, "winback", "--workspace", str(settings.folder)]
    children = [worker_of(settings.folder)]
    if not no_web:
        _refuse_taken_port(settings)
        children.append(Child("the web server", [*program, "serve"]))
    if not no_bot and _has_bot(settings):
        children.append(Child("the bot", [*program, "bot"]))
    return children


def _refuse_taken_port(settings: Settings) -> None:
    import socket

    from winback.settings import Web

    web = settings.web or Web()
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    try:
        socket.create_server((web.host, web.port), family=family).close()
    except OSError as error:
        raise WinbackError(
            f"can't listen on {web.host}:{web.port}, the host and port of [web]: {error.strerror or error}; end what"
            " listens there, set another port, or leave the pages out with --no-web"
        ) from error


def _has_bot(settings: Settings) -> bool:
    """Where Slack is set up and installed. Raises SettingsError where a token is missing."""
    if settings.slack is None and "slack" not in settings.messages.channel:
        return False
    if find_spec("slack_bolt") is None or find_spec("slack_sdk") is None:
        log.warning("Slack is set up, but its packages are missing, so there is no bot: pip install 'winback[slack]'")
        return False
    from winback.channels.slack.client import app_token, open_client

    try:
        open_client(settings)
        app_token(settings)
    except SettingsError as error:
        raise SettingsError(f"{error}; or leave the bot out with --no-bot") from error
    return True


COMMANDS = (up,)

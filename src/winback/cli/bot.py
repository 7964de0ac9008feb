"""bot: what runs all day."""

from __future__ import annotations

import logging
import signal
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from winback.cli.opening import in_workspace, log_option
from winback.errors import SettingsError

if TYPE_CHECKING:
    from winback.workspace import Workspace


@click.command()
@click.option(
    "--http",
    metavar="HOST:PORT",
    help="Listen there for Slack's requests (signed, at /slack/events) instead of Socket Mode, which needs no address.",
)
@log_option
@in_workspace
def bot(workspace: Workspace, http: str | None) -> None:
    """Answer in Slack: buttons, forms, the Home tab and /winback; post the daily digest.

    Runs until it is ended (Ctrl-C or SIGTERM), and connects anew by itself. Needs winback[slack].

    \b
    Examples:
      winback bot
      winback bot --http 127.0.0.1:3000
    """
    address = None if http is None else _address(http)
    _refuse_without_packages()
    from winback.bot.serving import serve

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    serve(workspace, stop, logging.getLogger("winback.bot").info, address)


def _refuse_without_packages() -> None:
    if find_spec("slack_bolt") is None or find_spec("slack_sdk") is None:
        raise SettingsError("the bot needs Slack's own packages: pip install 'winback[slack]'")


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise click.UsageError(f"--http: expected HOST:PORT, such as 127.0.0.1:3000; found {text}")
    return host.strip("[]"), int(port)


COMMANDS = (bot,)

"""What several commands share: which workspace is meant, and opening it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from winback import logs
    from winback.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


def _remember(context: click.Context, _: click.Parameter, folder: str | None) -> None:
    if folder is not None:
        context.find_root().obj = folder


# Before the command or after it: people write it at either place.
workspace_option = click.option(
    "--workspace",
    metavar="DIR",
    expose_value=False,
    callback=_remember,
    help="The workspace: a folder with winback.toml. Without it: the one in the variable WINBACK_WORKSPACE, else this"
    " folder or its nearest parent that has one.",
)


def _begin_log(_: click.Context, __: click.Parameter, form: logs.Form) -> None:
    from winback import logs

    logs.begin(form)


# Of commands that run all day. The variable is how `winback up` tells its children.
log_option = click.option(
    "--log",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="WINBACK_LOG",
    expose_value=False,
    callback=_begin_log,
    help="How standard error says what happens: a line of text for each event, or one of JSON.",
)


def workspace_folder() -> Path:
    return Path(click.get_current_context().find_root().obj or ".")


def in_workspace(command: Callable[Concatenate[Workspace, P], R]) -> Callable[P, R]:
    """Opens the workspace for a command, and closes it."""

    @functools.wraps(command)
    def opened(*args: P.args, **options: P.kwargs) -> R:
        from winback.workspace import open_workspace

        with open_workspace(workspace_folder()) as workspace:
            return command(workspace, *args, **options)

    return workspace_option(opened)

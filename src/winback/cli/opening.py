"""What several commands share: opening the workspace that is meant, reading options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from winback.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


def in_workspace(command: Callable[Concatenate[Workspace, P], R]) -> Callable[P, R]:
    """Opens the workspace for a command, and closes it."""

    @functools.wraps(command)
    def opened(*args: P.args, **options: P.kwargs) -> R:
        from winback.workspace import open_workspace

        with open_workspace(Path(click.get_current_context().obj or ".")) as workspace:
            return command(workspace, *args, **options)

    return opened

"""backup and restore: database and history as one pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from winback.cli.opening import in_workspace, workspace_folder, workspace_option

if TYPE_CHECKING:
    from winback.workspace import Workspace

_FILE = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
@in_workspace
def backup(workspace: Workspace, file: Path) -> None:
    """Write database, histories and settings into FILE, all of one moment. Never overwrites.

    Secrets are not in it, but the names and amounts of all accounts are: FILE can be read by its owner alone.

    \b
    Example:
      winback backup /backup/winback-2026-11-03.tar.zst
    """
    from winback import __version__
    from winback.backups import back_up
    from winback.terminal.tables import plural

    with _progress("backup") as tell:
        manifest = back_up(workspace.settings, file, __version__, workspace.now(), tell)
    size = _in_words(file.stat().st_size)
    click.echo(f"backed up {plural(len(manifest.members), 'file')} of {', '.join(manifest.products)}: {file}, {size}")


def _in_words(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000):,} kB"


@click.command()
@_FILE
@workspace_option
def restore(file: Path) -> None:
    """Make the workspace what it was when FILE was written; in a folder without one, make it anew.

    Refused where the workspace has a pull or a history: nothing is ever overwritten. A winback.toml that is there stays
    as it is. Everything is verified before anything changes.

    \b
    Example:
      winback restore /backup/winback-2026-11-03.tar.zst --workspace /srv/winback
    """
    from winback import open_workspace, sql_views
    from winback.backups import restore

    with _progress("restore") as tell:
        restored = restore(workspace_folder(), file, tell)
    with open_workspace(restored.folder) as workspace:
        sql_views.tell(workspace.settings, workspace.now())
    click.echo(
        f"restored {', '.join(restored.manifest.products)} as of {restored.manifest.created_at} in {restored.folder}"
        + (f"; its database was brought up to date ({', '.join(restored.migrated)})" if restored.migrated else "")
        + "; next: winback doctor, and before any message goes out: winback show notifications"
    )


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar, on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    terminal = Console(stderr=True)
    with Progress(console=terminal, disable=not terminal.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


COMMANDS = (backup, restore)

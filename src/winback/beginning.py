"""A new workspace: its settings and an empty database."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from winback.errors import UsageError, WinbackError
from winback.faults import plainly
from winback.settings import FILE_NAME, SqliteFile, load_settings
from winback.store import database


@plainly
def make_workspace(folder: str | Path, settings: str | None = None) -> Path:
    """Writes winback.toml and makes an empty database, for `open_workspace` to open; the path of winback.toml.

    `settings`: its text; without it the commented template, in which the report is to be filled in. Raises UsageError
    where there is a workspace already: nothing is ever overwritten.
    """
    home = Path(folder)
    path = home / FILE_NAME
    refuse_existing(home)
    home.mkdir(parents=True, exist_ok=True)
    template = resources.files("winback").joinpath(FILE_NAME).read_text(encoding="utf-8")
    path.write_text(template if settings is None else settings, encoding="utf-8")
    try:
        database.migrate(SqliteFile(home / "winback.sqlite3") if settings is None else load_settings(home).database)
    except WinbackError:
        path.unlink()
        raise
    return path


def refuse_existing(folder: str | Path) -> None:
    """Raises UsageError where a folder has a workspace, or a part of one."""
    for existing in (Path(folder) / FILE_NAME, Path(folder) / "winback.sqlite3"):
        if existing.exists():
            raise UsageError(f"{existing} is there already, and nothing is ever overwritten: take another folder")

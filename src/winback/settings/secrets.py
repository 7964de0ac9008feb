"""Secrets stay out of winback.toml; they are read only when something uses them."""

from __future__ import annotations

import os
from pathlib import Path

from winback.errors import SettingsError


def secret(value: str, folder: Path) -> str:
    """`env:NAME` → the variable; `file:PATH`, seen from `folder` → its text; anything else → itself."""
    source, _, name = value.partition(":")
    if source == "env":
        return _from_variable(name.strip())
    if source == "file":
        return _from_file(folder / Path(name.strip()).expanduser())
    return value


def _from_variable(name: str) -> str:
    found = os.environ.get(name, "").strip()
    if not found:
        raise SettingsError(f"the variable {name} is not set: set it, or change env:{name} in winback.toml")
    return found


def _from_file(path: Path) -> str:
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SettingsError(f"the secret file {path} can't be read: {reason}") from error
    if not found:
        raise SettingsError(f"the secret file {path} is empty: put the secret into it")
    return found

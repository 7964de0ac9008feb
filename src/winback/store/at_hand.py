"""What a process keeps open for the next question: one thing, dropped with the database that it is of.

A forked process can't use what its parent has open, nor close it: threads that belong to it are not there. It is left
alone, whatever becomes of it.
"""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import Any

_kept: tuple[Hashable, Any] | None = None
_of_parents: list[Any] = []


def keep(key: Hashable, thing: Any) -> None:
    """In the place of what was kept before. Several threads may: the last one counts."""
    global _kept
    _kept = (key, thing)


def find(key: Hashable) -> Any | None:
    """What was kept under just this key."""
    kept = _kept
    return kept[1] if kept is not None and kept[0] == key else None


def drop() -> None:
    global _kept
    _kept = None


def _leave_to_parent() -> None:
    _of_parents.append(_kept)
    drop()


os.register_at_fork(after_in_child=_leave_to_parent)

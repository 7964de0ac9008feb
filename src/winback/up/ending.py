"""Being told to end: SIGTERM, or Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable


def told_to_end() -> Callable[[], bool]:
    """Whether this process was told so, from now on. A handler may run between any two steps of the program, so it
    only takes a note: to set an event there could wait for itself."""
    told: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: told.append(number))
    return lambda: bool(told)

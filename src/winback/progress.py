"""How far a long piece of work has got, for whoever wants to show it; nobody listens unless somebody says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

STAGES = ("reading", "comparing", "writing", "sending")
# The stage that is begun, and how many rows have been read where that is known.
Listener = Callable[[str, int | None], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def begin(stage: str, rows: int | None = None) -> None:
    """To be called as a stage of STAGES begins, by the thread that was asked for the work."""
    if listener := _listener.get():
        listener(stage, rows)

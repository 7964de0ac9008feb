"""What time it is in the workspace: the machine's, or one that runs faster or is set forward, so that no test waits."""

from __future__ import annotations

import threading
import time


class Clock:
    """Seconds since 1970. `speed` seconds pass here in one second of the machine; `start` is where it begins."""

    def __init__(self, *, speed: float = 1.0, start: float | None = None) -> None:
        self._speed = speed
        self._begun = time.monotonic()
        self._start = time.time() if start is None else start
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            return self._start + (time.monotonic() - self._begun) * self._speed

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._start += seconds

    def sleep(self, seconds: float) -> None:
        """For a client that is to live in the same time."""
        time.sleep(max(0.0, seconds) / self._speed)

"""How often Slack may be called. No bursts are forgiven, though Slack forgives some."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .methods import METHODS
from .things import Json
from .workspace import Workspace

POSTS = frozenset({"chat.postMessage", "chat.postEphemeral"})


@dataclass
class RateLimits:
    """`on` switches them; `ceiling` is the posts a minute for the whole workspace ("several hundred", Slack says)."""

    on: bool = True
    ceiling: int = 300
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, workspace: Workspace, method: str, arguments: Json) -> int:
        """Whole seconds to wait, as `Retry-After` says them; 0 and counted where the call may be made."""
        if not self.on:
            return 0
        now = workspace.clock.now()
        counted = list(self._counted(workspace, method, arguments))
        wait = max((self._wait(key, now, most, window) for key, most, window in counted), default=0.0)
        if wait > 0:
            return math.ceil(wait)
        for key, _, _ in counted:
            self._seen[key].append(now)
        return 0

    def _counted(self, workspace: Workspace, method: str, arguments: Json) -> list[tuple[str, int, float]]:
        if method in POSTS:
            place = _place(workspace, str(arguments.get("channel")))
            return [(f"channel {place}", 1, 1.0), ("workspace", self.ceiling, 60.0)]
        per_minute = METHODS[method].per_minute
        return [(method, per_minute, 60.0)] if per_minute else []

    def _wait(self, key: str, now: float, most: int, window: float) -> float:
        seen = self._seen[key]
        while seen and seen[0] <= now - window:
            seen.popleft()
        return 0.0 if len(seen) < most else seen[0] + window - now


def _place(workspace: Workspace, wanted: str) -> str:
    """A person and the conversation with them are one place; so are a channel's name and id."""
    for channel in workspace.channels.values():
        if wanted in {channel.id, f"#{channel.name}"}:
            return channel.user or channel.id
    return wanted

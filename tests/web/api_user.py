"""Whoever asks the API with a key."""

from __future__ import annotations

from typing import Any

from tests.web.opened import Pages
from winback import formats
from winback.access.keys import make_key
from winback.core.roles import ROLES, Role


class Api:
    """Asked with the key of somebody of a role; None: without one."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        now = pages.workspace.now()
        self.keys = {role: make_key(pages.users[role], "test", None, now) for role in ROLES}

    def get(self, address: str, role: Role | None = "viewer", etag: str | None = None) -> Any:
        sent = {} if role is None else {"Authorization": f"Bearer {self.keys[role]}"}
        sent |= {} if etag is None else {"If-None-Match": etag}
        return self.pages.client(None).get(f"/api/v1/{address}", headers=sent)

    def rows(self, address: str, role: Role = "viewer") -> list[dict[str, Any]]:
        """Of all pages of a table."""
        found, following = [], f"/api/v1/{address}"
        while following:
            document = self.get(following.removeprefix("/api/v1/"), role).json()
            found += document["rows"]
            following = document["next"]
        return found


def shown(pages: Pages, name: str, **asked: Any) -> list[dict[str, Any]]:
    """As `winback show --format json` has it."""
    table = pages.workspace.read(name, **asked)
    return [dict(zip(table.names, map(formats.plain, row), strict=True)) for batch in table.batches for row in batch]

"""Whose key it is, and what they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from winback.access.keys import user_of_key
from winback.core.roles import is_at_least

if TYPE_CHECKING:
    from winback.access.models import User
    from winback.web.middleware import Asked


class NoRole(Exception):
    """The key is good, and its user may see nothing any more."""


class Key(HttpBearer):
    """`Authorization: Bearer winback_…`: a key may read what its user may look at."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        asked = cast("Asked", request)
        user = user_of_key(token, asked.workspace.now())
        if user is None:
            return None
        asked.user, asked.role = user, user.role
        if not is_at_least(asked.role, "viewer"):
            raise NoRole
        return user

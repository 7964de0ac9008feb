"""Roles, each of which may what those before it may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["viewer", "csm", "manager", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


def role_of_groups(names: Iterable[str]) -> Role | None:
    """The highest of the groups that are roles."""
    found = [role for role in ROLES if role in set(names)]
    return found[-1] if found else None


def is_at_least(role: Role | None, least: Role) -> bool:
    return role is not None and ROLES.index(role) >= ROLES.index(least)

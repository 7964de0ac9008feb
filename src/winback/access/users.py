"""Users: made, given a role, told from the CSMs of the reports."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from winback.access.models import User
from winback.core.roles import ROLES, Role
from winback.errors import UsageError
from winback.store.audit import note
from winback.store.database import writing


@writing()
def make_user(email: str, name: str, role: Role, password: str | None, by: str, now: dt.datetime) -> User:
    """Without a password they set one by the link that a password reset mails, or sign in by single sign-on. Raises
    UsageError for an address that is none or is taken, and for a weak password."""
    email = email.strip().lower()
    user = User(email=email, name=name.strip())
    try:
        validate_email(email)
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from error
    if User.objects.filter(email=email).exists():
        raise UsageError(f"there is a user {email} already")
    user.set_password(password)
    user.save()
    _give_role(user, role)
    note(now, by, "user made", email, role)
    return user


@writing()
def set_role(user: User, role: Role, by: str, now: dt.datetime) -> None:
    before = user.role
    _give_role(user, role)
    note(now, by, "role changed", user.email, f"{before or 'none'} → {role}")


@writing()
def set_active(user: User, is_active: bool, by: str, now: dt.datetime) -> None:
    """Whoever may not sign in any more is signed out with their next click."""
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    note(now, by, "user let in again" if is_active else "user shut out", user.email)


def admit(email: str, role: Role | None, decides: bool, by: str, now: dt.datetime) -> User | None:
    """Somebody whom another program vouches for, made a user with their first sign-in; None where they may not come
    in. `decides`: `role` is theirs whatever it was; else a user who has one keeps it."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        return None if role is None else make_user(email, "", role, None, by, now)
    if (decides and role is None) or not user.is_active:
        return None
    if role is not None and user.role != role and (decides or user.role is None):
        set_role(user, role, by, now)
    return user if user.role is not None else None


def _give_role(user: User, role: Role) -> None:
    """The groups are made when they are first needed: there are as many as roles."""
    if role not in ROLES:
        raise UsageError(f'expected a role ({", ".join(ROLES)}), found "{role}"')
    user.groups.set([Group.objects.get_or_create(name=role)[0]])

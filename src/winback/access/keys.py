"""Keys of the API: long random words, of which only a hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from winback.access.models import ApiKey, User
from winback.store.audit import note
from winback.store.database import writing

PREFIX = "winback_"
# Noting each use would write with every request.
_NOTED_EVERY = dt.timedelta(minutes=10)


@writing()
def make_key(user: User, label: str, lasts: dt.timedelta | None, now: dt.datetime) -> str:
    """The key, to be shown once."""
    key = PREFIX + secrets.token_urlsafe(32)
    expires_at = None if lasts is None else now + lasts
    ApiKey.objects.create(user=user, label=label, hash=_hash(key), created_at=now, expires_at=expires_at)
    note(now, user.email, "API key made", label)
    return key


def keys_of(user: User) -> list[ApiKey]:
    """The newest first."""
    return list(ApiKey.objects.filter(user=user).order_by("-created_at", "-pk"))


@writing()
def revoke_key(key: ApiKey, by: str, now: dt.datetime) -> None:
    key.delete()
    note(now, by, "API key revoked", key.label, key.user.email)


def user_of_key(key: str, now: dt.datetime) -> User | None:
    """None for a key that is unknown or over, or of somebody who may not come in any more."""
    found = ApiKey.objects.select_related("user").filter(hash=_hash(key)).first()
    if found is None or not found.user.is_active or (found.expires_at is not None and found.expires_at <= now):
        return None
    if found.used_at is None or now - found.used_at > _NOTED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(used_at=now)
    return found.user


def _hash(key: str) -> str:
    """Random words of this length need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()

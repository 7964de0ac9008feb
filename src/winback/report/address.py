"""Reports that are no files of this machine: what their addresses say, and how much of them is shown."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from winback.settings.checks import BUCKETS

DRIVERS = {
    "postgresql": "adbc_driver_postgresql",
    "postgres": "adbc_driver_postgresql",
    "sqlite": "adbc_driver_sqlite",
    "snowflake": "adbc_driver_snowflake",
    "grpc": "adbc_driver_flightsql",
    "grpc+tls": "adbc_driver_flightsql",
}
_SCHEME = re.compile(r"([a-z][a-z0-9+]*)://", re.IGNORECASE)


def scheme_of(text: str) -> str:
    """`postgresql`, `s3`, …; blank for a path."""
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


def is_database(text: str) -> bool:
    return scheme_of(text) in DRIVERS


def is_bucket(text: str) -> bool:
    return scheme_of(text) in BUCKETS


def shown(address: str) -> str:
    """The address without what may be secret: password, and options behind `?`."""
    head, _, tail = address.partition("://")
    place = tail.partition("?")[0]
    who, at, where = place.rpartition("@")
    return f"{head}://{who.partition(':')[0]}{at}{where}"


def secrets_in(address: str) -> set[str]:
    """What may not appear in a message, as it stands and as it is meant."""
    try:
        parts = urlsplit(address)
        password = parts.password or ""
    except ValueError:
        return set()
    options = [
        value for name, _, value in (option.partition("=") for option in parts.query.split("&")) if "pass" in name
    ]
    return {text for each in (password, *options) for text in (each, unquote(each)) if text}


def without_secrets(text: str, address: str) -> str:
    """In one line."""
    for each in sorted(secrets_in(address), key=len, reverse=True):
        text = text.replace(each, "***")
    return " ".join(text.split())

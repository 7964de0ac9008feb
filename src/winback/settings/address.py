"""Which database a workspace has. A password may be part of it, and is never shown: neither here nor in an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from winback.errors import SettingsError

SQLITE = "sqlite:///"
SERVER = ("postgresql://", "postgres://")
_EXPECTED = '"sqlite:///PATH", "postgresql://user@host:port/name", "env:NAME" or "file:PATH"'


@dataclass(frozen=True)
class SqliteFile:
    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class PostgresUrl:
    """`url`: as libpq takes it. `shown`: without password and options."""

    url: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


Address = SqliteFile | PostgresUrl


def read_address(text: str, folder: Path, place: str) -> Address:
    """`place`: where the text stands, for the error where it names no database."""
    if text.startswith(SERVER):
        return PostgresUrl(text, _shown(_split(text, place)))
    path = text.removeprefix(SQLITE)
    if not text.startswith(SQLITE) or path in ("", ":memory:"):
        raise SettingsError(f"{place}: expected {_EXPECTED}, found {_kind(text)}")
    return SqliteFile(folder / Path(path).expanduser())


def refuse_password(text: str, place: str) -> None:
    """winback.toml is read by many; a password is for a variable or a file of its own."""
    if not text.startswith(SERVER):
        return
    parts = _split(text, place)
    options = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if parts.password is not None or "password" in options:
        raise SettingsError(
            f"{place}: a password stands in it, but secrets never stand in this file: leave it out and set PGPASSWORD"
            ' or a passfile; or put the whole URL elsewhere and write "env:WINBACK_DATABASE" or "file:PATH"'
        )


def _split(text: str, place: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        odd = parts.port == 0 or parts.fragment or "@" in parts.path or not parts.path.strip("/")
    except ValueError:
        odd = True
    if odd:
        raise SettingsError(
            f'{place}: expected "postgresql://user@host:port/name", special characters in it as %40 and the like; what'
            " was found is not shown, since a password may be part of it"
        )
    return parts


def _shown(parts: SplitResult) -> str:
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"postgresql://{user}{host}{port}{parts.path}"


def _kind(text: str) -> str:
    """What was found, as far as no password can be in it."""
    scheme, is_url, _ = text.partition("://")
    if is_url and scheme != "sqlite":
        return f'"{scheme}://…"'
    return "something else" if "@" in text or "=" in text else f'"{text}"'

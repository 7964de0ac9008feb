"""Short hands for the examples: reports written as `a+ b- c?`, and days of March 2025."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from .episodes import EVERYONE, Filter
from .programme import Programme
from .reading import RawRow
from .said_tables import Row
from .settings import Settings
from .tables import TABLES

FLAGS = {"+": "true", "-": "false", "?": "maybe"}


def on(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2025, 3, day, hour, minute, tzinfo=UTC)


def rows(text: str, **values: str) -> list[RawRow]:
    """`a+`: account a is enabled; `b-`: b is not; `c?`: who knows. All rows get the same `values`."""
    return [{"uid": word[:-1], "is_product_enabled": FLAGS[word[-1]], **values} for word in text.split()]


def programme(*days: str, **settings: Any) -> Programme:
    """Pulled on the 1st, 2nd, 3rd … of March."""
    made = Programme(Settings(**settings))
    for day, text in enumerate(days, start=1):
        assert made.pull(on(day), rows(text)) == "applied"
    return made


def table(made: Programme, name: str, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    return TABLES[name]([made], at, where)


def column(made: Programme, name: str, of: str, at: datetime, where: Filter = EVERYONE) -> list[object]:
    return [row[of] for row in table(made, name, at, where)]


def uids(made: Programme, name: str, at: datetime, where: Filter = EVERYONE) -> str:
    return " ".join(cast("list[str]", column(made, name, "uid", at, where)))


def stages(made: Programme) -> list[str]:
    """`uid stage status` of each notification, as planned one after the other."""
    return [f"{note.about.uid} {note.stage} {note.status}" for note in made.notifications]

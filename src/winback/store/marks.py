"""Whether anything that the tables show has been written since somebody asked: triggers leave a mark with each change,
see migrations/0011_views.py."""

from __future__ import annotations

from winback.store import database


def state() -> int:
    """Another number after each change."""
    ((total,),) = database.rows("data_state", {})
    return int(total)


@database.writing()
def gather() -> None:
    """Makes one mark out of those there are: else PostgreSQL, which keeps them all, would add up ever more."""
    database.execute("forget_marks", {})
    database.execute("mark", {})

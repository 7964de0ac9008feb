"""What the command `activities` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.core.texts import shown
from winback.terminal.tables import plural

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.activities import Gathered

_LISTED = 5
_UNMATCHED = (
    ("account", "account of no known UID", "accounts of no known UID"),
    ("owner", "person who is no known CSM", "people who are no known CSM"),
)


def told_gathered(gathered: Gathered) -> Iterator[str]:
    deleted = f", {gathered.deleted:,} of them deleted" if gathered.deleted else ""
    yield f"{gathered.source}: {plural(gathered.read, 'record')} read{deleted}"
    yield (
        f"  kept: {gathered.kept:,}; of a known account: {gathered.of_accounts:,}; of a known CSM for one:"
        f" {gathered.of_csms:,}"
    )
    for remark, count in gathered.remarks.most_common(_LISTED):
        yield f"  {plural(count, 'row')} {shown(remark)}"


def told_unmatched(table: pa.Table) -> Iterator[str]:
    """The accounts and people with the most records, and what to do."""
    rows = table.to_pylist()
    for what, one, several in _UNMATCHED:
        found = [row for row in rows if row["what"] == what]
        if found:
            more = "…" if found[_LISTED:] else ""
            many = f"{len(found):,} {one if len(found) == 1 else several}"
            yield f"{many}: {', '.join(map(_named, found[:_LISTED]))}{more}"
    if rows:
        yield "`winback activities unmatched` lists them; `winback activities account` and `owner` map them"


def _named(row: dict[str, object]) -> str:
    called = row["name"] or row["email"]
    name = f"{called} ({row['ref']})" if called and called != row["ref"] else row["ref"]
    return shown(f"{row['source']} {name}, {plural(int(str(row['records'])), 'record')}")

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
    for what, plain in (("account", "accounts of no known UID"), ("owner", "people who are no known CSM")):
        found = [row for row in rows if row["what"] == what]
        if found:
            yield f"{len(found):,} {plain}: {', '.join(map(_named, found[:_LISTED]))}{'…' if found[_LISTED:] else ''}"
    if rows:
        yield "`winback activities unmatched` lists them; `winback activities account` and `owner` map them"


def _named(row: dict[str, object]) -> str:
    called = row["name"] or row["email"]
    name = f"{called} ({row['ref']})" if called and called != row["ref"] else row["ref"]
    return shown(f"{row['source']} {name}, {plural(int(str(row['records'])), 'record')}")

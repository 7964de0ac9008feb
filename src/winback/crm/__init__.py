"""Where activities of CSMs come from. A source is a small protocol, one file each; it knows nothing of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from winback.core.activities import Page, Since
    from winback.settings import Settings


class ActivitySource(Protocol):
    """`name`: as in `[crm.NAME]`, and the source of its records for ever."""

    name: str

    def pages(self, since: Since) -> Iterator[Page]:
        """What is new, changed or deleted since then, oldest first, so that any page's mark holds once it and those
        before it are stored. Accounts and owners come before the records that name them. Raises WinbackError."""

    def look(self) -> str:
        """Asks the source for a little, and says what it answered. Raises WinbackError."""


def open_source(name: str, settings: Settings, now: dt.datetime) -> ActivitySource:
    """Reads its secrets; imports what it needs only then. Raises SettingsError."""
    if name == "files":
        from winback.crm.files import Files

        return Files(settings)
    if name == "sql":
        from winback.crm.sql import Sql

        return Sql(settings, now)
    if name == "salesforce":
        from winback.crm.salesforce import Salesforce

        return Salesforce(settings, now)
    from winback.crm.hubspot import Hubspot

    return Hubspot(settings, now)

"""What a CRM tells: activities of people for accounts, who the people are, and which account is which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# `reached_out` is the button of a message; the others are what a CRM may have.
KINDS = ("reached_out", "call", "email", "meeting", "message", "note", "task", "visit", "other")
# No activity: what was sold or not, which is a claim once it is closed (rules.md R6.5).
OPPORTUNITY = "opportunity"


@dataclass(frozen=True)
class Record:
    """One record of the CRM, the same `external_id` for ever. Accounts and people are named by the CRM's own IDs, or by
    what stands in their place; `account_uid`: where the record itself has the UID. `maker_ref`: who or what wrote it,
    where that is not the owner. `modified_at`: an earlier state never replaces a later one. `outcome`: won or lost, of
    an opportunity that is closed, at `occurred_at`. Of a deleted one nothing else counts."""

    external_id: str
    kind: str = "other"
    product: str | None = None
    account_ref: str | None = None
    account_uid: str | None = None
    owner_ref: str | None = None
    maker_ref: str | None = None
    occurred_at: dt.datetime | None = None
    logged_at: dt.datetime | None = None
    modified_at: dt.datetime | None = None
    is_done: bool = True
    is_deleted: bool = False
    outcome: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Account:
    """`uid`: as a field of the CRM has it."""

    ref: str
    name: str | None = None
    uid: str | None = None


@dataclass(frozen=True)
class Owner:
    ref: str
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Page:
    """What is stored in one transaction. `read_until`: up to where `stream` has been read once this page is stored;
    None: no further than before. `remarks`: what is odd → in how many rows."""

    stream: str
    records: Sequence[Record] = ()
    accounts: Sequence[Account] = ()
    owners: Sequence[Owner] = ()
    read_until: dt.datetime | None = None
    remarks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Since:
    """From where a source is to be read. `marks`: stream → up to where it has been read; `start`: where a stream of
    activities begins that never was; `again`: from where everything is read once more, instead."""

    marks: Mapping[str, dt.datetime]
    start: dt.datetime
    again: dt.datetime | None = None

    def of(self, stream: str, overlap: dt.timedelta = dt.timedelta(0)) -> dt.datetime:
        """What became known at the source a little before the mark may have shown up after it was read: `overlap`."""
        if self.again is not None:
            return self.again
        mark = self.marks.get(stream)
        return self.start if mark is None else mark - overlap

    def of_accounts(self, stream: str, overlap: dt.timedelta) -> dt.datetime | None:
        """None: all there are. Accounts that nobody has touched for years have activities too."""
        mark = self.marks.get(stream)
        return None if mark is None else mark - overlap

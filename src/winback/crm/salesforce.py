"""Salesforce: tasks, events and opportunities, with users and accounts. Beta: not tried against a live one yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from winback.core.activities import OPPORTUNITY, Account, Owner, Page, Record, Since
from winback.core.moments import local_date, start_of_day
from winback.crm.values import uid_of
from winback.errors import SettingsError
from winback.settings.crm_sections import Salesforce as Section

if TYPE_CHECKING:
    from winback.crm.salesforce_calls import Calls
    from winback.settings import Settings

Fields = dict[str, Any]
# What was changed shows up in the order of its moments, but for the last minutes.
_OVERLAP = dt.timedelta(minutes=10)
_OF_EACH = ("Id", "IsDeleted", "SystemModstamp")
_OF_ACTIVITY = (*_OF_EACH, "AccountId", "OwnerId", "CreatedById", "CreatedDate")
_FIELDS = {
    "User": ("Id", "SystemModstamp", "Name", "Email"),
    "Account": (*_OF_EACH, "Name"),
    "Task": (*_OF_ACTIVITY, "TaskSubtype", "IsClosed", "IsRecurrence"),
    "Event": (*_OF_ACTIVITY, "StartDateTime", "IsAllDayEvent", "IsRecurrence"),
    "Opportunity": (*_OF_ACTIVITY, "Name", "IsClosed", "IsWon", "CloseDate"),
}
# Not every org has them, and not every user sees them.
_OPTIONAL = {"Task": "CompletedDateTime", "Opportunity": "LastStageChangeDate"}
_KINDS = {"Call": "call", "Email": "email", "LinkedIn": "message", "Task": "task", "Cadence": "task"}


class Salesforce:
    name = "salesforce"

    def __init__(self, settings: Settings, now: dt.datetime) -> None:
        assert settings.crm.salesforce is not None  # noqa: S101
        self._section: Section = settings.crm.salesforce
        self._settings, self._now = settings, now

    def pages(self, since: Since) -> Iterator[Page]:
        calls = self._signed_in()
        for stream in _FIELDS:
            is_activity = stream not in ("User", "Account")
            start = since.of(stream, _OVERLAP) if is_activity else since.of_accounts(stream, _OVERLAP)
            fields = self._fields(stream, calls)
            for rows in calls.query(stream, fields, start):
                yield self._page(stream, rows)

    def look(self) -> str:
        calls = self._signed_in()
        for stream in _FIELDS:
            next(calls.query(stream, self._fields(stream, calls), self._now), None)
        return calls.shown()

    def _signed_in(self) -> Calls:
        try:
            from winback.crm.salesforce_calls import Calls
        except ImportError as error:
            raise SettingsError(
                f"crm.salesforce needs {error.name}, which is not installed: pip install 'winback[salesforce]'"
            ) from error
        return Calls(self._section, self._settings.secret)

    def _fields(self, stream: str, calls: Calls) -> Sequence[str]:
        wanted, there = _FIELDS[stream], frozenset[str]()
        optional, uid_field = _OPTIONAL.get(stream), self._section.uid_field
        if optional or (stream == "Account" and uid_field):
            there = calls.fields_of(stream)
        if stream == "Account" and uid_field:
            if uid_field not in there:
                raise SettingsError(
                    f"crm.salesforce.uid_field: Account has no field {uid_field} that this user may see: name the API"
                    " name, and grant the right to read it"
                )
            return (*wanted, uid_field)
        return (*wanted, optional) if optional in there and optional else wanted

    def _page(self, stream: str, rows: Sequence[Fields]) -> Page:
        until = max((_moment(row["SystemModstamp"]) for row in rows), default=None)
        # A clock of theirs that is ahead is no reason to pass over what comes next.
        until = None if until is None else min(until, self._now)
        if stream == "User":
            return Page(stream, owners=[_owner(row) for row in rows], read_until=until)
        if stream == "Account":
            return Page(stream, accounts=[self._account(row) for row in rows], read_until=until)
        return Page(stream, [self._record(stream, row) for row in rows], read_until=until)

    def _account(self, row: Fields) -> Account:
        uid = None if row["IsDeleted"] or not self._section.uid_field else uid_of(row[self._section.uid_field])
        return Account(row["Id"], row["Name"], uid)

    def _record(self, stream: str, row: Fields) -> Record:
        modified_at, created_at = _moment(row["SystemModstamp"]), _moment(row["CreatedDate"])
        if row["IsDeleted"]:
            return Record(row["Id"], modified_at=modified_at, is_deleted=True)
        kind, occurred_at, is_done = _KINDS_OF[stream](row, created_at, self._settings)
        is_sold = stream == "Opportunity" and row["IsClosed"]
        return Record(
            row["Id"],
            kind=kind,
            account_ref=row["AccountId"],
            owner_ref=row["OwnerId"],
            maker_ref=row["CreatedById"],
            occurred_at=min(occurred_at, modified_at) if is_sold else occurred_at,
            logged_at=created_at,
            modified_at=modified_at,
            is_done=is_done,
            outcome=("won" if row["IsWon"] else "lost") if is_sold else None,
            note=row["Name"] if stream == "Opportunity" else None,
        )


Told = tuple[str, dt.datetime, bool]


def _of_task(row: Fields, created_at: dt.datetime, _: Settings) -> Told:
    """Never ActivityDate, which is when it is due. A mail to a list is a contact with nobody in particular."""
    completed = row.get("CompletedDateTime")
    occurred_at = _moment(completed) if completed else created_at
    return _KINDS.get(row["TaskSubtype"] or "Task", "other"), occurred_at, row["IsClosed"] and not row["IsRecurrence"]


def _of_event(row: Fields, created_at: dt.datetime, _: Settings) -> Told:
    """One of a whole day tells no time of day: not before it was written down."""
    started_at = _moment(row["StartDateTime"]) if row["StartDateTime"] else created_at
    return "meeting", max(started_at, created_at) if row["IsAllDayEvent"] else started_at, not row["IsRecurrence"]


def _of_opportunity(row: Fields, created_at: dt.datetime, settings: Settings) -> Told:
    """When its stage became the last one, if that was on its close date or before; else at the beginning of that."""
    if not row["CloseDate"]:
        return OPPORTUNITY, created_at, row["IsClosed"]
    changed, closed_on = row.get("LastStageChangeDate"), dt.date.fromisoformat(row["CloseDate"])
    if changed and local_date(_moment(changed), settings.tz) <= closed_on:
        return OPPORTUNITY, _moment(changed), row["IsClosed"]
    return OPPORTUNITY, start_of_day(closed_on, settings.tz), row["IsClosed"]


_KINDS_OF = {"Task": _of_task, "Event": _of_event, "Opportunity": _of_opportunity}


def _owner(row: Fields) -> Owner:
    return Owner(row["Id"], row["Name"], row["Email"])


def _moment(text: str) -> dt.datetime:
    """`2026-11-02T10:00:00.000+0000`"""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

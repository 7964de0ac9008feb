"""HubSpot: calls, e-mails, meetings, notes, tasks and deals, with owners and companies. Beta: not tried against a live
one yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from winback.core.activities import OPPORTUNITY, Account, Owner, Page, Record, Since
from winback.core.moments import from_micros
from winback.crm.hubspot_calls import Calls
from winback.crm.values import uid_of
from winback.settings.crm_sections import Hubspot as Section

if TYPE_CHECKING:
    from winback.settings import Settings

Fields = dict[str, Any]
Told = tuple[str, dt.datetime | None, bool]
# What was just changed is found by a search only some moments later.
_OVERLAP = dt.timedelta(minutes=10)
_COMPANIES = "companies"
_OF_EACH = ("hs_lastmodifieddate", "hubspot_owner_id", "hs_object_source")
_OF_ACTIVITY = (*_OF_EACH, "hs_timestamp", "hs_createdate")
_PROPERTIES = {
    "calls": (*_OF_ACTIVITY, "hs_call_status"),
    "emails": (*_OF_ACTIVITY, "hs_email_direction", "hs_email_status"),
    "meetings": (*_OF_ACTIVITY, "hs_meeting_start_time", "hs_meeting_outcome"),
    "notes": _OF_ACTIVITY,
    "tasks": (*_OF_ACTIVITY, "hs_task_status", "hs_task_completion_date"),
    "deals": (*_OF_EACH, "createdate", "closedate", "dealname", "hs_is_closed", "hs_is_closed_won"),
}
_NOT_CALLED = (
    "BUSY",
    "CALLING_CRM_USER",
    "CANCELED",
    "CONNECTING",
    "FAILED",
    "IN_PROGRESS",
    "NO_ANSWER",
    "QUEUED",
    "RINGING",
)
_NOT_SENT = ("BOUNCED", "FAILED", "SCHEDULED", "SENDING")
_NOT_HELD = ("CANCELED", "NO_SHOW", "RESCHEDULED")


class Hubspot:
    name = "hubspot"

    def __init__(self, settings: Settings, now: dt.datetime) -> None:
        assert settings.crm.hubspot is not None  # noqa: S101
        self._section: Section = settings.crm.hubspot
        self._calls = Calls(self._section.base_url, self._section.version, settings.secret(self._section.token))
        self._now = now

    def pages(self, since: Since) -> Iterator[Page]:
        self._refuse_unknown_property()
        yield from self._owners()
        start = since.of_accounts(_COMPANIES, _OVERLAP)
        for rows in self._calls.changed(_COMPANIES, self._company_properties(), start):
            yield Page(_COMPANIES, accounts=[self._company(row) for row in rows], read_until=self._until(rows))
        for kind, properties in _PROPERTIES.items():
            for rows in self._calls.changed(kind, properties, since.of(kind, _OVERLAP)):
                yield self._page(kind, rows)
            yield from self._archived(kind, since)

    def look(self) -> str:
        """One search of each kind shows which rights are missing."""
        self._refuse_unknown_property()
        next(self._owners(), None)
        for kind in (_COMPANIES, *_PROPERTIES):
            next(self._calls.changed(kind, ("hs_lastmodifieddate",), self._now), None)
        return f"{self._section.base_url} answers, API {self._section.version}"

    def _refuse_unknown_property(self) -> None:
        if self._section.uid_property is not None:
            self._calls.refuse_unknown_property(_COMPANIES, self._section.uid_property, "crm.hubspot.uid_property")

    def _owners(self) -> Iterator[Page]:
        """All of them, those who left with them: there is no asking what changed."""
        for rows in self._calls.owners():
            yield Page("owners", owners=[_owner(row) for row in rows])

    def _company_properties(self) -> Sequence[str]:
        uid = self._section.uid_property
        return ("hs_lastmodifieddate", "name", *([uid] if uid else []))

    def _company(self, row: Fields) -> Account:
        found, uid = row["properties"], self._section.uid_property
        return Account(row["id"], found.get("name"), uid_of(found.get(uid)) if uid else None)

    def _page(self, kind: str, rows: Sequence[Fields]) -> Page:
        companies = self._calls.companies_of(kind, [row["id"] for row in rows])
        records = [_record(kind, row, companies.get(row["id"])) for row in rows]
        programs = {row["properties"].get("hs_object_source") for row in rows} - {None}
        makers = [Owner(name, name) for name in sorted(programs)]
        return Page(kind, records, owners=makers, read_until=self._until(rows))

    def _archived(self, kind: str, since: Since) -> Iterator[Page]:
        """No search finds what is in the recycling bin; it is gone through each time."""
        stream = f"archived {kind}"
        start = since.of(stream, _OVERLAP)
        newest = mark = since.marks.get(stream, start)
        for rows in self._calls.archived(kind):
            gone = [(row["id"], _moment(row["archivedAt"]) or self._now) for row in rows]
            records = [Record(f"{kind}:{each}", modified_at=at, is_deleted=True) for each, at in gone if at >= start]
            newest = max([newest, *(at for _, at in gone)])
            if records:
                yield Page(stream, records)
        if newest > mark:
            yield Page(stream, read_until=min(newest, self._now))

    def _until(self, rows: Sequence[Fields]) -> dt.datetime:
        """A clock of theirs that is ahead is no reason to pass over what comes next."""
        return min(max(_modified(row) for row in rows), self._now)


def _record(kind: str, row: Fields, company: str | None) -> Record:
    found = row["properties"]
    modified_at, created_at = _modified(row), _moment(found.get("hs_createdate") or found.get("createdate"))
    told, occurred_at, is_done = _KINDS[kind](found, modified_at)
    outcome = None
    if kind == "deals" and is_done:
        outcome = "won" if found.get("hs_is_closed_won") == "true" else "lost"
    return Record(
        f"{kind}:{row['id']}",
        kind=told,
        account_ref=company,
        owner_ref=found.get("hubspot_owner_id") or None,
        maker_ref=found.get("hs_object_source"),
        occurred_at=occurred_at or created_at or modified_at,
        logged_at=created_at,
        modified_at=modified_at,
        is_done=is_done,
        outcome=outcome,
        note=found.get("dealname") if kind == "deals" else None,
    )


def _of_call(found: Fields, _: dt.datetime) -> Told:
    return "call", _moment(found.get("hs_timestamp")), found.get("hs_call_status") not in _NOT_CALLED


def _of_email(found: Fields, _: dt.datetime) -> Told:
    """One that came in is nothing that a CSM did."""
    kind = "other" if found.get("hs_email_direction") == "INCOMING_EMAIL" else "email"
    return kind, _moment(found.get("hs_timestamp")), found.get("hs_email_status") not in _NOT_SENT


def _of_meeting(found: Fields, _: dt.datetime) -> Told:
    """Few people say how one went: it counts from its beginning unless it is said not to have been held."""
    started_at = _moment(found.get("hs_meeting_start_time")) or _moment(found.get("hs_timestamp"))
    return "meeting", started_at, found.get("hs_meeting_outcome") not in _NOT_HELD


def _of_note(found: Fields, _: dt.datetime) -> Told:
    return "note", _moment(found.get("hs_timestamp")), True


def _of_task(found: Fields, modified_at: dt.datetime) -> Told:
    """Its timestamp is when it is due."""
    return (
        "task",
        _moment(found.get("hs_task_completion_date")) or modified_at,
        found.get("hs_task_status") == "COMPLETED",
    )


def _of_deal(found: Fields, modified_at: dt.datetime) -> Told:
    """One that is closed was closed at the latest when it was last changed, whatever date it has."""
    closed_at = min(_moment(found.get("closedate")) or modified_at, modified_at)
    return OPPORTUNITY, closed_at, found.get("hs_is_closed") == "true"


_KINDS: dict[str, Callable[[Fields, dt.datetime], Told]] = {
    "calls": _of_call,
    "emails": _of_email,
    "meetings": _of_meeting,
    "notes": _of_note,
    "tasks": _of_task,
    "deals": _of_deal,
}


def _owner(row: Fields) -> Owner:
    name = " ".join(each for each in (row.get("firstName"), row.get("lastName")) if each)
    return Owner(str(row["id"]), name or None, row.get("email") or None)


def _modified(row: Fields) -> dt.datetime:
    found = _moment(row["properties"].get("hs_lastmodifieddate")) or _moment(row["updatedAt"])
    assert found is not None  # noqa: S101
    return found


def _moment(text: str | None) -> dt.datetime | None:
    """`2026-11-02T10:00:00.123Z`, or milliseconds since 1970."""
    if not text:
        return None
    if text.isdecimal():
        return from_micros(int(text) * 1000)
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

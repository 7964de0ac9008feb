"""As much SOQL as winback may write; all else is refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

_SHARED = dict.fromkeys(("Id", "CreatedDate", "SystemModstamp"))
_ACTIVITY = _SHARED | dict.fromkeys(
    (
        "AccountId",
        "WhatId",
        "WhoId",
        "OwnerId",
        "CreatedById",
        "ActivityDate",
        "IsDeleted",
        "IsArchived",
        "IsRecurrence",
    )
)
# A field → nothing; User has neither IsDeleted nor an account.
OBJECTS: dict[str, dict[str, Any]] = {
    "User": _SHARED | dict.fromkeys(("Name", "Email", "IsActive")),
    "Account": _SHARED | dict.fromkeys(("Name", "UID__c", "Number__c", "IsDeleted")),
    "Task": _ACTIVITY | dict.fromkeys(("Status", "IsClosed", "TaskSubtype", "CompletedDateTime")),
    "Event": _ACTIVITY | dict.fromkeys(("StartDateTime", "EndDateTime", "IsAllDayEvent")),
    "Opportunity": _SHARED
    | dict.fromkeys(("AccountId", "OwnerId", "CreatedById", "Name", "StageName", "IsWon", "IsClosed", "Amount"))
    | dict.fromkeys(("CloseDate", "LastStageChangeDate", "IsDeleted")),
}
_FORM = re.compile(
    r"SELECT (?P<fields>\w+(, \w+)*) FROM (?P<kind>\w+)"
    r"( WHERE SystemModstamp >= (?P<since>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))?"
    r" ORDER BY SystemModstamp, Id"
)


class Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def run(
    soql: str, records: dict[str, dict[str, dict[str, Any]]], hidden: set[str], everything: bool
) -> list[dict[str, Any]]:
    found = _FORM.fullmatch(soql)
    if found is None:
        raise Refused("MALFORMED_QUERY", f"unexpected token: {soql}")
    kind, fields = found["kind"], found["fields"].split(", ")
    if kind not in OBJECTS:
        raise Refused("INVALID_TYPE", f"sObject type '{kind}' is not supported")
    for field in fields:
        if field not in OBJECTS[kind] or field in hidden:
            raise Refused("INVALID_FIELD", f"No such column '{field}' on entity '{kind}'")
    since = datetime.fromisoformat(found["since"]) if found["since"] else None
    rows = [row for row in records[kind].values() if since is None or _stamp(row) >= since]
    if not everything:
        rows = [row for row in rows if not row.get("IsDeleted") and not row.get("IsArchived")]
    rows.sort(key=lambda row: (_stamp(row), row["Id"]))
    url = "/services/data/v67.0/sobjects"
    return [
        {"attributes": {"type": kind, "url": f"{url}/{kind}/{row['Id']}"}, **{name: row[name] for name in fields}}
        for row in rows
    ]


def _stamp(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["SystemModstamp"])

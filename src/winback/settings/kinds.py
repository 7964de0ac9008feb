"""The kinds of value a setting can have. Each kind's description completes the sentence "expected …"."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from msgspec import Meta

from winback.core.roles import Role

_OF_NO_FILE = ("idna", "punycode", "unicode_escape", "raw_unicode_escape")
LONGEST = 36500  # a century of days: a moment that long from now is still a moment


def clock_time(value: object) -> object:
    """`07:30` → `07:30:00`, the only form that msgspec takes."""
    return f"{value}:00" if isinstance(value, str) and re.fullmatch("[0-9]{2}:[0-9]{2}", value) else value


def one_or_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def known_encoding(value: object) -> object:
    """The name of an encoding of text, as Python knows it; else nothing, which no kind takes."""
    try:
        is_known = isinstance(value, str) and "".encode(value) is not None
    except (LookupError, UnicodeError):
        return None
    return value if is_known and value not in _OF_NO_FILE else None


Flag = Annotated[bool, Meta(description="true or false")]
Text = Annotated[str, Meta(description="text in quotes")]
Words = Annotated[str, Meta(pattern=r"\S", description="text in quotes that is not blank")]
WordsList = Annotated[tuple[Words, ...], Meta(description='a list of texts, such as ["one", "two"]')]
Reasons = Annotated[
    tuple[Words, ...],
    Meta(min_length=1, description='a list of at least one reason, such as ["Price", "Other"]'),
]
ColumnNames = Annotated[
    tuple[Words, ...],
    Meta(
        min_length=1,
        description="the name of a column, or a list of names to try in order, none of them blank",
        extra={"read": one_or_several},
    ),
]
Roles = Annotated[
    dict[str, Role],
    Meta(description='a table of roles, such as { "winback-admins" = "admin" }, out of viewer, csm, manager, admin'),
]
Table = Annotated[dict[str, Any], Meta(description="a table")]

Count = Annotated[int, Meta(ge=0, description="a whole number of at least 0")]
PositiveCount = Annotated[int, Meta(ge=1, description="a whole number of at least 1")]
Keep = Annotated[
    int, Meta(ge=2, description="a whole number of at least 2 (undoing a pull needs the history before it)")
]
Days = Annotated[int, Meta(ge=1, le=LONGEST, description=f"a whole number of days from 1 to {LONGEST}")]
Hours = Annotated[int, Meta(ge=1, le=LONGEST, description=f"a whole number of hours from 1 to {LONGEST}")]
DaysOrNever = Annotated[
    Annotated[int, Meta(ge=1, le=LONGEST)] | Literal["never"],
    Meta(description=f'a whole number of days from 1 to {LONGEST}, or "never"'),
]
Window = Annotated[
    tuple[Annotated[int, Meta(ge=1)], Annotated[int, Meta(ge=1)]],
    Meta(description="two whole numbers [from day, to day], the first at least 1"),
]
Memory = Annotated[
    str, Meta(pattern=r"^[1-9][0-9]* ?[MG]B\Z", description='an amount of memory such as "512MB" or "2GB"')
]
Share = Annotated[float, Meta(ge=0, le=1, description="a share from 0 to 1, such as 0.10 for ten percent")]
Port = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]

ClockTime = Annotated[time, Meta(tz=False, description='a time of day such as "07:30"', extra={"read": clock_time})]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Weekdays = Annotated[
    tuple[Weekday, ...],
    Meta(min_length=1, description='a list of days out of "mon" "tue" "wed" "thu" "fri" "sat" "sun"'),
]
Dates = Annotated[tuple[date, ...], Meta(description='a list of dates such as ["2026-12-25"]')]

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", description='three capital letters such as "USD"')]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description='two capital letters such as "ES"')]
Address = Annotated[
    str, Meta(pattern=r"^[^@\s]+@[^@\s]+\Z", description='an e-mail address such as "dana@shop.example"')
]
SlackMember = Annotated[
    str, Meta(pattern=r"^[UW][A-Z0-9]+\Z", description='the ID of a member of Slack such as "U012ABCDEF"')
]
Delimiter = Annotated[
    str, Meta(pattern=r'^[^"\r\n]\Z', description=r'one character such as ";" or "\t", not a quotation mark')
]
Encoding = Annotated[
    str,
    Meta(
        pattern=r"^\S+\Z",
        description='the name of an encoding such as "utf-8", "cp1252", "latin-1" or "utf-16-le"',
        extra={"read": known_encoding},
    ),
]
SecretRef = Annotated[
    str,
    Meta(
        pattern=r"^(env|file):.*\S",
        description='"env:NAME" (a variable) or "file:PATH" (a file), since secrets never stand in this file',
    ),
]
Channel = Literal["console", "slack", "email", "webhook", "teams"]
Channels = Annotated[
    tuple[Channel, ...],
    Meta(
        min_length=1,
        description='"console", "slack", "email", "webhook" or "teams", or a list of these',
        extra={"read": one_or_several},
    ),
]
Kind = Literal["call", "email", "meeting", "message", "note", "task", "visit", "other"]
Kinds = Annotated[
    tuple[Kind, ...],
    Meta(
        description='a list of kinds out of "call" "email" "meeting" "message" "note" "task" "visit" "other"',
    ),
]
KindsByName = Annotated[
    dict[str, Kind],
    Meta(
        description='a table of their names for ours, such as { "Phone call" = "call" }; ours are call, email, meeting,'
        " message, note, task, visit, other"
    ),
]
Minutes = Annotated[int, Meta(ge=0, le=1440, description="a whole number of minutes from 0 to 1440")]
SalesforceVersion = Annotated[
    str, Meta(pattern=r"^[1-9][0-9]{1,2}\.0\Z", description='a version of Salesforce\'s API such as "67.0"')
]
HubspotVersion = Annotated[
    str, Meta(pattern=r"^20[0-9]{2}-[0-9]{2}\Z", description='a version of HubSpot\'s API such as "2026-03"')
]
SalesforceDomain = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.my\Z",
        description='My Domain without ".salesforce.com", such as "acme.my"',
    ),
]
FieldName = Annotated[
    str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*\Z", description='the API name of a field, such as "UID__c"')
]

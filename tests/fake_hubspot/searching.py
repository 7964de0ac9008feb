"""HubSpot's search, with its limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

_MOST, _MOST_OF_ALL, _LONGEST = 200, 10_000, 3_000
_MOST_GROUPS, _MOST_FILTERS, _MOST_FILTERS_OF_ALL = 5, 6, 18
_KNOWN = {"limit", "after", "sorts", "properties", "filterGroups"}
Row = dict[str, Any]


class Refused(Exception):
    """400."""


def search(rows: list[Row], body: str) -> dict[str, Any]:
    if len(body) > _LONGEST:
        raise Refused(f"the body is longer than {_LONGEST} characters")
    asked = json.loads(body)
    if unknown := asked.keys() - _KNOWN:
        raise Refused(f"unknown keys {unknown}")
    limit, after = int(asked.get("limit", 10)), int(asked.get("after", 0))
    if limit > _MOST:
        raise Refused(f"limit must be at most {_MOST}")
    if after + limit > _MOST_OF_ALL:
        raise Refused(f"at most {_MOST_OF_ALL} results of one search can be read")
    found = [row for row in rows if _fits(row, asked.get("filterGroups", []))]
    found.sort(key=lambda row: _key(row, asked.get("sorts", [])))
    page = found[after : after + limit]
    document: dict[str, Any] = {"total": len(found), "results": [_shown(row, asked["properties"]) for row in page]}
    if after + limit < len(found):
        document["paging"] = {"next": {"after": str(after + limit)}}
    return document


def _shown(row: Row, names: list[str]) -> Row:
    """What has no value is null; what does not exist is passed over."""
    always = ("hs_object_id", "hs_lastmodifieddate", "hs_createdate")
    return row | {"properties": {name: row["properties"].get(name) for name in (*always, *names)}}


def _fits(row: Row, groups: list[dict[str, Any]]) -> bool:
    every = [each for group in groups for each in group["filters"]]
    if len(groups) > _MOST_GROUPS or len(every) > _MOST_FILTERS_OF_ALL:
        raise Refused("too many groups or filters")
    if any(len(group["filters"]) > _MOST_FILTERS for group in groups):
        raise Refused("too many filters in one group")
    return not groups or any(all(_passes(row, each) for each in group["filters"]) for group in groups)


def _passes(row: Row, asked: dict[str, str]) -> bool:
    mine, theirs = _number(row["properties"].get(asked["propertyName"])), _number(asked["value"])
    match asked["operator"]:
        case "GTE":
            return mine >= theirs
        case "GT":
            return mine > theirs
        case "EQ":
            return mine == theirs
    raise Refused(f"operator {asked['operator']} is not known here")


def _key(row: Row, sorts: list[dict[str, str]]) -> tuple[int, int]:
    if len(sorts) != 1 or sorts[0].get("direction") != "ASCENDING":
        raise Refused("expected one sort, ascending")
    # Records of one moment come in no particular order.
    return _number(row["properties"][sorts[0]["propertyName"]]), -int(row["id"])


@cache
def _number(text: str | None) -> int:
    """Moments as milliseconds."""
    if text is None:
        return -1
    if text.isdecimal():
        return int(text)
    at = datetime.fromisoformat(text).astimezone(UTC)
    return int(at.timestamp()) * 1000 + at.microsecond // 1000

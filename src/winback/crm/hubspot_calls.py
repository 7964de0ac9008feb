"""Calls of HubSpot's API: within its limits, tried again where that may help, told in plain words."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from winback.channels.posting import opener
from winback.core.moments import EPOCH
from winback.errors import SettingsError, WinbackError

Fields = dict[str, Any]
Filter = dict[str, str]
_MODIFIED, _ID = "hs_lastmodifieddate", "hs_object_id"
_PATIENCE = 60
_TRIES = 6
# Records a page: what a search, a list and a reading of associations may give at most.
_SEARCHED, _LISTED = 200, 100
# Searches of an account share five a second.
PACE = 0.21
_LONGEST_PAUSE = 60.0
_PASSING = (429, 500, 502, 503, 504)
_MILLISECOND = dt.timedelta(milliseconds=1)


class Calls:
    def __init__(self, base_url: str, version: str, token: str) -> None:
        self._base, self._version, self._token = base_url.rstrip("/"), version, token
        self._searched_at = 0.0

    def changed(self, kind: str, properties: Sequence[str], since: dt.datetime | None) -> Iterator[list[Fields]]:
        """What changed at or after a moment, in that order, a page after the other.

        Each page is a search of its own, from where the last one ended. Going on in one search would end at 10,000
        records, and pass over one whenever another that was read before is changed meanwhile.
        """
        start = -1 if since is None else (since - EPOCH) // _MILLISECOND
        while True:
            rows = self._search(kind, properties, [_filter(_MODIFIED, "GTE", start)] if start >= 0 else [], _MODIFIED)
            if rows:
                yield rows
            if len(rows) < _SEARCHED:
                return
            last = _stamp(rows[-1])
            if last > start:
                start = last
                continue
            # More were changed at one moment than a page holds, as imports do.
            yield from self._changed_at(kind, properties, start)
            start += 1

    def _changed_at(self, kind: str, properties: Sequence[str], stamp: int) -> Iterator[list[Fields]]:
        last = 0
        while True:
            filters = [_filter(_MODIFIED, "EQ", stamp), _filter(_ID, "GT", last)]
            rows = self._search(kind, properties, filters, _ID)
            if rows:
                yield rows
                last = int(rows[-1]["id"])
            if len(rows) < _SEARCHED:
                return

    def _search(self, kind: str, properties: Sequence[str], filters: list[Filter], sort: str) -> list[Fields]:
        body: Fields = {
            "limit": _SEARCHED,
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": list(properties),
        }
        if filters:
            body["filterGroups"] = [{"filters": filters}]
        pause = self._searched_at + PACE - time.monotonic()
        time.sleep(max(0.0, pause))
        self._searched_at = time.monotonic()
        rows: list[Fields] = self._ask("POST", f"crm/objects/{self._version}/{kind}/search", body=body)["results"]
        return rows

    def archived(self, kind: str) -> Iterator[list[Fields]]:
        yield from self._listed(f"crm/objects/{self._version}/{kind}", {"archived": "true"})

    def owners(self) -> Iterator[list[Fields]]:
        for archived in ("false", "true"):
            yield from self._listed(f"crm/owners/{self._version}", {"archived": archived})

    def _listed(self, path: str, options: dict[str, str]) -> Iterator[list[Fields]]:
        after: dict[str, str] = {}
        while True:
            answer = self._ask("GET", path, {"limit": str(_LISTED), **options, **after})
            if answer["results"]:
                yield answer["results"]
            following = answer.get("paging", {}).get("next", {}).get("after")
            if following is None:
                return
            after = {"after": str(following)}

    def companies_of(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Record → company. Of several the primary one, where one is called so, else the one with the lowest ID."""
        path = f"crm/associations/{self._version}/{kind}/companies/batch/read"
        answer = self._ask("POST", path, body={"inputs": [{"id": each} for each in ids]})
        return {str(row["from"]["id"]): _company(row["to"]) for row in answer["results"] if row["to"]}

    def refuse_unknown_property(self, kind: str, name: str, setting: str) -> None:
        try:
            self._ask("GET", f"crm/properties/{self._version}/{kind}/{name}")
        except _NotThere as error:
            raise SettingsError(f"{setting}: {kind} have no property {name}: write its internal name") from error

    def _ask(self, method: str, path: str, query: dict[str, str] | None = None, body: Fields | None = None) -> Fields:
        """Reading alone: whatever was tried may be tried again. A redirect is not followed: the key is for HubSpot."""
        url = f"{self._base}/{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        for left in reversed(range(_TRIES)):
            request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
            try:
                with opener().open(request, timeout=_PATIENCE) as answer:
                    found: Fields = json.load(answer)
                    return found
            except urllib.error.HTTPError as error:
                with error:
                    pause = _pause(error, _document(error), left)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if not left:
                    raise WinbackError(f"HubSpot can't be reached at {self._base}: {_plain(error)}") from error
                pause = None
            time.sleep(2 ** (_TRIES - left - 2) if pause is None else pause)
        raise AssertionError("the last try returns or raises")


class _NotThere(WinbackError):
    """404."""


def _pause(error: urllib.error.HTTPError, document: Fields, left: int) -> float | None:
    """How long to wait before the next try; None: longer each time. Raises what is final."""
    policy, message = document.get("policyName"), " ".join(str(document.get("message", error.reason)).split())
    if error.code == 429 and policy == "DAILY":
        raise WinbackError("HubSpot allows no more calls today: what was read stays; run it again tomorrow") from error
    if error.code in _PASSING and left:
        return _retry_after(error)
    if error.code == 401:
        raise WinbackError(f"HubSpot does not know the key (401): check crm.hubspot.token ({message})") from error
    if error.code == 403:
        raise WinbackError(f"HubSpot: the key lacks a right (403): {message}") from error
    kind = _NotThere if error.code == 404 else WinbackError
    raise kind(f"HubSpot answered {error.code}: {message}") from error


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    try:
        return min(float(error.headers.get("Retry-After") or ""), _LONGEST_PAUSE)
    except ValueError:
        return None


def _document(error: urllib.error.HTTPError) -> Fields:
    try:
        document = json.load(error)
    except (ValueError, OSError):
        return {}
    return document if isinstance(document, dict) else {}


def _plain(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return "no answer in time" if isinstance(reason, TimeoutError) else getattr(reason, "strerror", None) or str(reason)


def _filter(name: str, operator: str, value: int) -> Filter:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _stamp(row: Fields) -> int:
    text = row["properties"].get(_MODIFIED) or row["updatedAt"]
    return int(text) if text.isdecimal() else (dt.datetime.fromisoformat(text) - EPOCH) // _MILLISECOND


def _company(associated: Sequence[Fields]) -> str:
    def rank(each: Fields) -> tuple[bool, int]:
        labels = {kind.get("label") for kind in each.get("associationTypes", ())}
        return "Primary" not in labels, int(each["toObjectId"])

    return str(min(associated, key=rank)["toObjectId"])

"""A HubSpot of our own, for tests: see README.md."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_hubspot.searching import Refused, search
from tests.loopback import Answer, Loopback

TOKEN = "pat-eu1-key"
VERSIONS = ("2026-03", "2026-09")
KINDS = ("companies", "calls", "emails", "meetings", "notes", "tasks", "deals")
_MOST_INPUTS, _MOST_LISTED = 1000, 100


class FakeHubspot(Loopback):
    """`now`: its own clock, which tests set. `calls`: what was asked, by path. `faults`: answers that come next
    instead, each a status and its document. `rights`: the kinds that the key may read. `shown_until`: what was changed
    after it is not found by a search yet. `watch`: is told of each path, and may have an answer of its own."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.records: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.owners: list[dict[str, Any]] = []
        self.companies: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.properties = {"name", "merchant_uid"}
        self.rights = {*KINDS, "owners"}
        self.calls: list[str] = []
        self.faults: list[Answer] = []
        self.shown_until: datetime | None = None
        self.watch: Callable[[str], Answer | None] = lambda _: None
        self._lock = threading.Lock()

    # What people do in it

    def put(self, kind: str, number: int, company: int | None = None, **properties: str) -> str:
        """Makes or changes a record now; its ID."""
        key = str(number)
        before = self.records[kind].get(key) or {"id": key, "archived": False, "properties": self._made(key)}
        told = before["properties"] | properties | {"hs_lastmodifieddate": stamp(self.now)}
        self.records[kind][key] = before | {"properties": told, "updatedAt": stamp(self.now)}
        if company is not None:
            self.companies[kind, key] = [{"toObjectId": company, "associationTypes": []}]
        return key

    def _made(self, key: str) -> dict[str, str]:
        at = stamp(self.now)
        return {"hs_object_id": key, "hs_createdate": at, "createdate": at, "hs_object_source": "CRM_UI"}

    def archive(self, kind: str, key: str) -> None:
        self.records[kind][key] |= {"archived": True, "archivedAt": stamp(self.now)}

    def hire(self, number: int, first: str, last: str, email: str, archived: bool = False) -> str:
        owner = {"id": str(number), "firstName": first, "lastName": last, "email": email, "archived": archived}
        self.owners.append(owner)
        return str(number)

    # What it answers

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
        with self._lock:
            parts = urlsplit(path)
            self.calls.append(parts.path)
            if self.faults:
                return self.faults.pop(0)
            if (instead := self.watch(parts.path)) is not None:
                return instead
            if headers.get("Authorization") != f"Bearer {TOKEN}":
                return _error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
            try:
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                return self._routed(method, parts.path.strip("/").split("/"), query, body)
            except Refused as refused:
                return _error(400, "VALIDATION_ERROR", str(refused))

    def _routed(self, method: str, path: list[str], query: dict[str, str], body: str) -> Answer:
        match method, path:
            case "POST", ["crm", "objects", version, kind, "search"] if version in VERSIONS and kind in KINDS:
                return self._checked(kind) or self._search(kind, body)
            case "GET", ["crm", "objects", version, kind] if version in VERSIONS and kind in KINDS:
                is_gone = query.get("archived") == "true"
                rows = [row for row in self.records[kind].values() if row["archived"] == is_gone]
                return self._checked(kind) or _listed(rows, query)
            case "GET", ["crm", "owners", version] if version in VERSIONS:
                is_gone = query.get("archived") == "true"
                return self._checked("owners") or _listed([o for o in self.owners if o["archived"] == is_gone], query)
            case "POST", ["crm", "associations", version, kind, "companies", "batch", "read"] if version in VERSIONS:
                return self._associations(kind, json.loads(body)["inputs"])
            case "GET", ["crm", "properties", version, "companies", name] if version in VERSIONS:
                return (200, {"name": name}, {}) if name in self.properties else _error(404, "OBJECT_NOT_FOUND", "none")
        return _error(404, "NOT_FOUND", "no such path")

    def _checked(self, kind: str) -> Answer | None:
        if kind in self.rights:
            return None
        return _error(403, "MISSING_SCOPES", f"This app hasn't been granted all required scopes: {kind}.read")

    def _search(self, kind: str, body: str) -> Answer:
        rows = [row for row in self.records[kind].values() if not row["archived"]]
        if self.shown_until is not None:
            rows = [row for row in rows if row["updatedAt"] <= stamp(self.shown_until)]
        return 200, search(rows, body), {}

    def _associations(self, kind: str, inputs: list[dict[str, str]]) -> Answer:
        if not 0 < len(inputs) <= _MOST_INPUTS:
            raise Refused(f"expected 1 to {_MOST_INPUTS} inputs, found {len(inputs)}")
        found = [
            {"from": {"id": each["id"]}, "to": self.companies[kind, each["id"]]}
            for each in inputs
            if (kind, each["id"]) in self.companies
        ]
        lacking = len(inputs) - len(found)
        return (207 if lacking else 200), {"status": "COMPLETE", "results": found, "numErrors": lacking}, {}


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def too_many(policy: str = "SECONDLY", retry_after: str = "0") -> Answer:
    document = {"status": "error", "errorType": "RATE_LIMIT", "policyName": policy, "message": "too many requests"}
    return 429, document, {"Retry-After": retry_after}


def _listed(rows: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    limit, start = int(query.get("limit", "10")), int(query.get("after", "0"))
    if limit > _MOST_LISTED:
        raise Refused(f"limit must be at most {_MOST_LISTED}")
    document: dict[str, Any] = {"results": rows[start : start + limit]}
    if start + limit < len(rows):
        document["paging"] = {"next": {"after": str(start + limit)}}
    return 200, document, {}


def _error(status: int, category: str, message: str) -> Answer:
    return status, {"status": "error", "category": category, "message": message}, {}

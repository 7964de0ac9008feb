"""A Salesforce of our own, for tests: see README.md."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from tests.fake_salesforce.soql import OBJECTS, Refused, run
from tests.loopback import Answer, Loopback

DOMAIN = "acme.my"
KEY, SECRET = "consumer-key", "consumer-secret"
USERNAME = "winback@shop.example"
OLDEST, NEWEST = 31, 68
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PREFIXES = {"User": "005", "Account": "001", "Task": "00T", "Event": "00U", "Opportunity": "006"}


class FakeSalesforce(Loopback):
    """`now`: its own clock, which tests set. `page`: records a page. `public_key`: of whoever signs in by JWT.
    `calls`: what was asked, by path; `watch` is told of each. `faults`: answers that come next instead, each a status
    and an error code."""

    def __init__(self, now: datetime, page: int = 2000, public_key: str | None = None) -> None:
        self.now, self.page, self.public_key = now, page, public_key
        self.records: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in OBJECTS}
        self.hidden_fields: set[str] = set()
        self.calls: list[str] = []
        self.faults: list[tuple[int, str]] = []
        self.used, self.allowed = 0, 100_000
        self.watch: Callable[[str], None] = lambda _: None
        self._token = 0
        self._locators: dict[str, tuple[list[dict[str, Any]], int]] = {}
        self._lock = threading.Lock()

    # What people do in it

    def put(self, kind: str, number: int, **fields: Any) -> str:
        """Makes or changes a record now; its ID."""
        key = f"{PREFIXES[kind]}{number:012d}AAA"
        stamp = _written(self.now)
        before = self.records[kind].get(key) or dict.fromkeys(OBJECTS[kind]) | {
            "Id": key,
            "CreatedDate": stamp,
            "IsDeleted": False,
            "IsArchived": False,
            "IsRecurrence": False,
            "IsAllDayEvent": False,
        }
        unknown = fields.keys() - OBJECTS[kind].keys()
        assert not unknown, f"{kind} has no {unknown}"
        self.records[kind][key] = before | fields | {"SystemModstamp": stamp}
        return key

    def delete(self, kind: str, key: str) -> None:
        self.records[kind][key] |= {"IsDeleted": True, "SystemModstamp": _written(self.now)}

    def end_sessions(self) -> None:
        self._token += 1

    # What it answers

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
        with self._lock:
            parts = urlsplit(path)
            self.calls.append(parts.path)
            self.watch(parts.path)
            if parts.path == "/services/oauth2/token":
                return self._sign_in(method, headers, parse_qs(body))
            if self.faults:
                status, code = self.faults.pop(0)
                return _error(status, code)
            if headers.get("Authorization") != f"Bearer {self._bearer}":
                return _error(401, "INVALID_SESSION_ID")
            self.used += 1
            if self.used > self.allowed:
                return _error(403, "REQUEST_LIMIT_EXCEEDED")
            return self._data(method, parts.path, parse_qs(parts.query))

    @property
    def _bearer(self) -> str:
        return f"00D!session-{self._token}"

    def _sign_in(self, method: str, headers: Mapping[str, str], form: dict[str, list[str]]) -> Answer:
        (grant,) = form.get("grant_type", [""])
        if method != "POST" or grant not in ("client_credentials", JWT):
            return 400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"}, {}
        if grant == JWT and not self._is_signed(form["assertion"][0]):
            return 400, {"error": "invalid_grant", "error_description": "invalid assertion"}, {}
        basic = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if grant == "client_credentials" and headers.get("Authorization") != basic:
            return 400, {"error": "invalid_client", "error_description": "invalid client credentials"}, {}
        token = {
            "access_token": self._bearer,
            "instance_url": f"https://{DOMAIN}.salesforce.com",
            "token_type": "Bearer",
        }
        return 200, token, {}

    def _is_signed(self, assertion: str) -> bool:
        """Audience, issuer and user must be right, and the end at most three minutes away."""
        audience = f"https://{DOMAIN}.salesforce.com"
        try:
            told = jwt.decode(assertion, self.public_key or "", algorithms=["RS256"], audience=audience, issuer=KEY)
        except jwt.PyJWTError:
            return False
        is_short = int(told["exp"]) <= datetime.now(UTC).timestamp() + 181
        return told.get("sub") == USERNAME and is_short

    def _data(self, method: str, path: str, query: dict[str, list[str]]) -> Answer:
        found = re.fullmatch(r"/services/data/v(\d+)\.0/(.+)", path)
        if method != "GET" or found is None or not OLDEST <= int(found[1]) <= NEWEST:
            return _error(404, "NOT_FOUND")
        rest = found[2].rstrip("/")
        if described := re.fullmatch(r"sobjects/(\w+)/describe", rest):
            names = [name for name in OBJECTS.get(described[1], ()) if name not in self.hidden_fields]
            return self._fine({"name": described[1], "fields": [{"name": name} for name in names]})
        if rest in ("query", "queryAll"):
            return self._query(query.get("q", [""])[0], found[1], everything=rest == "queryAll")
        if more := re.fullmatch(r"query/(\w+-\d+)", rest):
            return self._more(more[1], found[1])
        return _error(404, "NOT_FOUND")

    def _query(self, soql: str, version: str, everything: bool) -> Answer:
        try:
            rows = run(soql, self.records, self.hidden_fields, everything)
        except Refused as refused:
            return _error(400, refused.code, str(refused))
        return self._paged(rows, 0, f"01g{len(self._locators):015d}", version)

    def _more(self, locator: str, version: str) -> Answer:
        if locator not in self._locators:
            return _error(400, "INVALID_QUERY_LOCATOR")
        rows, start = self._locators[locator]
        return self._paged(rows, start, locator.partition("-")[0], version)

    def _paged(self, rows: list[dict[str, Any]], start: int, name: str, version: str) -> Answer:
        """A query goes on with what there was when it was asked."""
        end = start + self.page
        document = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
        if end < len(rows):
            self._locators[f"{name}-{end}"] = (rows, end)
            document["nextRecordsUrl"] = f"/services/data/v{version}.0/query/{name}-{end}"
        return self._fine(document)

    def _fine(self, document: Any) -> Answer:
        return 200, document, {"Sforce-Limit-Info": f"api-usage={self.used}/{self.allowed}"}


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def at(now: datetime, **before: float) -> str:
    """A moment as it writes them, so long before."""
    return _written(now - timedelta(**before))


def _error(status: int, code: str, message: str = "") -> Answer:
    return status, [{"errorCode": code, "message": message or code.replace("_", " ").lower()}], {}

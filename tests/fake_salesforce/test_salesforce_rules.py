"""The fake keeps the rules of its README."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.fake_salesforce import JWT, KEY, SECRET, FakeSalesforce

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
DATA = "/services/data/v67.0"
Said = tuple[int, Any]


@pytest.fixture
def fake() -> Iterator[FakeSalesforce]:
    with FakeSalesforce(NOW, page=2) as fake:
        yield fake


def ask(fake: FakeSalesforce, path: str, body: bytes | None = None, **headers: str) -> Said:
    request = urllib.request.Request(fake.url + path, body, {"Authorization": "Bearer 00D!session-0", **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            document = json.load(error)
        return error.code, document[0]["errorCode"] if isinstance(document, list) else document["error"]


def query(fake: FakeSalesforce, soql: str, resource: str = "queryAll") -> Said:
    return ask(fake, f"{DATA}/{resource}/?q={urllib.parse.quote(soql)}")


def test_signing_in_is_strict(fake: FakeSalesforce) -> None:
    def sign_in(secret: str, **form: str) -> Said:
        basic = base64.b64encode(f"{KEY}:{secret}".encode()).decode()
        path, body = "/services/oauth2/token", urllib.parse.urlencode(form).encode()
        return ask(fake, path, body, Authorization=f"Basic {basic}")

    assert sign_in(SECRET, grant_type="client_credentials")[1]["access_token"] == "00D!session-0"
    assert sign_in("wrong", grant_type="client_credentials") == (400, "invalid_client")
    assert sign_in(SECRET, grant_type="password") == (400, "unsupported_grant_type")
    forged = jwt.encode({"iss": KEY}, "a secret of at least 32 characters", algorithm="HS256")
    assert sign_in(SECRET, grant_type=JWT, assertion=forged) == (400, "invalid_grant")


def test_pages_and_locators(fake: FakeSalesforce) -> None:
    for number in range(3):
        fake.put("User", number)
    soql = "SELECT Id FROM User ORDER BY SystemModstamp, Id"
    first = query(fake, soql)[1]
    assert (len(first["records"]), first["done"], first["totalSize"]) == (2, False, 3)
    fake.put("User", 9)
    second = ask(fake, first["nextRecordsUrl"])[1]
    assert (len(second["records"]), second["done"]) == (1, True)
    assert ask(fake, f"{DATA}/query/01gunknown-2") == (400, "INVALID_QUERY_LOCATOR")


def test_query_hides_what_is_deleted_or_archived(fake: FakeSalesforce) -> None:
    fake.put("Task", 1, IsArchived=True)
    gone = fake.put("Task", 2)
    fake.now += timedelta(hours=1)
    fake.delete("Task", gone)
    soql = "SELECT Id, IsDeleted FROM Task WHERE SystemModstamp >= {} ORDER BY SystemModstamp, Id"
    assert query(fake, soql.format("2026-11-03T09:00:00Z"), "query")[1]["records"] == []
    assert len(query(fake, soql.format("2026-11-03T09:00:00Z"))[1]["records"]) == 2
    (row,) = query(fake, soql.format("2026-11-03T09:00:01Z"))[1]["records"]
    assert (row["Id"], row["IsDeleted"]) == (gone, True)


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Nothing FROM Task ORDER BY SystemModstamp, Id", "INVALID_FIELD"),
        ("SELECT CompletedDateTime FROM Task ORDER BY SystemModstamp, Id", "INVALID_FIELD"),
        ("SELECT IsDeleted FROM User ORDER BY SystemModstamp, Id", "INVALID_FIELD"),
        ("SELECT Id FROM Thing ORDER BY SystemModstamp, Id", "INVALID_TYPE"),
        ("SELECT Id FROM Task", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE SystemModstamp >= '2026-11-03' ORDER BY SystemModstamp, Id", "MALFORMED_QUERY"),
    ],
)
def test_fields_that_are_not_there_are_refused(fake: FakeSalesforce, soql: str, code: str) -> None:
    fake.hidden_fields = {"CompletedDateTime"}
    assert query(fake, soql) == (400, code)
    described = ask(fake, f"{DATA}/sobjects/Task/describe")[1]["fields"]
    assert {"name": "CompletedDateTime"} not in described
    assert {"name": "IsClosed"} in described


def test_calls_of_the_day_used_up(fake: FakeSalesforce) -> None:
    fake.allowed = 1
    path = f"{DATA}/sobjects/Task/describe"
    assert [ask(fake, path)[0], ask(fake, path)] == [200, (403, "REQUEST_LIMIT_EXCEEDED")]


def test_versions(fake: FakeSalesforce) -> None:
    found = [ask(fake, f"/services/data/v{version}/sobjects/Task/describe")[0] for version in ("68.0", "69.0", "20.0")]
    assert found == [200, 404, 404]


def test_sessions_end(fake: FakeSalesforce) -> None:
    fake.end_sessions()
    assert ask(fake, f"{DATA}/sobjects/Task/describe") == (401, "INVALID_SESSION_ID")

"""The fake keeps the rules of its README."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fake_hubspot import TOKEN, FakeHubspot, stamp

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
SEARCH = "crm/objects/2026-03/calls/search"
SORTS = [{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}]


@pytest.fixture
def fake() -> Iterator[FakeHubspot]:
    with FakeHubspot(NOW) as fake:
        yield fake


def ask(fake: FakeHubspot, path: str, body: Any = None, token: str = TOKEN) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{fake.url}/{path}", data, {"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["category"]


def search(fake: FakeHubspot, **asked: Any) -> tuple[int, Any]:
    return ask(fake, SEARCH, {"sorts": SORTS, "properties": []} | asked)


def test_paths_have_a_date(fake: FakeHubspot) -> None:
    assert ask(fake, "crm/owners/2026-09")[0] == 200
    assert ask(fake, "crm/v3/owners")[0] == 404
    assert ask(fake, "crm/objects/2026-03/things")[0] == 404
    assert [ask(fake, f"crm/properties/2026-03/companies/{name}")[0] for name in ("name", "nothing")] == [200, 404]


def test_keys_and_rights(fake: FakeHubspot) -> None:
    fake.rights.remove("calls")
    assert ask(fake, "crm/owners/2026-03", token="x") == (401, "INVALID_AUTHENTICATION")
    assert search(fake) == (403, "MISSING_SCOPES")


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 201},
        {"limit": 200, "after": 9_801},
        {"sorts": []},
        {"sorts": SORTS * 2},
        {"properties": ["x" * 3_000]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "x", "operator": "GT", "value": "1"}] * 7}]},
        {"filterGroups": [{"filters": [{"propertyName": "x", "operator": "IN", "value": "1"}]}]},
        {"unknown": 1},
    ],
)
def test_limits_of_a_search(fake: FakeHubspot, asked: dict[str, Any]) -> None:
    fake.put("calls", 1)
    fake.put("calls", 2)
    assert search(fake, **asked) == (400, "VALIDATION_ERROR")
    status, found = search(fake, limit=200, after=9_800)
    assert (status, found["total"], found["results"]) == (200, 2, [])
    assert [row["id"] for row in search(fake)[1]["results"]] == ["2", "1"]


def test_archived_records_are_listed_and_never_found(fake: FakeHubspot) -> None:
    key = fake.put("calls", 1)
    fake.put("calls", 2)
    fake.now += timedelta(hours=1)
    fake.archive("calls", key)
    assert [row["id"] for row in search(fake)[1]["results"]] == ["2"]
    (row,) = ask(fake, "crm/objects/2026-03/calls?archived=true&limit=100")[1]["results"]
    assert (row["id"], row["archivedAt"]) == ("1", stamp(fake.now))
    assert ask(fake, "crm/objects/2026-03/calls?limit=101") == (400, "VALIDATION_ERROR")


def test_what_was_just_changed_is_found_later(fake: FakeHubspot) -> None:
    fake.shown_until = NOW
    fake.now += timedelta(seconds=1)
    fake.put("calls", 1)
    assert search(fake)[1]["results"] == []


def test_owners_who_left(fake: FakeHubspot) -> None:
    fake.hire(1, "Dana", "Ortiz", "dana@shop.example")
    fake.hire(2, "Lee", "Park", "lee@shop.example", archived=True)
    listed = [ask(fake, f"crm/owners/2026-03?archived={gone}")[1]["results"] for gone in ("false", "true")]
    assert [[owner["id"] for owner in owners] for owners in listed] == [["1"], ["2"]]


def test_associations(fake: FakeHubspot) -> None:
    fake.put("calls", 1, company=7)
    path = "crm/associations/2026-03/calls/companies/batch/read"
    status, found = ask(fake, path, {"inputs": [{"id": "1"}, {"id": "2"}]})
    assert (status, found["results"]) == (
        207,
        [{"from": {"id": "1"}, "to": [{"toObjectId": 7, "associationTypes": []}]}],
    )
    assert ask(fake, path, {"inputs": [{"id": "1"}]})[0] == 200
    assert ask(fake, path, {"inputs": [{"id": "1"}] * 1_001})[0] == 400

"""The API says what `winback show` and `winback kpis` say, to whoever has a key for it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import day
from tests.web.api_user import Api, shown
from tests.web.opened import Pages
from tests.web.test_doors import BY_KEY
from winback.access.keys import make_key, revoke_key
from winback.access.models import ApiKey
from winback.access.users import set_active, set_role
from winback.core.roles import ROLES, Role
from winback.tables import NAMES

OF_NO_PULL = [name for name in NAMES if name != "report"]


@pytest.fixture(scope="module")
def api(pages: Pages) -> Api:
    return Api(pages)


@pytest.mark.parametrize("address", BY_KEY)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_key_may_read_and_nobody_without_one(api: Api, address: str, role: Role | None) -> None:
    answer = api.get(address.removeprefix("/api/v1/"), role)
    is_there = not address.endswith("nothing")
    assert answer.status_code == (404 if not is_there else 401 if role is None else 200)
    assert role is not None or set(answer.json()) == {"error"}
    assert role is not None or not is_there or answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_of_the_pages_is_no_key(pages: Pages) -> None:
    assert pages.get("admin", "/api/v1/kpis").status_code == 401


@pytest.mark.parametrize("name", OF_NO_PULL)
def test_a_table_is_what_show_says(api: Api, name: str) -> None:
    assert api.rows(f"tables/{name}") == shown(api.pages, name)
    found = api.get(f"tables/{name}").json()
    assert found["table"] == name
    assert [list(row) for row in found["rows"]] == [list(row) for row in shown(api.pages, name)]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("region=EMEA", {"region": "EMEA"}),
        ("region=", {"region": ""}),
        ("csm=Ben", {"csm": "Ben"}),
        ("product=payments&at=2026-11-06T09:00Z", {"product": "payments", "at": day(6)}),
        ("at=2026-11-03T10%3A00%3A00%2B01%3A00", {"at": day(3)}),
    ],
)
@pytest.mark.parametrize("name", ["at_risk", "churns", "cases", "wins", "history"])
def test_filters_are_those_of_show(api: Api, name: str, query: str, asked: dict[str, Any]) -> None:
    assert api.rows(f"tables/{name}?{query}") == shown(api.pages, name, **asked)


def test_uncontacted_and_pull(api: Api) -> None:
    assert api.rows("tables/at_risk?uncontacted_for=2d") == shown(
        api.pages, "at_risk", uncontacted_for=dt.timedelta(days=2)
    )
    assert api.rows("tables/at_risk?uncontacted_for=49h") == []
    assert api.rows("tables/report?pull=2&limit=4") == shown(api.pages, "report", pull=2)


@pytest.mark.parametrize("name", ["history", "cases", "pulls", "wins", "notifications"])
@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_pages_put_together_are_the_table(api: Api, name: str, limit: int) -> None:
    found = shown(api.pages, name)
    assert api.rows(f"tables/{name}?limit={limit}") == found
    first = api.get(f"tables/{name}?limit={limit}").json()
    assert len(first["rows"]) == min(limit, len(found))
    assert (first["next"] is None) == (len(found) <= limit)


def test_pages_are_of_one_moment(api: Api) -> None:
    following = api.get("tables/cases?limit=1").json()["next"]
    assert "at=2026-11-12T09%3A00%3A00Z" in following


def test_only_the_rows_of_a_page_are_read(api: Api) -> None:
    with CaptureQueriesContext(connection) as captured:
        api.get("tables/cases?limit=2&offset=1")
    (asked,) = [query["sql"] for query in captured if "order by product, churned_at, uid" in query["sql"]]
    assert asked.replace("'", "").endswith("limit 3 offset 1")
    assert len(captured) <= 12


def test_kpis_impact_and_periods(api: Api) -> None:
    workspace = api.pages.workspace
    asked = {
        "kpis": workspace.kpis(),
        "kpis?region=EMEA&at=2026-11-06": workspace.kpis(region="EMEA", at="2026-11-06"),
        "kpis?from=2026-11-02&to=2026-11-08": workspace.flows("2026-11-02", "2026-11-08"),
        "kpis?from=2026-11-02&csm=Ben": workspace.flows("2026-11-02", workspace.now(), csm="Ben"),
        "kpis?by=month": workspace.months(),
        "impact": workspace.impact(),
        "impact?product=payments": workspace.impact(product="payments"),
    }
    for address, expected in asked.items():
        assert api.get(address).json() == json.loads(json.dumps(expected))


def test_an_account_has_its_rows_of_each_table(api: Api) -> None:
    found = api.get("accounts/payments/a").json()
    assert found["history"] == next(row for row in shown(api.pages, "history") if row["uid"] == "a")
    for name in ("cases", "wins", "claims", "notifications", "feedback", "activities"):
        assert found[name] == [row for row in shown(api.pages, name) if row["uid"] == "a"]
    assert found["cases"]
    assert found["notifications"]
    assert api.get("accounts/payments/n").json()["wins"][0]["kind"] == "new_adoption"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("tables/nothing", 404, "there are: history, report"),
        ("tables/wins?sort=3", 422, "sort: not known here"),
        ("tables/wins?limit=1001", 422, 'limit: expected a number from 1 to 1000, found "1001"'),
        ("tables/wins?limit=", 422, 'limit: expected a number from 1 to 1000, found ""'),
        ("tables/wins?offset=-1", 422, 'offset: expected a number from 0 on, as next has it, found "-1"'),
        ("tables/wins?offset=99999999999999999999", 422, "offset: expected a number"),
        (
            "tables/report?pull=second",
            422,
            'pull: expected the number of a pull, as the table pulls has it, found "second"',
        ),
        ("kpis?by=week", 422, 'by: expected month, found "week"'),
        ("tables/wins?at=yesterday", 422, "expected a date or moment"),
        ("tables/wins?at=9999-12-31", 422, "expected a moment of the years"),
        ("tables/wins?product=loans", 422, "there is no product"),
        ("tables/wins?pull=1", 422, "asked of the tables report and rejected"),
        ("tables/report", 422, "is of one pull"),
        ("tables/at_risk?uncontacted_for=soon", 422, 'expected hours or days such as 48h or 3d, found "soon"'),
        ("kpis?at=2026-11-02&from=2026-11-01", 422, "leave one of them out"),
        ("kpis?to=2026-11-02", 422, "from is missing"),
        ("kpis?by=month&from=1990-01-01", 422, "ten years"),
        ("kpis?from=2026-11-09&to=2026-11-02", 422, "before it begins"),
        ("accounts/payments/nobody", 404, "nobody"),
        ("accounts/loans/a", 404, "there is no product"),
        ("tables", 404, "openapi.json"),
    ],
)
def test_what_is_wrong_is_said_in_one_shape(api: Api, address: str, status: int, words: str) -> None:
    answer = api.get(address)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    "asked",
    ["csm=' or 1=1 --", "csm=%(at)s {} %s \\", "region='; drop table cases --", "csm=\x00\n", "csm=" + "a" * 10_000],
)
@pytest.mark.parametrize("address", ["tables/cases", "tables/history", "tables/notifications", "kpis"])
def test_what_looks_like_sql_is_text(api: Api, address: str, asked: str) -> None:
    name, _, value = asked.partition("=")
    answer = api.get(f"{address}?{name}={quote(value)}")
    assert answer.status_code == 200
    assert answer.json().get("rows", []) == []


@pytest.mark.parametrize("asked", ["at={}", "{}=1", "product={}", "limit={}"])
def test_nothing_long_is_said_again(api: Api, asked: str) -> None:
    answer = api.get(f"tables/cases?{asked.format('a' * 10_000)}")
    assert answer.status_code == 422
    assert len(answer.json()["error"]) <= 501


def test_before_the_first_pull_there_was_nothing(api: Api) -> None:
    for name in OF_NO_PULL:
        assert api.rows(f"tables/{name}?at=1999-01-01") == []
    assert api.get("kpis?at=1999-01-01").json()["at_risk"]["accounts"] == 0
    assert api.get("accounts/payments/a?at=1999-01-01").status_code == 404


def test_it_only_reads(api: Api) -> None:
    import django.test

    client = django.test.Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    for kind in ("post", "put", "patch", "delete"):
        answer = getattr(client, kind)("/api/v1/kpis", headers={"Authorization": f"Bearer {api.keys['admin']}"})
        assert answer.status_code == 405
        assert "only reads" in answer.json()["error"]


def test_a_bug_is_told_as_json_and_logged(api: Api, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(api.pages.workspace), "kpis", broken)
    answer = api.get("kpis")
    assert answer.status_code == 500
    assert answer.json() == {"error": "this failed, and the reason is in winback's log"}
    assert "ZeroDivisionError" in caplog.text


def test_keys_that_are_no_good(api: Api) -> None:
    now, user = api.pages.workspace.now(), api.pages.users["viewer"]
    over = make_key(user, "over", dt.timedelta(0), now)
    revoked = make_key(user, "revoked", None, now)
    revoke_key(ApiKey.objects.get(label="revoked"), "test", now)
    client = api.pages.client(None)
    for key in (over, revoked, "winback_wrong", ""):
        answer = client.get("/api/v1/kpis", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401
        assert "this one is none, was revoked, is over" in answer.json()["error"]
    assert client.get("/api/v1/kpis", headers={"Authorization": f"Basic {api.keys['admin']}"}).status_code == 401


def test_a_key_may_what_its_user_may_now(api: Api) -> None:
    user, now = api.pages.users["manager"], api.pages.workspace.now()
    user.groups.clear()
    assert api.get("kpis", "manager").status_code == 403
    assert "give them a role" in api.get("kpis", "manager").json()["error"]
    set_role(user, "manager", "test", now)
    assert api.get("kpis", "manager").status_code == 200
    set_active(user, False, "test", now)
    assert api.get("kpis", "manager").status_code == 401
    set_active(user, True, "test", now)


# Whether an answer is another than before


def test_the_same_is_not_sent_twice(api: Api) -> None:
    first = api.get("tables/cases")
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    with CaptureQueriesContext(connection) as captured:
        again = api.get("tables/cases", etag=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    # The key with its user, the user's role, the state of the data.
    assert len(captured) <= 3
    for etag in (f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        assert api.get("tables/cases", etag=etag).status_code == 304
    assert api.get("tables/cases", etag='"other"').status_code == 200
    for other in ("tables/wins", "tables/cases?limit=2", "tables/cases?region=EMEA"):
        assert api.get(other, etag=first["ETag"]).status_code == 200
    assert api.get("tables/cases", "csm", etag=first["ETag"]).status_code == 200
    assert api.get("tables/cases", None, etag=first["ETag"]).status_code == 401

"""Every address and every role: let in, asked to sign in, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.opened import Pages
from winback.access.keys import make_key
from winback.access.models import ApiKey
from winback.access.users import set_active, set_role
from winback.core.roles import ROLES, Role, is_at_least

# Address → the least role for it; None: open to everybody, and why is said in the code.
DOORS: dict[str, Role | None] = {
    "/": "viewer",
    "/trend/": "viewer",
    "/at-risk/": "viewer",
    "/churned/": "viewer",
    "/won/": "viewer",
    "/readopted/": "viewer",
    "/find/?q=e": "viewer",
    "/account/payments/?uid=b": "viewer",
    "/my-accounts/": "csm",
    "/case/1/outcome/": "csm",
    "/case/1/void/": "manager",
    # Whoever has the mail may open its link; this one is none.
    "/answer/1.2.3": None,
    "/months/": "viewer",
    "/csms/": "viewer",
    "/impact/": "viewer",
    "/healthz": None,
    "/sign-in/": None,
    "/sign-out/": "viewer",
    "/password/": "viewer",
    "/password/forgotten/": None,
    "/password/mailed/": None,
    "/password/new/MQ/set-password/": None,
    "/keys/": "viewer",
    "/keys/1/revoke/": "viewer",
    "/api/v1/openapi.json": None,
    "/pulls/": "viewer",
    "/pulls/1/": "viewer",
    "/pulls/1/undo/": "manager",
    "/requests/1/": "manager",
    "/rejected/": "viewer",
    "/rejected/?pull=1": "viewer",
    "/messages/": "viewer",
    "/messages/release/": "manager",
    "/upload/": "manager",
    "/upload/1/apply/": "manager",
    "/people/": "manager",
    "/people/set/?name=Ana": "manager",
    "/users/": "admin",
    "/users/1/shut-out/": "admin",
    "/audit/": "admin",
    "/admin/": "admin",
    "/admin/access/user/": "admin",
    "/admin/store/pull/": "admin",
    "/admin/store/pull/1/change/": "admin",
}
# Not there where single sign-on is not set: tests/web/test_single_sign_on.py.
BY_PROVIDER = ("/sign-in/company/", "/sign-in/company/done/")
# Where a key is asked for instead: tests/web/test_api.py.
BY_KEY = (
    "/api/v1/tables/at_risk",
    "/api/v1/pulls",
    "/api/v1/kpis",
    "/api/v1/impact",
    "/api/v1/accounts/payments/a",
    "/api/v1/nothing",
)
# Open to everybody, and nothing behind it.
NOT_FOUND = ("/answer/1.2.3",)


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_gets_in_where_it_may(pages: Pages, address: str, role: Role | None) -> None:
    least = DOORS[address]
    answer = pages.get(role, address)
    if least is None or is_at_least(role, least):
        assert answer.status_code in (200, 302, 405) or address in NOT_FOUND
        assert not answer.get("Location", "").startswith("/sign-in/")
    elif role is None:
        assert answer.status_code == 302
        assert answer["Location"].startswith(("/sign-in/?next=", "/admin/login/?next="))
    else:
        assert answer.status_code == 403


def test_figures_for_prometheus_need_a_key(pages: Pages) -> None:
    user, now = pages.users["viewer"], pages.workspace.now()
    key = make_key(user, "prometheus", dt.timedelta(days=1), now)
    asked = {"headers": {"Authorization": f"Bearer {key}"}}
    assert pages.get(None, "/metrics", **asked).status_code == 200
    assert b"winback_" in pages.get(None, "/metrics", **asked).content
    assert "products" in pages.get(None, "/healthz", **asked).json()
    assert pages.get("admin", "/healthz").json() == {"status": "ok"}
    for refused in ({}, {"headers": {"Authorization": f"Bearer {key}x"}}, {"headers": {"Authorization": key}}):
        assert pages.get("admin", "/metrics", **refused).status_code == 401
    ApiKey.objects.update(expires_at=now)
    assert pages.get(None, "/metrics", **asked).status_code == 401


def test_the_admin_has_no_door_of_its_own(pages: Pages) -> None:
    answer = pages.client(None).get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/sign-in/?next=%2Fadmin%2F", 302)
    assert pages.get("admin", "/admin/access/user/").status_code == 200


def test_no_address_is_missing_above() -> None:
    known = get_resolver("winback.web.urls")
    shown = {str(known.resolve(address.partition("?")[0]).route) for address in (*DOORS, *BY_KEY, *BY_PROVIDER)}
    assert set(_routes(known)) - shown == {"metrics"}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        elif route != "admin/":
            yield from _routes(each, route)


def test_somebody_without_a_role_sees_nothing(pages: Pages) -> None:
    client = pages.client("viewer")
    pages.users["viewer"].groups.clear()
    try:
        assert client.get("/").status_code == 403
    finally:
        set_role(pages.users["viewer"], "viewer", "test", pages.workspace.now())


def test_somebody_shut_out_is_signed_out_with_the_next_click(pages: Pages) -> None:
    client, user = pages.client("manager"), pages.users["manager"]
    assert client.get("/").status_code == 200
    set_active(user, False, "test", pages.workspace.now())
    assert client.get("/").status_code == 302
    set_active(user, True, "test", pages.workspace.now())

"""An account's page: how it stands, what happened, and who is offered what to do."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import Programme
from tests.web.opened import Pages
from winback.core.roles import Role

# So that these run on each database.
_ = Programme


def page(pages: Pages, role: Role, uid: str, more: str = "") -> str:
    answer = pages.get(role, f"/account/payments/?uid={quote(uid, safe='')}{more}")
    assert answer.status_code == 200, answer.content.decode()
    content: str = answer.content.decode()
    return content


def words(content: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", content.replace("<br>", " ")).split())


@pytest.mark.parametrize(
    ("uid", "state"),
    [
        ("b", "At risk Off since 10 Nov 2026 09:00, for 48.0 h. Nobody has contacted it yet."),
        ("d", "Lost Off since 03 Nov 2026 09:00, lost since 08 Nov 2026 09:00."),
        ("a", "Won Back since 06 Nov 2026 09:00, after 3.0 d."),
        ("n", "New adoption On since 06 Nov 2026 09:00."),
    ],
)
def test_the_state_is_said_in_words(pages: Pages, uid: str, state: str) -> None:
    assert state in words(page(pages, "viewer", uid))


def test_what_happened_is_told_newest_first(pages: Pages) -> None:
    content = words(page(pages, "viewer", "a"))
    events = ["Back on: a win-back", "First message sent to Ana", "Switched off"]
    places = [content.index(event) for event in events]
    assert places == sorted(places)


def test_a_past_moment_knows_nothing_of_what_came_later(pages: Pages) -> None:
    content = words(page(pages, "viewer", "a", "&at=2026-11-04T09:00Z"))
    assert "At risk Off since 03 Nov 2026 09:00" in content
    assert "Back on" not in content


def test_an_account_that_never_changed_is_as_the_last_report_has_it(pages: Pages) -> None:
    content = words(page(pages, "viewer", "e"))
    assert "No churn On, and never switched off since the reports began." in content
    assert "Elm" in content
    assert "in the report of 10 Nov 2026 09:00" in content
    assert "not adopted yet" in words(page(pages, "viewer", "n", "&at=2026-11-02T09:00Z"))


def test_a_csm_is_not_told_whether_it_is_on(pages: Pages) -> None:
    """A case that is held out looks the same."""
    content = words(page(pages, "csm", "e"))
    assert "No churn and no win is on record." in content
    assert "never switched off" not in content


def test_an_account_of_no_report_is_none(pages: Pages) -> None:
    for address in ("?uid=z", "", "?uid=e&at=2026-10-01"):
        assert pages.get("admin", f"/account/payments/{address}").status_code == 404
    assert "have shown no account &quot;z&quot;" in words(
        pages.get("admin", "/account/payments/?uid=z").content.decode()
    )


def test_every_row_leads_to_its_account(pages: Pages) -> None:
    for address in ("/at-risk/", "/churned/", "/won/", "/readopted/?at=2026-11-11"):
        found = re.findall(r'href="(/account/[^"]*)"', pages.get("viewer", address).content.decode())
        assert found
        for each in found:
            assert pages.get("viewer", each.replace("&amp;", "&")).status_code == 200


def test_a_page_asks_the_database_little(pages: Pages) -> None:
    accounts = [f"/account/payments/?uid={uid}" for uid in "ab"]
    for address in (*accounts, "/at-risk/", "/won/?credit=csm", "/my-accounts/"):
        for role in ("csm", "admin"):
            pages.get(role, address)
            client = pages.client(role)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= 12, (address, role, [query["sql"][:80] for query in asked])


def test_who_may_do_what_is_offered_it(pages: Pages) -> None:
    offered = {role: set(re.findall(r'action="/case/\d+/([a-z-]+)/"', page(pages, role, "b"))) for role in pages.users}
    csm = {"reach-out", "outcome", "snooze", "reassign", "doubt"}
    assert offered == {"viewer": set(), "csm": csm, "manager": csm | {"void"}, "admin": csm | {"void"}}
    assert "/case/" not in page(pages, "csm", "c"), "it is Ben's"
    assert "/case/" not in page(pages, "admin", "b", "&at=2026-11-11"), "the past can't be answered"

"""Messages in the pages: what did not reach anybody first, and releasing it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.programme import Programme, day, rows
from tests.web.opened import Pages, opened
from tests.web.test_pulls import key_in
from winback import requests
from winback.store.models import AuditEntry, Message, Notification

WAITING = "[messages]\nmax_per_run = 1\nbundle_over = 50\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Pages]:
    """Two messages to two CSMs wait for a person, since one is the most of a run."""
    programme = Programme(tmp_path, WAITING, product="[products.payments.guard]\nmin_accounts = 1000")
    who = {
        "a": {"csm_name": "Ana", "merchant_name": "<i>Acorn</i>", "region": "EMEA"},
        "b": {"csm_name": "Ben", "region": "APAC"},
    }
    programme.pull(1, rows("a+ b+ c+", **who))
    programme.pull(2, rows("a- b- c+", **who))
    programme.now = day(2)
    with opened(programme) as pages:
        yield pages


def shown(pages: Pages, query: str = "") -> list[str]:
    text = pages.get("viewer", f"/messages/?{query}").content.decode().partition("The newest messages")[2]
    return sorted(re.findall(r'<br><span class="quiet"><bdi>(\w)</bdi>', text))


def test_what_waits_stands_first_and_is_counted(shop: Pages) -> None:
    text = shop.get("viewer", "/messages/").content.decode()
    assert "What did not reach anybody" in text
    assert "waiting <strong>2</strong>" in text
    assert "&lt;i&gt;Acorn" in text
    assert "Release and send" not in text


def test_an_account_is_a_link_to_what_happened_to_it(shop: Pages) -> None:
    content = shop.get("manager", "/messages/").content.decode()
    assert '<a href="/account/payments/?uid=a"><bdi>&lt;i&gt;Acorn&lt;/i&gt;</bdi></a>' in content


def test_messages_are_filtered(shop: Pages) -> None:
    assert shown(shop) == ["a", "b"]
    assert shown(shop, "csm=Ben") == ["b"]
    assert shown(shop, "region=EMEA") == ["a"]
    assert shown(shop, "status=sent") == []
    assert shown(shop, "pull=2") == ["a", "b"]
    assert shown(shop, "pull=1") == []
    assert shop.get("viewer", "/messages/?status=lost").status_code == 400
    assert shop.get("viewer", "/messages/?pull=x").status_code == 400


def test_what_was_just_handed_over_is_on_its_way(shop: Pages) -> None:
    now = shop.workspace.now()
    for ago, is_amiss in ((timedelta(minutes=1), False), (timedelta(minutes=6), True)):
        message = Message.objects.create(key=str(ago), channel="email", attempted_at=now - ago)
        Notification.objects.update(status="unknown", message=message)
        text = shop.get("manager", "/messages/").content.decode()
        assert ("Somebody has to look" in text) == is_amiss
        assert ("What did not reach anybody" in text) == is_amiss


def test_a_manager_releases_what_waits(shop: Pages) -> None:
    key = key_in(shop.get("manager", "/messages/"))
    asked = shop.post("manager", "/messages/release/", {"key": key})
    requests.work_off(shop.workspace, threading.Event(), once=True)
    assert set(Notification.objects.values_list("status", flat=True)) == {"sent"}
    text = shop.get("manager", asked["Location"]).content.decode()
    assert re.search(r"<dt>Messages sent</dt><dd>2</dd>", text)
    entry = AuditEntry.objects.get(action="messages released")
    assert (entry.actor, entry.subject) == ("manager@shop.example", "2 notifications")
    assert "Every message has reached somebody" in shop.get("viewer", "/messages/").content.decode()

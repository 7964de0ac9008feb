"""The link of a mail or card: opened without a login, it shows one case, and takes an answer for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests import backing
from tests.programme import Programme, day
from tests.web.opened import SETTINGS, Pages, opened, played
from winback.messages.links import LASTS, make_token
from winback.store.models import Case, Claim, Feedback, Notification

# So that these run on each database.
_ = Programme
KEY = "k" * 40
WEB = '[web]\nbase_url = "http://localhost"\nsecret_key = "env:WINBACK_LINK_KEY"\n'


@pytest.fixture
def own(stands_on: backing.Backing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    monkeypatch.setenv("WINBACK_LINK_KEY", KEY)
    with opened(played(tmp_path, f"{SETTINGS}{WEB}")) as pages:
        yield pages


def address_of(uid: str, until: timedelta = LASTS) -> str:
    number = Notification.objects.filter(uid=uid, stage="first", status="sent").values_list("pk", flat=True)[0]
    return f"/answer/{make_token(number, KEY, day(12) + until)}"


def test_it_shows_its_case_and_changes_nothing(own: Pages) -> None:
    answer = own.get(None, address_of("b"))
    content = answer.content.decode()
    assert answer.status_code == 200
    assert "Birch" in content
    assert "Cedar" not in content
    assert "/at-risk/" not in content
    assert "no-store" in answer["Cache-Control"]
    assert own.client(None).head(address_of("b")).status_code == 200
    assert not Claim.objects.exists()
    assert not Feedback.objects.exists()


def test_an_answer_is_that_of_the_csm_whom_the_message_was_for(own: Pages) -> None:
    address, client = address_of("c"), own.client(None)
    for _ in range(2):
        answer = client.post(address, {"key": "k", "ended": "won:Re-trained", "note": "all is well"})
        assert (answer.status_code, answer["Location"]) == (302, address)
    claim = Claim.objects.get()
    assert (claim.csm_name, claim.outcome, claim.reason, claim.source) == ("Ben", "won", "Re-trained", "web")
    content = client.get(address).content.decode()
    assert "is won. It counts once the reports show it" in content
    assert "has said: won" in content
    assert client.get("/at-risk/").status_code == 302, "nothing else is open by it"


def test_what_is_missing_is_said_and_nothing_recorded(own: Pages) -> None:
    answer = own.post(None, address_of("b"), {"key": "k", "note": "kept"})
    assert answer.status_code == 400
    assert "kept" in answer.content.decode()
    assert not Claim.objects.exists()


def test_whether_it_was_useful_is_the_last_answer(own: Pages) -> None:
    for useful in ("yes", "no"):
        assert own.post(None, address_of("b"), {"useful": useful}).status_code == 302
    assert Feedback.objects.get().useful is False
    assert Feedback.objects.get().csm_name == "Ana"


def test_a_link_that_is_over_or_broken_says_so(own: Pages) -> None:
    over = own.get(None, address_of("b", -timedelta(seconds=1)))
    assert over.status_code == 410
    assert "has expired" in over.content.decode()
    whole = address_of("b")
    for broken in (whole[:-1], f"{whole}x", "/answer/1", "/answer/..", whole.replace("/answer/", "/answer/9")):
        assert own.post(None, broken, {"key": "k", "ended": "won:Other"}).status_code == 404
    Notification.objects.filter(uid="b").update(corrected_at=day(11))
    assert own.get(None, whole).status_code == 410
    assert not Claim.objects.exists()


def test_where_messages_have_no_links_none_works(own: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of("b")
    assert own.get(None, address).status_code == 200
    monkeypatch.setattr(own.workspace, "settings", replace(own.workspace.settings, web=None))
    assert own.get(None, address).status_code == 404


def test_a_void_case_takes_no_answer(own: Pages) -> None:
    address = address_of("b")
    own.workspace.void(Case.objects.get(uid="b").pk, "an error")
    content = own.get(None, address).content.decode()
    assert "This case is void" in content
    assert 'name="ended"' not in content
    assert own.post(None, address, {"key": "k", "ended": "won:Other"}).status_code == 400


def test_the_form_asks_for_the_sign_of_the_page(own: Pages) -> None:
    from django.test import Client

    client, address = Client(enforce_csrf_checks=True, SERVER_NAME="localhost"), address_of("b")
    given = {"key": "k", "ended": "won:Other"}
    assert client.post(address, given).status_code == 403
    (sign, *_) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(address).content.decode())
    assert client.post(address, given | {"csrfmiddlewaretoken": sign}).status_code == 302

"""An account is found by a part of its name or UID above every page, however it stands."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import Programme
from tests.web.opened import Pages
from winback import searching

# So that these run on each database.
_ = Programme

ALL = {
    "a": ("Acorn &amp; Sons", "Won"),
    "b": ("Birch", "At risk"),
    "c": ("&lt;b&gt;Cedar&lt;/b&gt;", "At risk"),
    "d": ("Dogwood", "Lost"),
    "e": ("Elm", "No churn"),
    "n": ("Nutmeg", "New adoption"),
}


def found(content: str) -> dict[str, str]:
    """UID → how it stands."""
    listed = re.findall(r'<span class="hint"><bdi>(.*?)</bdi>.*?<span class="badge \w*">(.*?)</span>', content, re.S)
    return dict(listed)


def test_every_account_is_found_with_how_it_stands(pages: Pages) -> None:
    both = pages.get("viewer", "/find/?q=o").content.decode()
    assert found(both) == {uid: ALL[uid][1] for uid in "ad"}
    for uid, (name, _) in ALL.items():
        answer = pages.get("viewer", f"/find/?q={uid}")
        assert answer["Location"] == f"/account/payments/?uid={uid}", "the one with just that UID"
        assert name in pages.get("viewer", answer["Location"]).content.decode()


def test_the_only_one_of_a_name_is_shown_at_once(pages: Pages) -> None:
    for typed in ("ELM", " elm ", "acorn%20%26"):
        assert pages.get("csm", f"/find/?q={typed}").status_code == 302
    assert pages.get("csm", "/find/?q=%25").status_code == 200


def test_a_past_moment_knows_no_more_than_it_did(pages: Pages) -> None:
    answer = pages.get("viewer", "/find/?q=o&at=2026-11-04T09:00Z")
    assert found(answer.content.decode()) == {"a": "At risk", "d": "At risk"}
    answer = pages.get("viewer", "/find/?q=nutmeg&at=2026-11-04T09:00Z", follow=True)
    assert "not adopted yet" in answer.content.decode()


def test_what_was_typed_can_be_mended(pages: Pages) -> None:
    content = pages.get("viewer", "/find/?q=%22><b>nobody").content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;nobody"' in content


def test_what_nobody_is_called_is_said_so(pages: Pages) -> None:
    assert "No account of any report is called" in pages.get("viewer", "/find/?q=<script>").content.decode()
    assert "Type a part of its name" in pages.get("viewer", "/find/").content.decode()


def test_of_more_than_can_be_looked_at_none_is_said_to_have_no_churn(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(pages.get("viewer", "/find/?q=m").content.decode()) == {"e": "No churn", "n": "Adopted"}
    monkeypatch.setattr(searching, "_MOST_LOOKED_AT", 1)
    assert pages.get("viewer", "/find/?q=m")["Location"] == "/account/payments/?uid=n"


def test_few_questions_are_asked(pages: Pages) -> None:
    client = pages.client("viewer")
    client.get("/find/?q=o")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/find/?q=o").status_code == 200
    assert len(asked) <= 12

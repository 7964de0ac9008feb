"""Each answer of Slack means something; what is not known is permanent, and named."""

from __future__ import annotations

import re
import socket
import ssl
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from winback.channels.slack.errors import CLOSED_FOR, MEANINGS, in_our_terms, translated
from winback.messages.channel import OutcomeUnknown, Refused, TryLater


def refusal(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    response = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers or {}, status_code=status
    )
    return SlackApiError("failed", response)  # type: ignore[no-untyped-call]


def says(code: str) -> SlackApiError:
    return refusal({"ok": False, "error": code})


@pytest.mark.parametrize("code", MEANINGS)
def test_every_code_of_the_table_becomes_what_it_means(code: str) -> None:
    meaning, hint = MEANINGS[code]
    told = translated(says(code), is_post=True)
    assert code in str(told)
    assert hint in str(told)
    if meaning == "unknown":
        assert isinstance(told, OutcomeUnknown)
        assert isinstance(translated(says(code)), TryLater)
    elif meaning in ("later", "closed"):
        assert isinstance(told, TryLater)
        assert (told.after == CLOSED_FOR) == (meaning == "closed")
    else:
        assert isinstance(told, Refused)
        assert told.is_about_recipient == (meaning == "recipient")


def test_a_code_that_is_not_known_is_permanent_and_named() -> None:
    told = translated(says("brand_new_error"), is_post=True)
    assert isinstance(told, Refused)
    assert not told.is_about_recipient
    assert "brand_new_error" in str(told)


def test_a_missing_scope_is_named() -> None:
    told = translated(refusal({"ok": False, "error": "missing_scope", "needed": "im:write"}))
    assert "im:write" in str(told)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "30"}, 30), ({"retry-after": "0"}, 1), ({}, 1), ({"Retry-After": "x"}, 60)],
)
def test_a_pause_is_as_long_as_slack_asks_for(headers: dict[str, str], seconds: int) -> None:
    told = translated(refusal({"ok": False, "error": "ratelimited"}, 429, headers), is_post=True)
    assert isinstance(told, TryLater)
    assert told.after is not None
    assert told.after.total_seconds() == seconds


@pytest.mark.parametrize("data", [{"ok": False, "error": "Received a response in a non-JSON format: <html>"}, [], None])
def test_an_answer_that_is_not_slacks(data: Any) -> None:
    for status in (200, 302, 500, 502, 503, 504):
        assert isinstance(translated(refusal(data, status), is_post=True), OutcomeUnknown)
        assert isinstance(translated(refusal(data, status)), TryLater)
    told = translated(refusal(data, 407), is_post=True)
    assert isinstance(told, TryLater)
    assert told.after == CLOSED_FOR


@pytest.mark.parametrize(
    "problem",
    [
        TimeoutError("timed out"),
        RemoteDisconnected("gone"),
        ConnectionResetError(),
        BrokenPipeError(),
        IncompleteRead(b""),
        URLError(TimeoutError("timed out")),
        URLError(ConnectionResetError()),
        URLError("odd"),
    ],
)
def test_a_connection_that_broke_off_leaves_it_unknown(problem: Exception) -> None:
    with pytest.raises(OutcomeUnknown), in_our_terms(is_post=True):
        raise problem
    with pytest.raises(TryLater), in_our_terms():
        raise problem


def test_a_connection_that_was_never_made_took_nothing() -> None:
    for reason in (ConnectionRefusedError(), socket.gaierror(), ssl.SSLCertVerificationError()):
        with pytest.raises(TryLater, match="can't be reached") as later, in_our_terms(is_post=True):
            raise URLError(reason)
        assert later.value.after == CLOSED_FOR


def test_every_error_that_the_fake_gives_is_in_the_table() -> None:
    folder = Path(__file__).parents[2] / "fake_slack"
    told = "\n".join(path.read_text() for path in folder.glob("*.py") if not path.name.startswith("test_"))
    given = set(re.findall(r'SlackError\("(\w+)"', told))
    of_calls_never_made_so = {
        "unknown_method",
        "limit_required",
        "invalid_limit",
        "invalid_cursor",
        "invalid_types",
        "user_not_in_channel",
        "expired_url",
        "used_url",
    }
    assert given - MEANINGS.keys() - of_calls_never_made_so == set()

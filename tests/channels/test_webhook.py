"""The signed webhook, posted to a real HTTP server."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.receiver import Receiver, receiver
from tests.messages.letters import HOSTILE, NOW, content, letter, planned, settings_of
from winback.channels import open_channel, posting
from winback.errors import SettingsError
from winback.messages.channel import OutcomeUnknown, Place, Refused, TryLater
from winback.messages.links import read_token
from winback.settings import Settings

KEY = "k" * 40


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "shared secret")
    monkeypatch.setenv("WINBACK_KEY", KEY)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(posting, "SECONDS", 0.3)


def webhook_settings(folder: Path, server: Receiver, more: str = "") -> Settings:
    text = f'[messages]\nchannel = "webhook"\n[webhook]\nurl = "{server.url}"\nsecret = "env:WEBHOOK_SECRET"\n{more}'
    return settings_of(folder, text)


def attempt(folder: Path, server: Receiver) -> Place:
    settings = webhook_settings(folder, server)
    return open_channel("webhook", settings).deliver(letter(content(settings)))


def test_the_document_has_all_of_the_message(tmp_path: Path) -> None:
    with receiver() as server:
        settings = webhook_settings(tmp_path, server)
        told = content(settings, note="For Dana, who is away.")
        place = open_channel("webhook", settings).deliver(letter(told, Place(id="the first")))
    (posted,) = server.taken
    document = posted.document
    assert dt.datetime.fromisoformat(document.pop("sent_at")) > NOW
    assert document == {
        "version": 1,
        "key": "0123456789abcdef",
        "thread": "the first",
        "kind": "follow_up",
        "recipient": {"address": "dana@shop.example", "shown": "Dana Ortiz <dana@shop.example>"},
        "title": "Acme switched off payments",
        "preface": "For Dana, who is away.",
        "ask": told.ask,
        "text": told.text,
        "accounts": [
            {
                "notification": 1,
                "case": 1,
                "stage": "first",
                "product": "payments",
                "uid": "M-1",
                "merchant": "Acme",
                "gmv": "1234.50",
                "facts": [{"label": label, "value": value} for label, value in told.entries[0].facts],
                "standing": None,
                "is_open": True,
                "account_url": None,
                "answer_url": None,
            }
        ],
    }
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert place == Place(id="0123456789abcdef")


def test_it_is_signed_over_moment_and_body_and_has_the_same_key_each_time(tmp_path: Path) -> None:
    with receiver() as server:
        for _ in range(2):
            attempt(tmp_path, server)
    for posted in server.taken:
        told = posted.headers["X-Winback-Timestamp"].encode() + b"." + posted.body
        expected = hmac.new(b"shared secret", told, hashlib.sha256).hexdigest()
        assert posted.headers["X-Winback-Signature"] == f"v1={expected}"
        assert posted.headers["Idempotency-Key"] == posted.document["key"] == "0123456789abcdef"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_report_holds_stays_text(tmp_path: Path, name: str) -> None:
    with receiver() as server:
        settings = webhook_settings(tmp_path, server)
        open_channel("webhook", settings).deliver(letter(content(settings, planned(merchant_name=HOSTILE[name]))))
    (account,) = server.taken[0].document["accounts"]
    assert set(account) >= {"uid", "merchant", "facts"}
    assert account["uid"] == "M-1"
    assert "\n" not in account["merchant"]


def test_an_account_that_can_be_answered_has_a_link(tmp_path: Path) -> None:
    web = '[web]\nbase_url = "https://winback.shop.example"\nsecret_key = "env:WINBACK_KEY"\n'
    with receiver() as server:
        settings = webhook_settings(tmp_path, server, web)
        open_channel("webhook", settings).deliver(letter(content(settings, planned(7), planned(8, "new_adoption"))))
    answer, none = (account["answer_url"] for account in server.taken[0].document["accounts"])
    assert read_token(answer.removeprefix("https://winback.shop.example/answer/"), KEY, NOW) == 7
    assert none is None


# What comes of it


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_answer_of_success_is_a_delivery(tmp_path: Path, status: int) -> None:
    with receiver(status=status) as server:
        attempt(tmp_path, server)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 501])
def test_what_is_refused_is_not_tried_again(tmp_path: Path, status: int) -> None:
    with receiver(status=status) as server, pytest.raises(Refused, match=rf"127\.0\.0\.1 answered {status}"):
        attempt(tmp_path, server)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_receiver_that_failed_may_have_taken_it(tmp_path: Path, status: int) -> None:
    with receiver(status=status) as server, pytest.raises(OutcomeUnknown, match=f"answered {status}"):
        attempt(tmp_path, server)


@pytest.mark.parametrize("how", [{"drops": True}, {"stalls": 1}])
def test_a_receiver_that_goes_away_with_it_may_have_taken_it(tmp_path: Path, how: dict[str, Any]) -> None:
    with receiver(**how) as server, pytest.raises(OutcomeUnknown, match="took the message and did not answer"):
        attempt(tmp_path, server)
    assert len(server.taken) == 1


def test_a_receiver_that_is_not_there_has_taken_nothing(tmp_path: Path) -> None:
    with receiver() as server:
        pass
    with pytest.raises(TryLater, match=r"127\.0\.0\.1 can't be reached: Connection refused"):
        attempt(tmp_path, server)


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "7", 7),
        (503, "0", 0),
        (429, None, None),
        (408, None, None),
        (429, "soon", None),
        (429, "99999999999", 86400),
    ],
)
def test_who_asks_for_a_pause_gets_it(tmp_path: Path, status: int, said: str | None, seconds: int | None) -> None:
    headers = {} if said is None else {"Retry-After": said}
    with receiver(status=status, headers=headers) as server, pytest.raises(TryLater) as later:
        attempt(tmp_path, server)
    assert later.value.after == (None if seconds is None else dt.timedelta(seconds=seconds))


def test_a_pause_may_be_asked_for_as_a_date(tmp_path: Path) -> None:
    then = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90), usegmt=True)
    with receiver(status=429, headers={"Retry-After": then}) as server, pytest.raises(TryLater) as later:
        attempt(tmp_path, server)
    assert later.value.after is not None
    assert dt.timedelta(seconds=80) < later.value.after <= dt.timedelta(seconds=90)


def test_no_redirect_is_followed(tmp_path: Path) -> None:
    with receiver() as other, receiver(status=307, headers={"Location": other.url}) as server:
        with pytest.raises(Refused, match="answered 307, a redirect, which is not followed"):
            attempt(tmp_path, server)
        assert other.taken == []


def test_errors_name_the_host_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for how in ({"status": 400}, {"status": 500}, {"status": 429}, {"drops": True}):
        with receiver(**how) as server:
            monkeypatch.setenv("HOOK", f"{server.url}?sig=top-secret")
            text = '[messages]\nchannel = "webhook"\n[webhook]\nurl = "env:HOOK"\nsecret = "env:WEBHOOK_SECRET"\n'
            settings = settings_of(tmp_path, text)
            with pytest.raises((Refused, TryLater, OutcomeUnknown)) as error:
                open_channel("webhook", settings).deliver(letter(content(settings)))
        assert server.taken[0].path.endswith("top-secret")
        assert not any(each in str(error.value) for each in ("hook", "sig", "secret"))


def test_an_address_that_is_none_is_said_when_the_channel_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "ftp://files.example/secret")
    text = '[messages]\nchannel = "webhook"\n[webhook]\nurl = "env:HOOK"\nsecret = "env:WEBHOOK_SECRET"\n'
    with pytest.raises(SettingsError, match=r"webhook\.url: expected an address such as") as error:
        open_channel("webhook", settings_of(tmp_path, text))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("host", ["a..b.example", "x" * 70 + ".example"])
def test_a_name_that_is_none_has_taken_nothing(tmp_path: Path, host: str) -> None:
    with pytest.raises(TryLater, match=r"is not the name of a host|can't be reached"):
        attempt(tmp_path, Receiver(url=f"https://{host}/"))


def test_the_document_is_as_documented(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")
    example = json.loads(page.split("```json\n")[1].split("```")[0])
    with receiver() as server:
        attempt(tmp_path, server)
    document = server.taken[0].document
    assert list(example) == list(document)
    assert list(example["accounts"][0]) == list(document["accounts"][0])

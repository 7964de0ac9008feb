"""Links that are signed, and end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.messages.letters import NOW, content, planned, settings_of
from winback.errors import SettingsError
from winback.messages.links import LASTS, LinkRefused, make_token, open_links, read_token

KEY = "k" * 40
WEB = '[web]\nbase_url = "https://winback.shop.example/w/"\nsecret_key = "env:WINBACK_KEY"\n'


def test_a_link_names_its_notification_until_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_KEY", KEY)
    settings = settings_of(tmp_path, WEB)
    links = open_links(settings)
    assert links is not None
    url = links.answer(content(settings, planned(17)).entries[0], NOW)
    assert url is not None
    token = url.removeprefix("https://winback.shop.example/w/answer/")
    assert read_token(token, KEY, NOW + LASTS) == 17
    with pytest.raises(LinkRefused, match="has expired"):
        read_token(token, KEY, NOW + LASTS + dt.timedelta(seconds=1))
    assert not any(each in url for each in ("Acme", "M-17", "Dana", "dana"))
    assert KEY not in repr(links)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ".",
        "1",
        "1.2",
        "1.99999999999.",
        "x.y.z",
        "1.99999999999.ü",
        "{other}",
        "{of_other_key}",
        "{cut}",
        "{later}",
    ],
)
def test_a_link_that_was_changed_is_refused(wrong: str) -> None:
    token = make_token(1, KEY, NOW)
    number, expires, signature = token.split(".")
    changed = wrong.format(
        other=f"2.{expires}.{signature}",
        of_other_key=make_token(1, "x" * 40, NOW),
        cut=token[:-1],
        later=f"{number}.{int(expires) + 1}.{signature}",
    )
    with pytest.raises(LinkRefused, match="is not complete"):
        read_token(changed, KEY, NOW)


@pytest.mark.parametrize(
    "text", ["", '[web]\nbase_url = "https://w.example"', f'{WEB}[messages]\nredirect_to = "#test"']
)
def test_without_address_and_key_and_in_a_rehearsal_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("WINBACK_KEY", KEY)
    assert open_links(settings_of(tmp_path, text)) is None


def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_KEY", "short-secret")
    with pytest.raises(SettingsError, match=r"web\.secret_key: expected at least 32 characters") as error:
        open_links(settings_of(tmp_path, WEB))
    assert "short-secret" not in str(error.value)

"""Cards for Teams, posted to a real HTTP server, and their shape."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.channels.receiver import Receiver, receiver
from tests.messages.letters import HOSTILE, NOW, content, letter, planned, settings_of
from winback.channels import open_channel
from winback.channels.teams import LARGEST
from winback.messages.channel import OutcomeUnknown, Place
from winback.messages.content import Content
from winback.messages.contents import notice_content, rehearsed
from winback.messages.links import read_token
from winback.settings import Settings

KEY = "k" * 40
WITH_LINKS = '[web]\nbase_url = "https://winback.shop.example"\nsecret_key = "env:WINBACK_KEY"\n'
# Of the elements of Adaptive Cards 1.4 those that are used: property → what it may be.
STYLE = {"size": str, "weight": str, "isSubtle": bool, "italic": bool}
ELEMENTS: dict[str, dict[str, Any]] = {
    "RichTextBlock": {"inlines": list, "separator": bool, "spacing": str},
    "TextRun": {"text": str, **STYLE},
    "ActionSet": {"actions": list},
    "Action.OpenUrl": {"title": str, "url": str},
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_KEY", KEY)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def teams_settings(folder: Path, server: Receiver, more: str = "") -> Settings:
    return settings_of(folder, f'[messages]\nchannel = "teams"\n[teams]\nurl = "{server.url}"\n{more}')


def card_of(told: Content, settings: Settings, server: Receiver) -> dict[str, Any]:
    """The card that a message comes as, its shape checked."""
    assert open_channel("teams", settings).deliver(letter(told)) == Place()
    posted = server.taken[-1]
    assert len(posted.body) <= LARGEST
    message = posted.document
    (attachment,) = message["attachments"]
    card = attachment.pop("content")
    assert attachment == {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None}
    assert (message["type"], card["type"], card["version"]) == ("message", "AdaptiveCard", "1.4")
    for element in elements(card["body"]):
        kinds = ELEMENTS[element["type"]]
        assert all(isinstance(value, kinds[name]) for name, value in element.items() if name != "type"), element
    return dict(card)


def elements(body: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for element in body:
        yield element
        yield from elements(element.get("inlines", []) + element.get("actions", []))


def lines(card: dict[str, Any]) -> list[str]:
    """What a card shows, a line for each block."""
    return ["".join(run["text"] for run in block["inlines"]) for block in card["body"] if "inlines" in block]


def links(card: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["title"], each["url"]) for each in elements(card["body"]) if each["type"] == "Action.OpenUrl"]


def test_a_card_has_all_of_the_message(tmp_path: Path) -> None:
    with receiver() as server:
        settings = teams_settings(tmp_path, server)
        card = card_of(content(settings, note="Dana is away."), settings, server)
    assert lines(card) == [
        "Acme switched off payments",
        "For Dana Ortiz <dana@shop.example>",
        "Dana is away.",
        "UID: M-1",
        "Off since: Wed 04 Nov 2026, 09:00 UTC (yesterday)",
        "GMV: 1,234.50 USD a month",
        "Revenue: not known",
        "Region: EMEA",
        "Please find out why and help them to switch it on again.",
    ]


def test_a_card_leads_to_the_form_and_to_the_account(tmp_path: Path) -> None:
    with receiver() as server:
        settings = teams_settings(tmp_path, server, WITH_LINKS)
        settings = settings_of(
            tmp_path,
            f'[messages]\nchannel = "teams"\naccount_url = "https://crm.example/{{uid}}"\n'
            f'[teams]\nurl = "{server.url}"\n{WITH_LINKS}',
        )
        (answer, form), account = links(card_of(content(settings), settings, server))
    assert answer == "Log outcome"
    assert read_token(form.rpartition("/")[2], KEY, NOW) == 1
    assert account == ("Open account", "https://crm.example/M-1")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_report_holds_stays_text(tmp_path: Path, name: str) -> None:
    """No block reads its text as markdown, and none is as long as a card."""
    with receiver() as server:
        settings = teams_settings(tmp_path, server)
        card = card_of(content(settings, planned(merchant_name=HOSTILE[name], uid=HOSTILE[name])), settings, server)
    assert {element["type"] for element in elements(card["body"])} == {"RichTextBlock", "TextRun"}
    assert not any("{{" in line or "\n" in line or len(line) > 1000 for line in lines(card))


@pytest.mark.parametrize("merchant", ["Acme", "شركة" * 200, "M" * 10_000])
def test_a_bundle_shows_as_many_accounts_as_fit_the_largest_first(tmp_path: Path, merchant: str) -> None:
    with receiver() as server:
        settings = teams_settings(tmp_path, server, WITH_LINKS)
        many = [planned(number, merchant_name=merchant, gmv=Decimal(number)) for number in range(1, 121)]
        card = card_of(content(settings, *many), settings, server)
    shown = [line.removeprefix("UID: M-") for line in lines(card) if line.startswith("UID: ")]
    assert shown == [str(number) for number in range(120, 120 - len(shown), -1)]
    assert 5 < len(shown) < 120
    assert f"and {120 - len(shown)} accounts more" in lines(card)
    assert links(card)[-1] == ("See all", "https://winback.shop.example")
    assert lines(card)[-1].startswith("Please reach out to them")


def test_one_account_that_is_too_large_is_left_to_the_link(tmp_path: Path) -> None:
    with receiver() as server:
        columns = {f"{number}" + "ش" * 300: "😀" * 5000 for number in range(40)}
        settings = settings_of(
            tmp_path,
            f'[messages]\nchannel = "teams"\nshow = {list(columns)}\n[teams]\nurl = "{server.url}"\n{WITH_LINKS}',
        )
        card = card_of(content(settings, planned(other_columns=columns)), settings, server)
    assert "and 1 account more" in lines(card)


def test_a_notice_is_shown_whole(tmp_path: Path) -> None:
    with receiver() as server:
        settings = teams_settings(tmp_path, server)
        card = card_of(rehearsed(notice_content("Three is up\n\nOne\nTwo"), "Lee", settings), settings, server)
    rehearsal = "Rehearsal: this would have gone to Lee."
    assert lines(card) == ["Three is up", "For Dana Ortiz <dana@shop.example>", rehearsal, "One", "Two"]


def test_a_card_of_unknown_outcome_waits_for_a_person(tmp_path: Path) -> None:
    with receiver(status=502) as server:
        settings = teams_settings(tmp_path, server)
        channel = open_channel("teams", settings)
        assert channel.when_unknown == "wait"
        with pytest.raises(OutcomeUnknown):
            channel.deliver(letter(content(settings)))

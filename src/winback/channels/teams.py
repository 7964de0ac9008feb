"""The channel `teams`: an Adaptive Card, posted to a webhook of the app Workflows.

Text stands in RichTextBlocks, which take it as it is: TextBlocks and facts read it as markdown, and how a character is
escaped there differs between the programs that show a card (github.com/MicrosoftDocs/msteams-docs/issues/5793).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from winback.channels.posting import post, to_json
from winback.messages.channel import Channel, Letter, Place
from winback.messages.content import Entry
from winback.messages.links import Links, open_links
from winback.messages.wording import say, say_accounts
from winback.settings.channels import needed, read_url

if TYPE_CHECKING:
    from winback.settings import Settings

# Teams takes some 28 kB; the rest is for what the flow adds.
LARGEST = 26_000
_LONGEST_TEXT = 3_000
_LONGEST_VALUE = 400
Element = dict[str, Any]


class Teams(Channel):
    name = "teams"
    pause = dt.timedelta(seconds=1)

    def __init__(
        self,
        url: str,
        links: Links | None,
        settings: Settings,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._url, self._links, self._settings, self._clock = url, links, settings, clock

    def deliver(self, letter: Letter) -> Place:
        post(self._url, self._body(letter), {})
        return Place()

    def _body(self, letter: Letter) -> bytes:
        """As many accounts as there is room for, those with the largest GMV first."""
        entries = letter.content.entries
        fit, too_many = 0, len(entries) + 1
        while too_many - fit > 1:
            half = (fit + too_many) // 2
            if len(to_json(self._message(letter, entries[:half]))) <= LARGEST:
                fit = half
            else:
                too_many = half
        return to_json(self._message(letter, entries[:fit]))

    def _message(self, letter: Letter, entries: Sequence[Entry]) -> Element:
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": self._elements(letter, entries),
        }
        attachment = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": card,
        }
        return {"type": "message", "summary": _cut(letter.content.title), "attachments": [attachment]}

    def _elements(self, letter: Letter, entries: Sequence[Entry]) -> list[Element]:
        content, shown = letter.content, letter.recipient.shown
        elements = [
            _text(_cut(content.title), size="Large", weight="Bolder"),
            _text(say(self._settings, "card.for", csm=_cut(shown)), isSubtle=True),
            *([_text(content.preface, italic=True)] if content.preface else []),
        ]
        if not content.entries:
            said = ("", content.title, content.preface)
            return elements + [_text(part) for part in content.text.split("\n") if part not in said]
        for entry in entries:
            elements += self._account(entry, content.is_bundle)
        left = len(content.entries) - len(entries)
        return elements + (self._left(left) if left else []) + ([_text(content.ask)] if content.ask else [])

    def _account(self, entry: Entry, is_bundle: bool) -> list[Element]:
        elements = [_fact(label, value) for label, value in entry.facts]
        if is_bundle:
            stage = "" if entry.stage == "new_adoption" else f" [{say(self._settings, f'stage.{entry.stage}')}]"
            heading = _text(f"{_cut(entry.merchant)} · {entry.product}{stage}", weight="Bolder")
            elements.insert(0, heading | {"separator": True, "spacing": "Medium"})
        if entry.standing:
            elements.append(_text(entry.standing, weight="Bolder"))
        answer = self._links.answer(entry, self._clock()) if self._links else None
        named = [("link.answer", answer), ("link.account", entry.url)]
        actions = [_open(say(self._settings, name), url) for name, url in named if url]
        return elements + ([{"type": "ActionSet", "actions": actions}] if actions else [])

    def _left(self, many: int) -> list[Element]:
        more = _text(say(self._settings, "link.more", accounts=say_accounts(many, self._settings)), italic=True)
        if self._links is None:
            return [more]
        action = _open(say(self._settings, "link.all"), self._links.base_url)
        return [more, {"type": "ActionSet", "actions": [action]}]


def _text(text: str, **style: object) -> Element:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _cut(text, _LONGEST_TEXT), **style}]}


def _fact(label: str, value: str) -> Element:
    runs = [{"type": "TextRun", "text": f"{_cut(label)}: ", "isSubtle": True}, {"type": "TextRun", "text": _cut(value)}]
    return {"type": "RichTextBlock", "spacing": "None", "inlines": runs}


def _open(title: str, url: str) -> Element:
    return {"type": "Action.OpenUrl", "title": _cut(title), "url": url}


def _cut(text: str, longest: int = _LONGEST_VALUE) -> str:
    """`{{` would begin a function of cards, such as `{{DATE(…)}}`."""
    text = text.replace("{{", "{ {")
    return text if len(text) <= longest else f"{text[:longest].rstrip()} …"


def open_teams(settings: Settings) -> Teams:
    url = settings.secret(needed(settings.teams, "teams.url"))
    read_url(url, "teams.url")
    return Teams(url, open_links(settings), settings)

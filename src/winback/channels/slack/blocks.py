"""The blocks that Slack shows, with what content of a report becomes in them: the one place where it is escaped.

Content stands only in plain text and in the pieces of rich text, where Slack reads no mark-up: `<!channel>`, `<@U…>`,
`*`, a link or `:smile:` in the name of a merchant is shown as it is and does nothing. The text above the blocks, for
notifications and screen readers, is mark-up: `escaped` is for that. Everything is cut to what Slack takes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

Block = dict[str, Any]

MOST_TEXT = 4_000  # more, and the message can't be edited later
MOST_BLOCKS = 50
MOST_CHARACTERS = 12_500  # of all blocks together; refused at about 13,200
_MOST_SECTION = 3_000
_MOST_HEADER = 150
_MOST_BUTTON = 75
_MOST_LINK = 1_000
_MOST_FACTS = 5_500  # with all that stands around them
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def cut(text: str, most: int) -> str:
    """Slack takes no empty text."""
    text = text if text.strip() else "–"
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def escaped(text: str, most: int = MOST_TEXT) -> str:
    """As mark-up that shows the text as it is; no sign is cut in two."""
    signs = [_ENTITIES.get(sign, sign) for sign in text]
    if sum(map(len, signs)) <= most:
        return "".join(signs)
    room = most - 1
    kept = []
    for sign in signs:
        room -= len(sign)
        if room < 0:
            break
        kept.append(sign)
    return f"{''.join(kept).rstrip()}…"


def plain(text: str, most: int = _MOST_SECTION) -> Block:
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, _MOST_HEADER)}


def section(text: str, accessory: Block | None = None, most: int = _MOST_SECTION) -> Block:
    return {"type": "section", "text": plain(text, most)} | ({"accessory": accessory} if accessory else {})


def context(text: str, most: int = _MOST_SECTION) -> Block:
    return {"type": "context", "elements": [plain(text, most)]}


def actions(elements: list[Block]) -> Block:
    return {"type": "actions", "elements": elements}


def button(action_id: str, label: str, value: str, style: str | None = None) -> Block:
    styled = {"style": style} if style else {}
    return {"type": "button", "action_id": action_id, "text": plain(label, _MOST_BUTTON), "value": value} | styled


def feedback(action_id: str, useful: str, not_useful: str) -> Block:
    """Two thumbs; the values are `yes` and `no`."""
    buttons = {
        "positive_button": {"text": plain(useful, _MOST_BUTTON), "value": "yes"},
        "negative_button": {"text": plain(not_useful, _MOST_BUTTON), "value": "no"},
    }
    return {
        "type": "context_actions",
        "elements": [{"type": "feedback_buttons", "action_id": action_id} | buttons],
    }


def lines(facts: Iterable[tuple[str, str]], link: tuple[str, str] | None = None) -> Block:
    """A line for each label and value, as far as there is room, and one for a link (what it says, where it leads)."""
    pieces: list[Block] = []
    room = _MOST_FACTS
    for label, value in facts:
        line = [_piece(f"{cut(label, 100)}: ", bold=True), _piece(f"{cut(value, 300)}\n")]
        room -= sum(map(characters, line))
        if room < 0:
            break
        pieces += line
    if link is not None and is_web(link[1]):
        pieces.append({"type": "link", "url": link[1], "text": cut(link[0], _MOST_BUTTON)})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces or [_piece("–")]}]}


def is_web(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= _MOST_LINK


def _piece(text: str, bold: bool = False) -> Block:
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """With ids that no other message has, nor this one after an edit, as Slack asks for."""
    stamp = secrets.token_hex(6)
    return [{**block, "block_id": f"{stamp}.{number}"} for number, block in enumerate(blocks)]


def characters(block: Mapping[str, Any]) -> int:
    """How much of MOST_CHARACTERS it takes, its id included."""
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":"))) + 30

"""What people see, as plain text: messages, conversations, modals, home tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .finding import label, options
from .forms import has_value, start
from .things import BOT_USER, Json, Message, User, View

Users = Mapping[str, User]
RULE = "─" * 40
_MARK = re.compile(r"<([^<>]*)>")


def show_message(message: Message, users: Users, *, notification: bool = False) -> str:
    """`notification`: with the text that the notification and a screen reader say."""
    body = show_blocks(message.blocks, users) if message.blocks else read_marks(message.text, users)
    return f"notification: {read_marks(message.text, users)}\n\n{body}" if notification else body


def show_conversation(messages: Sequence[Message], users: Users, tz: str = "UTC") -> str:
    """Oldest first; replies under their parents, those broadcast marked so."""
    roots = [message for message in messages if not message.is_reply]
    shown = []
    for root in roots:
        shown.append(_said(root, users, tz))
        replies = [message for message in messages if message.is_reply and message.thread_ts == root.ts]
        shown += [_indent(_said(reply, users, tz), "  ┃ ") for reply in replies]
    lost = [m for m in messages if m.is_reply and m.thread_ts not in {root.ts for root in roots}]
    return "\n\n".join([*shown, *(_said(reply, users, tz) for reply in lost)])


def _said(message: Message, users: Users, tz: str) -> str:
    at = datetime.fromtimestamp(float(message.ts), UTC).astimezone(ZoneInfo(tz))
    notes = [f"{at:%a %d %b %H:%M}"]
    notes += ["edited"] if message.edited else []
    notes += ["also sent to the conversation"] if message.broadcast else []
    notes += ["only you see this"] if message.only_for else []
    who = "winback" if message.user == BOT_USER else users[message.user].real_name
    return f"{who} · {' · '.join(notes)}\n{show_message(message, users)}"


def show_view(view: View, users: Users) -> str:
    """A modal with what is filled in and its errors; a home tab."""
    content = view.content
    body = show_blocks(view.blocks, users, view.values, view.errors)
    if content["type"] == "home":
        return body
    buttons = [content.get("close", {"text": "Cancel"})["text"]]
    buttons += [content["submit"]["text"]] if "submit" in content else []
    return f"╭ {content['title']['text']}\n{_indent(body, '│ ')}\n╰ {' '.join(f'[{each}]' for each in buttons)}"


def show_blocks(
    blocks: Sequence[Json],
    users: Users,
    filled: Mapping[str, Json] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    showing = _Showing(users, filled or {}, errors or {})
    return "\n".join(showing.show(block) for block in blocks)


def read_marks(text: str, users: Users) -> str:
    """Slack's marks as people see them: names, words of links, the three escapes undone."""

    def read(found: re.Match[str]) -> str:
        target, _, words = found[1].partition("|")
        if target.startswith("@"):
            return f"@{users[target[1:]].real_name}" if target[1:] in users else f"@{target[1:]}"
        if target.startswith("!"):
            return words or f"@{target[1:]}"
        return f"{words} ({target})" if words else target

    return _MARK.sub(read, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _indent(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


class _Showing:
    def __init__(self, users: Users, filled: Mapping[str, Json], errors: Mapping[str, str]) -> None:
        self._users, self._filled, self._errors = users, filled, errors

    def show(self, block: Json) -> str:
        shows: dict[str, Callable[[Json], str]] = {
            "section": self._section,
            "header": lambda block: f"# {self._text(block['text'])}",
            "divider": lambda block: RULE,
            "image": lambda block: f"[picture: {block['alt_text']}]",
            "context": lambda block: " · ".join(self._element(each) for each in block["elements"]),
            "actions": self._elements,
            "context_actions": self._elements,
            "input": self._input,
            "markdown": lambda block: str(block["text"]),
            "alert": lambda block: f"! {self._text(block['text'])}",
            "table": lambda block: _table(block["rows"]),
            "data_table": lambda block: f"{block['caption']}\n{_table(block['rows'])}",
            "data_visualization": _chart,
            "rich_text": _rich_text,
        }
        return shows[block["type"]](block)

    def _text(self, text: Json) -> str:
        return read_marks(text["text"], self._users) if text["type"] == "mrkdwn" else str(text["text"])

    def _section(self, block: Json) -> str:
        lines = [self._text(block["text"])] if "text" in block else []
        fields = [self._text(field).replace("\n", " ") for field in block.get("fields", [])]
        lines += [" | ".join(fields[at : at + 2]) for at in range(0, len(fields), 2)]
        if "accessory" in block:
            lines[-1] += f"  {self._element(block['accessory'])}"
        return "\n".join(lines)

    def _elements(self, block: Json) -> str:
        return " ".join(self._element(each) for each in block["elements"])

    def _input(self, block: Json) -> str:
        optional = " (optional)" if block.get("optional") else ""
        lines = [f"{self._text(block['label'])}{optional}", f"  {self._element(block['element'])}"]
        lines += [f"  {self._text(block['hint'])}"] if "hint" in block else []
        lines += [f"  ✗ {self._errors[block['block_id']]}"] if block["block_id"] in self._errors else []
        return "\n".join(lines)

    def _element(self, element: Json) -> str:
        kind = str(element["type"])
        if kind in {"mrkdwn", "plain_text"}:
            return self._text(element)
        if kind == "image":
            return f"[picture: {element['alt_text']}]"
        if kind == "feedback_buttons":
            return " ".join(f"[{label(element[side])}]" for side in ("positive_button", "negative_button"))
        if kind == "overflow":
            return f"[⋯ {' / '.join(option['text']['text'] for option in element['options'])}]"
        return self._field(element) if has_value(element) else f"[{label(element)}]"

    def _field(self, element: Json) -> str:
        state = self._filled.get(element["action_id"]) or start(element)
        value = next(value for key, value in state.items() if key != "type")
        if element["type"] in {"radio_buttons", "checkboxes"}:
            chosen = value if isinstance(value, list) else [value]
            marks = "●○" if element["type"] == "radio_buttons" else "☑☐"
            return "  ".join(f"{marks[each not in chosen]} {each['text']['text']}" for each in options(element))
        shown = self._words(value) or label(element)
        there = f" ▾ {' / '.join(each['text']['text'] for each in options(element))}" if options(element) else ""
        return f"[{shown or ' '}{there}]"

    def _words(self, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(self._words(each) for each in value)
        if isinstance(value, dict):
            return str(value["text"]["text"])
        return f"@{self._users[value].real_name}" if value in self._users else str(value or "")


def _rich_text(block: Json) -> str:
    pieces = [piece for section in block["elements"] for piece in section["elements"]]
    return "".join(map(_piece, pieces)).rstrip()


def _piece(piece: Json) -> str:
    if piece["type"] == "link" and "text" in piece:
        return f"{piece['text']} ({piece['url']})"
    return str(piece.get("text", piece.get("url", "")))


def _table(rows: Sequence[Sequence[Json]]) -> str:
    cells = [[str(cell.get("text", cell.get("value", ""))) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [" │ ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "─┼─".join("─" * width for width in widths), *lines[1:]])


def _chart(block: Json) -> str:
    chart = block["chart"]
    axes = chart.get("axis_config", {})
    named = [axes[axis] for axis in ("x_label", "y_label") if axis in axes]
    lines = [f"{block['title']} ({chart['type']}{''.join(f', {name}' for name in named)})"]
    for series in chart.get("series") or [{"name": "", "data": chart["segments"]}]:
        lines += [series["name"]] if series["name"] else []
        lines += _bars(series["data"])
    return "\n".join(lines)


def _bars(points: Sequence[Json]) -> list[str]:
    most = max((abs(point["value"]) for point in points), default=0) or 1
    width = max(len(point["label"]) for point in points)
    return [f"  {p['label'].ljust(width)} {'█' * round(20 * abs(p['value']) / most)} {p['value']}" for p in points]

"""A mail as HTML: readable in dark mode, since it sets no colours; nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from winback.messages.content import Content, Entry
from winback.messages.wording import say

if TYPE_CHECKING:
    from winback.settings import Settings

_PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark"></head>'
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:40em">{body}</body></html>'
)
_BUTTON = "display:inline-block;padding:6px 14px;border:1px solid;border-radius:6px;text-decoration:none"


def html_of(content: Content, urls: Mapping[int, str], settings: Settings) -> str:
    """`urls`: by notification, where its case can be answered."""
    if not content.entries:
        paragraphs = [_paragraph(part) for part in content.text.split("\n\n")]
        return _PAGE.replace("{body}", "".join(paragraphs))
    parts = [
        _paragraph(content.preface, "font-style:italic") if content.preface else "",
        f'<h1 style="font-size:20px;line-height:1.3">{_isolated(content.title)}</h1>',
        *[_account(entry, content.is_bundle, urls.get(entry.notification), settings) for entry in content.entries],
        _paragraph(content.ask) if content.ask else "",
    ]
    return _PAGE.replace("{body}", "".join(parts))


def _account(entry: Entry, is_bundle: bool, url: str | None, settings: Settings) -> str:
    links = [
        _link(url, say(settings, "link.answer"), _BUTTON) if url else "",
        _link(entry.url, say(settings, "link.account")) if entry.url else "",
    ]
    parts = [
        _heading(entry, settings) if is_bundle else "",
        f'<table style="border-collapse:collapse">{"".join(map(_row, entry.facts))}</table>',
        _paragraph(entry.standing, "font-weight:bold") if entry.standing else "",
        f"<p>{' &nbsp; '.join(link for link in links if link)}</p>" if any(links) else "",
    ]
    return "".join(parts)


def _heading(entry: Entry, settings: Settings) -> str:
    stage = "" if entry.stage == "new_adoption" else f" [{say(settings, f'stage.{entry.stage}')}]"
    return (
        '<h2 style="font-size:16px;margin:20px 0 4px;padding-top:12px;border-top:1px solid">'
        f"{_isolated(entry.merchant)} · {_isolated(entry.product)}{escape(stage)}</h2>"
    )


def _row(fact: tuple[str, str]) -> str:
    label, value = fact
    return (
        '<tr><th scope="row" style="text-align:left;font-weight:normal;padding:1px 16px 1px 0;vertical-align:top;'
        f'opacity:0.75">{_isolated(label)}</th><td style="padding:1px 0">{_isolated(value)}</td></tr>'
    )


def _paragraph(text: str, style: str = "margin:12px 0") -> str:
    return f'<p style="{style}">{"<br>".join(_isolated(line) for line in text.splitlines())}</p>'


def _link(url: str, text: str, style: str = "text-decoration:underline") -> str:
    return f'<a href="{escape(url)}" style="{style}">{escape(text)}</a>'


def _isolated(text: str) -> str:
    """Text written from right to left does not turn what stands around it."""
    return f"<bdi>{escape(text)}</bdi>"

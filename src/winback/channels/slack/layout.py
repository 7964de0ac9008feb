"""Content as a message of Slack: which blocks, which buttons, and the text that says it all without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.channels.slack.figures import lay_out_figures
from winback.messages.wording import say, say_accounts

if TYPE_CHECKING:
    from winback.messages.content import Content, Entry
    from winback.settings import Settings

# What is left for accounts of a message, besides what stands above and below them.
_FOR_ENTRIES = blocks.MOST_CHARACTERS - 4_500
_MOST_ENTRY = 600
_MOST_NOTICE = 6_000
_MOST_ASK = 1_000
_MOST_NOTE = 500


@dataclass(frozen=True)
class Message:
    text: str
    blocks: list[Block]


def lay_out(content: Content, settings: Settings) -> Message:
    if content.figures is not None:
        shown = lay_out_figures(content, content.figures)
    elif content.kind == "notice":
        shown = _notice(content.text)
    elif content.is_bundle:
        shown = _bundle(content, settings)
    else:
        shown = _single(content, content.entries[0], settings)
    return Message(whole_text(content), blocks.numbered(shown))


def whole_text(content: Content) -> str:
    """All of it, or as much as fits, the ask in any case."""
    whole = blocks.escaped(content.text, len(content.text) * 5)
    if len(whole) <= blocks.MOST_TEXT or not content.ask:
        return blocks.escaped(content.text)
    ask = blocks.escaped(content.ask, blocks.MOST_TEXT // 4)
    return f"{blocks.escaped(content.text, blocks.MOST_TEXT - len(ask) - 2)}\n\n{ask}"


def _notice(text: str) -> Iterator[Block]:
    """Several blocks where it is long."""
    text = blocks.cut(text, _MOST_NOTICE)
    for start in range(0, len(text), 3_000):
        yield blocks.section(text[start : start + 3_000])


def _single(content: Content, entry: Entry, settings: Settings) -> Iterator[Block]:
    yield from _top(content)
    if entry.standing:
        yield blocks.section(entry.standing, most=_MOST_NOTE)
    link = (say(settings, "link.account"), entry.url) if entry.url else None
    yield blocks.lines(entry.facts, link)
    if content.ask:
        yield blocks.section(content.ask, most=_MOST_ASK)
    yield from answer_buttons(entry, settings)
    yield from _feedback(content, settings)


def _bundle(content: Content, settings: Settings) -> Iterator[Block]:
    """As many accounts as there is room for, the first first; the rest stands in the Home tab."""
    yield from _top(content)
    if content.ask:
        yield blocks.section(content.ask, most=_MOST_ASK)
    shown = list(_as_many_as_fit(content, settings))
    yield from shown
    if left := len(content.entries) - len(shown):
        key = "slack.more" if content.kind == "follow_up" else "link.more"
        yield blocks.context(say(settings, key, accounts=say_accounts(left, settings)))
    yield from _feedback(content, settings)


def _top(content: Content) -> Iterator[Block]:
    if content.preface:
        yield blocks.context(content.preface, _MOST_NOTE)
    yield blocks.header(content.title)


def _as_many_as_fit(content: Content, settings: Settings) -> Iterator[Block]:
    room, places = _FOR_ENTRIES, blocks.MOST_BLOCKS - 6
    names_product = len({entry.product for entry in content.entries}) > 1
    for entry in content.entries[:places]:
        block = line(entry, names_product, settings)
        room -= blocks.characters(block)
        if room < 0:
            return
        yield block


def line(entry: Entry, names_product: bool, settings: Settings, names_stage: bool = True) -> Block:
    """One account of several: its name, its facts in a row, how it stands, and a button that opens the rest."""
    product = f", {entry.product}" if names_product else ""
    stage = "" if entry.stage == "new_adoption" or not names_stage else f" ({say(settings, f'stage.{entry.stage}')})"
    facts = " · ".join(f"{blocks.cut(label, 50)}: {blocks.cut(value, 80)}" for label, value in entry.facts)
    told = [f"{blocks.cut(entry.merchant, 150)}{product}{stage}", entry.standing, facts]
    answer = None
    if entry.case is not None and entry.answers:
        answer = blocks.button(f"answer:{entry.case}", say(settings, "button.answer"), str(entry.case))
    return blocks.section("\n".join(line for line in told if line), answer, _MOST_ENTRY)


def answer_buttons(entry: Entry, settings: Settings, of_several: bool = False) -> Iterator[Block]:
    """Those that can still change something; the first is what most people want. `of_several`: with ids that differ
    from those of other accounts' buttons."""
    if entry.case is None or not entry.answers:
        return
    named = {"log_outcome": "button.log_won"} if entry.stage == "readopted" else {}
    suffix = f":{entry.case}" if of_several else ""
    yield blocks.actions(
        [
            blocks.button(
                f"{answer}{suffix}",
                say(settings, named.get(answer, f"button.{answer}")),
                str(entry.case),
                "primary" if answer == entry.answers[0] else None,
            )
            for answer in entry.answers
        ]
    )


def _feedback(content: Content, settings: Settings) -> Iterator[Block]:
    if content.is_rehearsal or content.is_withdrawn:
        return
    thanks = {None: "feedback.question", True: "answer.useful", False: "answer.not_useful"}[content.was_useful]
    yield blocks.context(say(settings, thanks))
    yield blocks.feedback("useful", say(settings, "feedback.useful"), say(settings, "feedback.not_useful"))

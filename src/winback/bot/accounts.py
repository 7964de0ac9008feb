"""Accounts at risk as entries of a message, and how they are shown in a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.channels.slack.layout import answer_buttons
from winback.messages.content import Entry
from winback.messages.contents import entry_of
from winback.messages.standing import standings_by_case
from winback.messages.wording import say
from winback.store import at_risk

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Case
    from winback.store.outbox import Run


def entries_at_risk(
    settings: Settings, csm: str | None, run: Run, many: int, after: int = 0
) -> tuple[list[Entry], int]:
    """Of a CSM, or of all; how many there are besides."""
    planned, total = at_risk.at_risk_of(csm, run, many, after)
    standings = standings_by_case(planned, run)
    return [entry_of(each, standings.get(each.case_id or 0), run.now, settings) for each in planned], total


def entry_of_case(settings: Settings, case: Case, run: Run) -> Entry:
    planned = at_risk.planned_of_case(case)
    return entry_of(planned, standings_by_case([planned], run).get(case.pk), run.now, settings)


def account(entry: Entry, settings: Settings, names_product: bool = True) -> Iterator[Block]:
    """In full, with its buttons: three blocks."""
    name = f"{entry.merchant} · {entry.product}" if names_product else entry.merchant
    yield blocks.section("\n".join(line for line in (name, entry.standing) if line))
    yield blocks.lines(entry.facts, (say(settings, "link.account"), entry.url) if entry.url else None)
    yield from answer_buttons(entry, settings, of_several=True)

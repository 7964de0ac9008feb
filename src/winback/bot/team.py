"""A manager's figures: where everything stands, and each of their CSMs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.channels.slack.figures import chart_and_table, data_table
from winback.core.texts import name_key
from winback.messages.digest import figures_of, kpis_at, short
from winback.messages.profiles import profile_of
from winback.messages.wording import one_line, say

if TYPE_CHECKING:
    from winback.answers import Actor
    from winback.settings import Settings

_MOST_CSMS = 40


def figures(settings: Settings, now: dt.datetime) -> Iterator[Block]:
    """Of all products against a day before: a chart and a table."""
    yield from chart_and_table(figures_of(settings, *kpis_at(settings, now, now - dt.timedelta(days=1))))


def team(settings: Settings, manager: Actor, now: dt.datetime) -> Iterator[Block]:
    (figures,) = kpis_at(settings, now)
    rows = [_row(each) for each in figures["by_csm"] if _is_of(each, manager, settings)]
    if not rows:
        yield blocks.section(say(settings, "home.no_team"))
        return
    heading = ("csm", "accounts_at_risk", "gmv_at_risk", "wins", "recovered")
    named = tuple(say(settings, f"digest.{each}") for each in heading)
    yield data_table(say(settings, "home.team"), (named, *rows[:_MOST_CSMS]))


def _row(csm: dict[str, Any]) -> tuple[str, ...]:
    name = one_line(csm["csm_name"] or csm["csm_email"] or "")
    counts = (f"{csm['at_risk']:,}", short(csm["gmv_at_risk"]), f"{csm['csm_true_wins']:,}")
    return (name, *counts, short(csm["revenue_recovered"]))


def _is_of(csm: dict[str, Any], manager: Actor, settings: Settings) -> bool:
    named = profile_of(csm["csm_name"] or None, csm["csm_email"], settings).manager
    own = {name_key(each) for each in (manager.name, manager.email) if each}
    return named is not None and name_key(named) in own

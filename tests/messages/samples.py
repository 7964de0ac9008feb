"""Each kind of message as its reader gets it; docs/messages.md shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.messages.letters import NOW, content, planned, settings_of
from winback.messages.contents import rehearsed, say_correction, say_to_manager
from winback.store.outbox import Planned

SETTINGS = """
[messages]
show = ["Segment"]
account_url = "https://crm.example/accounts/{uid}"
"""
DAY = dt.timedelta(days=1)


def case(number: int, stage: str, **other: object) -> Planned:
    return planned(number, stage, **({"churned_at": NOW - DAY, "revenue": Decimal("41.9")} | other))


def samples(folder: Path) -> Iterator[tuple[str, str]]:
    """What it is, and the text."""
    settings = settings_of(folder, SETTINGS)
    acme = case(1, "first")
    yield "The first message", content(settings, acme).text
    for stage, days in (("second", 2), ("final", 4)):
        yield f"The {stage} one", content(settings, case(1, stage, churned_at=NOW - days * DAY)).text
    back = case(1, "readopted", churned_at=NOW - 3.1 * DAY)
    yield "The account is back", content(settings, back, status="won", readopted_at=NOW).text
    bolt = case(2, "second", merchant_name="Bolt & Co", gmv=Decimal(98_000), churned_at=NOW - 2 * DAY)
    loans = case(3, "first", merchant_name="Cask", gmv=None, product="loans")
    yield "More than `bundle_over` at once", content(settings, acme, bolt, loans).text
    adopted = [planned(number, "new_adoption", merchant_name=name) for number, name in ((4, "Dune"), (5, "Elm"))]
    yield "New adoptions", content(settings, *adopted).text
    covered = "For Kim Lee, who is away until Mon 09 Nov 2026: you cover for them."
    yield "For a colleague who is away", content(settings, acme, note=covered).text
    yield "A rehearsal (`redirect_to`)", rehearsed(content(settings, acme), "Dana Ortiz", settings).text
    final = case(1, "final", churned_at=NOW - 4 * DAY)
    yield "To the manager, with the final one", say_to_manager(final, "Dana Ortiz", NOW, settings)
    yield "After `winback pulls undo`", say_correction("Acme", "first", "half of the accounts were missing", settings)


STANDINGS: dict[str, dict[str, Any]] = {
    "chased": {"last_stage": "second"},
    "snoozed": {"snoozed_until": NOW + 3 * DAY, "snooze_reason": "They migrate this week"},
    "snoozed no more": {"snoozed_until": NOW - DAY, "snooze_reason": "They migrate this week"},
    "engaged": {"engaged_by": "Dana Ortiz", "engaged_at": NOW},
    "claimed won": {"claim": "won", "claimed_by": "Dana Ortiz", "claim_reason": "Re-trained"},
    "claimed lost": {"status": "lost", "claim": "lost", "claimed_by": "Dana Ortiz", "claim_reason": "Price"},
    "won": {"status": "won", "readopted_at": NOW},
    "lost": {"status": "lost"},
    "void": {"status": "void"},
    "undone": {"status": "undone"},
    "another's": {"owner": "Kim Lee"},
    "another's and snoozed": {"owner": "Kim Lee", "snoozed_until": NOW + DAY, "snooze_reason": "Holidays"},
}


def standings(folder: Path) -> Iterator[tuple[str, str | None, bool]]:
    """How a first message says that its case stands, and whether it can still be answered."""
    settings = settings_of(folder, SETTINGS)
    for name, standing in STANDINGS.items():
        (entry,) = content(settings, case(1, "first"), **standing).entries
        yield name, entry.standing, entry.is_open

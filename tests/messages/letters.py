"""Letters to be delivered, made as the sender makes them: of what is planned, with the words of wording.toml."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from tests.settings_files import PRODUCT, load
from winback.messages.channel import Letter, Place, Recipient
from winback.messages.content import Content, Standing
from winback.messages.contents import build_content
from winback.messages.people import Addressee
from winback.settings import Settings
from winback.store.outbox import Planned

NOW = dt.datetime(2026, 11, 5, 9, tzinfo=dt.UTC)
DANA = Recipient("dana@shop.example", "Dana Ortiz <dana@shop.example>")
# What a report may hold in the place of a name.
HOSTILE = {
    "markup": "<script>alert(1)</script> & <b>Co</b>",
    "line breaks": "Acme\r\nBcc: everybody@shop.example\n\nPay now",
    "right to left": "\u202egnp.exe \u0634\u0631\u0643\u0629",
    "long": "M" * 10_000,
    "pings": "<!channel> <@U012> @everyone <at>all</at>",
    "markdown": "[click](https://evil.example) **bold** _x_ # `y` {{DATE(2026)}}",
    "braces": "{product} {0} {settings.secret}",
    "controls": "bell\x07 escape\x1b[31m null\x00",
}


def settings_of(folder: Path, text: str = "") -> Settings:
    return load(folder, PRODUCT + text)


def planned(number: int = 1, stage: str = "first", **other: object) -> Planned:
    """A case of Acme that churned yesterday, unless `other` says otherwise."""
    values: dict[str, object] = {
        "product": "payments",
        "uid": f"M-{number}",
        "planned_at": NOW,
        "channel": "console",
        "message": None,
        "case_id": None if stage == "new_adoption" else number,
        "csm_name": "Dana Ortiz",
        "csm_email": "dana@shop.example",
        "merchant_name": "Acme",
        "region": "EMEA",
        "gmv": Decimal("1234.5"),
        "revenue": None,
        "other_columns": {"Segment": "Enterprise"},
        "attempts": 0,
        "is_taken_back": False,
        "churned_at": None if stage == "new_adoption" else NOW - dt.timedelta(days=1),
        "readopted_at": NOW if stage == "readopted" else None,
        "won_at": NOW if stage == "new_adoption" else None,
    }
    return Planned(id=number, stage=stage, **(values | other))  # type: ignore[arg-type]


def content(settings: Settings, *those: Planned, note: str | None = None, **standing: object) -> Content:
    """`standing`: how the cases stand, where something is to be said about it."""
    stands = Standing(**({"status": "at_risk", "churned_at": NOW - dt.timedelta(days=1)} | standing))  # type: ignore[arg-type]
    standings = {each.id: stands for each in those} if standing else {}
    return build_content(those or [planned()], standings, NOW, settings, Addressee("Dana Ortiz", DANA, note=note))


def letter(content: Content, thread: Place | None = None, recipient: Recipient = DANA) -> Letter:
    return Letter("0123456789abcdef", recipient, content, thread)

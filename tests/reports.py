"""Writes reports as they come: several spellings of flags, amounts and moments, blanks around, rows that are wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.naive.settings import Settings
from tests.steps import Row

TRUE_FLAGS = ["true", "TRUE", " Yes ", "1", "1.0", "on", "Enabled", "t", "Y\u00a0"]
FALSE_FLAGS = ["false", "False", "no ", "0", "0.0", "OFF", "disabled", "f", "\u200bN"]
UNKNOWN_FLAGS = ["maybe", "", " ", "2", "ye s", "-1", "null"]
PADS = ["", " ", "\u00a0", "\u200b", "\ufeff", "\t", "\u2003"]
NOT_MONEY = ["n/a", "1e5", "12,34.5", "--5", "(-5)", "1.2.3", "5 5", "1,23,4", "123456789012345", "-", "()"]
OPTIONAL = ("merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue", "changed_at")
EXTRAS = [(), ("segment",), ("segment", "Note"), ("Note",)]


@dataclass
class Merchant:
    uid: str
    csm: tuple[str, str]
    region: str
    gmv: int
    enabled: bool
    present: bool
    changed: bool = False


def chance(rng: random.Random, percent: int) -> bool:
    return rng.randrange(100) >= 100 - percent


def write_report(
    rng: random.Random, settings: Settings, merchants: Sequence[Merchant], at: datetime
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows."""
    # By the day, so that two reports of one moment never differ in a column alone that no rule is about.
    extras = EXTRAS[at.toordinal() % len(EXTRAS)]
    rows = [
        write_row(rng, settings, merchant, at, extras)
        for merchant in merchants
        if (merchant.present if settings.mode == "flag" else not merchant.enabled)
    ]
    columns = ("uid", *(["is_product_enabled"] if has_flag(settings, at) else []), *OPTIONAL, *extras)
    if chance(rng, 4):
        rows = []
    if rows and chance(rng, 30):
        rows += blemishes(rng, rows, columns, settings)
        rng.shuffle(rows)
    return columns, tuple(rows)


def write_row(rng: random.Random, settings: Settings, merchant: Merchant, at: datetime, extras: tuple[str, ...]) -> Row:
    row = {"uid": pad(rng, merchant.uid)}
    if has_flag(settings, at):
        row["is_product_enabled"] = rng.choice(TRUE_FLAGS if merchant.enabled else FALSE_FLAGS)
    row |= {
        "merchant_name": pad(rng, f"Merchant {merchant.uid}"),
        "csm_name": merchant.csm[0],
        "csm_email": merchant.csm[1],
        "region": merchant.region,
        "gmv": write_money(rng, merchant.gmv, settings.decimal),
        "revenue": write_money(rng, merchant.gmv // 7, settings.decimal),
        "changed_at": write_moment(rng, at, settings.tz) if merchant.changed or chance(rng, 10) else "",
    }
    # The same for all rows of an account in a report: which of two would be kept is nobody's promise.
    return row | {name: f"{name} of {merchant.uid} on {at:%m-%d}" for name in extras}


def has_flag(settings: Settings, at: datetime) -> bool:
    """In presence mode some reports have a flag to ignore."""
    return settings.mode == "flag" or at.toordinal() % 3 == 0


def pad(rng: random.Random, text: str) -> str:
    return rng.choice(PADS) + text + rng.choice(PADS) if chance(rng, 20) else text


def write_money(rng: random.Random, ten_thousandths: int, decimal: str) -> str:
    """Some notation of the value, now and then none that can be read, or nothing."""
    if chance(rng, 8):
        return rng.choice(["", " ", *NOT_MONEY])
    amount = Decimal(ten_thousandths) / rng.choice([100, 100, 10_000, 1])
    text = rng.choice(
        [
            f"{amount:.2f}",
            f"{amount:,.2f}",
            f"{amount:.4f}",
            f"{amount:.5f}",
            f"{amount:.0f}",
            f"${amount:,.2f}",
            f"USD {amount:.2f}",
            f"{amount:.2f}\u00a0\u20ac",
            f"-{amount:.2f}",
            f"-$ {amount:.2f}",
            f"\u00a3-{amount:.2f}",
            f"({amount:,.2f})",
            f"{amount:.2f}-",
            f"+{amount:.3f}",
            f"{amount % 1:.2f}".removeprefix("0"),
            f"{amount:.2f}5",
        ]
    )
    return text if decimal == "." else text.translate(str.maketrans(".,", ",."))


def write_moment(rng: random.Random, at: datetime, tz: ZoneInfo) -> str:
    """Before the pull by less than a day mostly, else too late, too early or no moment at all."""
    early = [timedelta(hours=hours) for hours in (0, 1, 5, 11, 23, 49, 24 * 400)]
    moment = at - rng.choice([*early, timedelta(hours=-1)])
    local = moment.astimezone(tz)
    return rng.choice(
        [
            f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            f"{moment:%Y-%m-%d %H:%M:%S}+00:00",
            f"{moment:%Y%m%dT%H%M%SZ}",
            f"{moment:%Y%m%d %H:%M}+0000",
            f"{moment:%Y-%m-%dT%H%M}Z",
            f"{moment:%Y-%m-%dt%H:%M:%S},25z",
            f"{moment:%Y-%m-%dT%H:%M:%S}.123456789Z",
            local.isoformat(),
            # Of an hour that comes twice, or never, no text without an offset can be told for sure.
            f"{local:%Y-%m-%d %H:%M}" if local.hour > 4 else f"{local:%Y-%m-%d}",
            f"{local:%Y-%m-%d}",
            f"{local:%Y%m%d}",
            "yesterday",
            "2025-13-45",
            "2025-02-30",
            f"{local:%Y-%m-%d} 24:00",
            f"{local:%Y-%m-%d} 10:60",
            f"{local:%d/%m/%Y}",
            "99",
        ]
    )


def blemishes(rng: random.Random, rows: list[Row], columns: tuple[str, ...], settings: Settings) -> list[Row]:
    """Rows to add to a report, each after what the rules say of it; some rows in place lose their flag."""
    added: list[Row] = []
    for _ in range(rng.choice([1, 2, 3])):
        row = rng.choice(rows)
        kind = rng.choice(["copy", "conflict", "no uid", "empty", "flag"])
        if kind == "copy":
            added.append(dict(row, uid=pad(rng, row["uid"])))
        elif kind == "conflict" and row.get("is_product_enabled") not in UNKNOWN_FLAGS:
            added.append(dict(row, gmv="1" if row["gmv"] != "1" else "2", region="elsewhere"))
        elif kind == "no uid":
            added.append(dict(row, uid=rng.choice(PADS)))
        elif kind == "empty":
            added.append({name: rng.choice(["", "", " "]) for name in columns})
        elif kind == "flag" and settings.mode == "flag" and row not in added:
            row["is_product_enabled"] = rng.choice(UNKNOWN_FLAGS)
    return added

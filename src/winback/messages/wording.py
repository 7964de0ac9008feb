"""Says it: an entry of wording.toml, or the company's own one, filled in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from winback.core.money import format_money
from winback.settings.wording import standard_wording

if TYPE_CHECKING:
    from winback.settings import Settings

_CONTROLS = [*range(0x00, 0x20), *range(0x7F, 0xA0)]
_TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_ACTING = {code: "\N{REPLACEMENT CHARACTER}" for code in _CONTROLS} | dict.fromkeys(_TURNING)


def say(settings: Settings, key: str, **values: object) -> str:
    """`key`: such as `title.first`. What values hold is never read for placeholders, and stays on its line, so that
    content of a report can't pass for a line of ours."""
    text = settings.wording.get(key) or standard_wording()[key]
    return text.format(**{name: one_line(str(value)) for name, value in values.items()})


def one_line(text: str) -> str:
    """Without what would act instead of being shown: control characters, and those that turn the direction of what
    follows."""
    return " ".join(text.split()).translate(_ACTING)


def say_moment(at: dt.datetime, settings: Settings) -> str:
    local = at.astimezone(settings.tz)
    zone = settings.workspace.timezone
    return say(settings, "value.moment", date=f"{local:%a %d %b %Y}", time=f"{local:%H:%M}", zone=zone)


def say_duration(length: dt.timedelta, settings: Settings) -> str:
    hours = length / dt.timedelta(hours=1)
    if hours < 48:
        return say(settings, "value.hours", hours=f"{hours:.0f}")
    return say(settings, "value.days", days=f"{hours / 24:.1f}")


def say_amount(amount: Decimal | None, settings: Settings) -> str:
    if amount is None:
        return say(settings, "value.missing")
    whole = format_money(amount)
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    units, _, decimals = digits.partition(".")
    workspace = settings.workspace
    amount_shown = f"{sign}{int(units):,}.{decimals}"
    return say(
        settings, "value.amount", amount=amount_shown, currency=workspace.currency, period=workspace.revenue_period
    )


def say_accounts(count: int, settings: Settings) -> str:
    return say(settings, "value.one_account") if count == 1 else say(settings, "value.accounts", count=f"{count:,}")

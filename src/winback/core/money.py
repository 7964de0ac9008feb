"""Money: exact decimals, stored and computed as integers of 1/10,000 units (rules.md R3.5)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import overload

PLACES = 4
UNIT = Decimal("0.0001")
# Wide enough that neither a sum of many amounts nor an amount with many decimals is rounded on the way.
EXACT = Context(prec=100)


def to_units(amount: Decimal) -> int:
    """Rounded half up (away from zero) to 1/10,000."""
    return int(amount.quantize(UNIT, ROUND_HALF_UP, EXACT).scaleb(PLACES, EXACT))


def from_units(units: int) -> Decimal:
    """With four places."""
    return Decimal(units).scaleb(-PLACES, EXACT)


@overload
def format_money(amount: Decimal) -> str: ...
@overload
def format_money(amount: None) -> None: ...
def format_money(amount: Decimal | None) -> str | None:
    """`1234.50`: at least two places, further ones only if they are not zero; a missing amount stays None."""
    if amount is None:
        return None
    whole, _, fraction = format(amount if amount else Decimal(0), "f").partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"

"""Whether the content of a column fits what it would be taken for. Shares are of its cells with a value."""

from __future__ import annotations

from collections.abc import Callable

from winback.discovery.names import is_negative, is_no_money
from winback.discovery.profile import Column, Keys

_MOST = 0.8
# rules.md R3.3: a few repeated or blank UIDs are rejected, and the rest is read.
_FEW, _FEW_SHARE = 5, 0.02
_LONGEST_KEY, _LONGEST_NAME, _LONGEST_CSM = 100, 120, 80


def could_be_key(column: Column) -> bool:
    """As far as a sample tells: no long texts, no dates, no amounts with decimals."""
    return (
        column.filled > 0
        and column.longest <= _LONGEST_KEY
        and not column.moments > _MOST * column.filled
        and not column.in_money_notation
    )


def is_key_nearly(keys: Keys) -> bool:
    few = max(_FEW, _FEW_SHARE * keys.rows)
    return keys.blank <= few and keys.repeated <= few and keys.blank + keys.repeated < keys.rows / 2


def is_key_exactly(keys: Keys) -> bool:
    return not keys.blank and not keys.repeated


def is_code(column: Column) -> bool:
    """No words, and no addresses, which change."""
    return not column.phrased and not column.emails


def is_flag_by_content(column: Column) -> bool:
    return 0 < column.rows == column.filled == column.flags and not is_negative(column.name)


def is_shared_email(column: Column) -> bool:
    """Of somebody who has several accounts."""
    return _most(column, column.emails) and column.different <= column.filled / 2


def is_name_by_content(column: Column) -> bool:
    return (
        column.filled > 0.95 * column.rows
        and column.worded > 0.9 * column.filled
        and column.different >= _MOST * column.filled
        and column.phrased >= 0.3 * column.filled
        and column.longest <= _LONGEST_NAME
        and not column.emails
        and not column.moments
    )


def is_money_by_content(column: Column) -> bool:
    return _most(column, column.in_money_notation) and not is_no_money(column.name)


def _is_flag(column: Column) -> bool:
    """Rows without a flag that can be read are rejected: they must be few."""
    return column.flags >= _MOST * column.rows > 0


def _is_email(column: Column) -> bool:
    return _most(column, column.emails)


def _is_person(column: Column) -> bool:
    return _is_text(column) and column.longest <= _LONGEST_CSM


def _is_text(column: Column) -> bool:
    return (
        _most(column, column.worded)
        and not column.emails > 0.2 * column.filled
        and column.flags != column.filled
        and not column.moments > _MOST * column.filled
    )


def _is_money(column: Column) -> bool:
    return _most(column, max(column.amounts, column.comma_amounts))


def _is_currency(column: Column) -> bool:
    return _most(column, column.worded) and column.longest <= 20


def _is_moment(column: Column) -> bool:
    return _most(column, column.moments)


def _is_region(column: Column) -> bool:
    return (
        column.filled > 0
        and column.longest <= _LONGEST_CSM
        and column.flags < column.filled
        and not column.emails
        and not column.in_money_notation
        and column.different <= max(20, column.filled / 2)
    )


def _most(column: Column, counted: int) -> bool:
    return column.filled > 0 and counted >= _MOST * column.filled


FITS: dict[str, Callable[[Column], bool]] = {
    "is_product_enabled": _is_flag,
    "merchant_name": _is_text,
    "csm_name": _is_person,
    "csm_email": _is_email,
    "region": _is_region,
    "gmv": _is_money,
    "revenue": _is_money,
    "currency": _is_currency,
    "changed_at": _is_moment,
}

"""What CRMs have in fields, as what winback has."""

from __future__ import annotations

from winback.report.mapping import BLANKS


def uid_of(value: object) -> str | None:
    """As in a report: text without white space around it, a whole number without a fraction (rules.md R1.1)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value).strip(BLANKS) or None

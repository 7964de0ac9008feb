"""The public holidays of a country."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def public_holidays(country: str) -> Container[date]:
    """`country`: two capital letters, as the settings have checked them. Years are filled in as they are asked for."""
    from holidays import country_holidays

    return country_holidays(country)

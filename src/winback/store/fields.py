"""How moments and money stand in the database: as whole numbers, exact and comparable in SQLite and PostgreSQL
alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from winback.core.moments import from_micros, to_micros
from winback.core.money import from_units, to_units

# What Django's type checker is told: the value of a field in Python, null or not as the field says.
Set = TypeVar("Set")
Get = TypeVar("Get")

if TYPE_CHECKING:

    class WholeNumber(models.Field[Set, Get]):
        pass

else:

    class WholeNumber(models.Field):
        def get_internal_type(self) -> str:
            return "BigIntegerField"

        def __class_getitem__(cls, _: object) -> type:
            return cls


class MomentField(WholeNumber[Set, Get]):
    """A moment, as microseconds since 1970 UTC."""

    if TYPE_CHECKING:
        _pyi_private_set_type: dt.datetime
        _pyi_private_get_type: dt.datetime
        _pyi_lookup_exact_type: dt.datetime

    def from_db_value(self, value: int | None, *_: object) -> dt.datetime | None:
        return None if value is None else from_micros(value)

    def get_prep_value(self, value: Any) -> Any:
        return to_micros(value) if isinstance(value, dt.datetime) else value


class MoneyField(WholeNumber[Set, Get]):
    """An amount, as whole ten-thousandths."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Decimal
        _pyi_private_get_type: Decimal
        _pyi_lookup_exact_type: Decimal

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        return None if value is None else from_units(value)

    def get_prep_value(self, value: Any) -> Any:
        return to_units(value) if isinstance(value, Decimal) else value

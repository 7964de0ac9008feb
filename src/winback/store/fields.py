"""How moments, money and text stand in the database, so that SQLite and PostgreSQL compare and order them alike: the
first two as whole numbers, text by its bytes."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from winback.core.moments import from_micros, to_micros
from winback.core.money import from_units, to_units

# What Django's type checker is told: the value of a field in Python, null or not as the field says.
Set = TypeVar("Set")
Get = TypeVar("Get")
NUL, REPLACED = "\0", "\ufffd"

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


def without_nul(value: Any) -> Any:
    """PostgreSQL can't store this character; another shows that something was there."""
    return value.replace(NUL, REPLACED) if isinstance(value, str) else value


if TYPE_CHECKING:

    class AnyText(models.TextField[Set, Get]):
        pass

else:

    class AnyText(models.TextField):
        def __class_getitem__(cls, _: object) -> type:
            return cls


class Text(AnyText[Set, Get]):
    """Of any length."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        by_bytes = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | by_bytes

    def get_prep_value(self, value: Any) -> Any:
        return without_nul(super().get_prep_value(value))


class Json(Text[Any, Any]):
    """Lists and tables, as JSON text: never searched by their content."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> Any:
        return json.dumps(value)

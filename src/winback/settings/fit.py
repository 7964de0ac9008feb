"""A table of winback.toml → its section; what does not fit is said in plain words."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cache
from typing import Literal, TypeVar, get_args, get_origin

import msgspec

from winback.errors import SettingsError
from winback.settings.section import Section

AnySection = TypeVar("AnySection", bound=Section)
LONGEST_SHOWN = 60


def fit_section(kind: type[AnySection], table: object, key: str, **given: object) -> AnySection:
    """`given` are fields that the caller knows; they are no keys of the file."""
    if not isinstance(table, dict):
        raise SettingsError(f"{key}: expected a table [{key}], found {found(table)}")
    fields = {field.name: field for field in _fields_of(kind) if field.name not in given}
    refuse_unknown_keys(table, fields, key)
    values = {name: fit_value(fields[name].type, value, dotted(key, name)) for name, value in table.items()}
    return kind(**given, **values)


@cache
def _fields_of(kind: type[Section]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Its annotations are evaluated anew each time, which takes as long as all the rest of reading the settings."""
    return msgspec.structs.fields(kind)


def fit_value(kind: object, value: object, key: str) -> object:
    kind = _without_none(kind)
    if isinstance(kind, type) and issubclass(kind, Section):
        return fit_section(kind, value, key)
    if get_origin(kind) is dict:
        return fit_named(get_args(kind)[1], value, key)
    try:
        return msgspec.convert(_as_kind_reads(kind, value), kind)
    except msgspec.ValidationError:
        raise SettingsError(f"{key}: expected {expected(kind)}, found {found(value)}") from None


def fit_named(kind: type[AnySection], table: object, key: str) -> dict[str, AnySection]:
    """A table of tables: the name of each → its section."""
    if not isinstance(table, dict):
        raise SettingsError(f"{key}: expected a table [{key}.NAME], found {found(table)}")
    named = "name" in kind.__struct_fields__
    return {
        name: fit_section(kind, entry, dotted(key, name), **({"name": name} if named else {}))
        for name, entry in table.items()
    }


def refuse_unknown_keys(table: Mapping[str, object], known: Iterable[str], key: str) -> None:
    known = list(known)
    for name in table:
        if name not in known:
            raise SettingsError(f"unknown key {dotted(key, name)}: {_suggestion(name, known, key)}")


def _suggestion(name: str, known: list[str], key: str) -> str:
    near = nearest(name, known)
    return f"did you mean {dotted(key, near)}?" if near else f"known here are {', '.join(known)}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    by_lower_case = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.strip().lower(), by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def dotted(key: str, name: str) -> str:
    shown = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
    return f"{key}.{shown}" if key else shown


def expected(kind: object) -> str:
    """A kind in words: its description, or the values it may take."""
    if get_origin(kind) is Literal:
        return " or ".join(f'"{value}"' for value in get_args(kind))
    return str(_meta(kind).description)


def found(value: object) -> str:
    """A value of the file in words."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, date | time):
        return value.isoformat()
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _without_none(kind: object) -> object:
    members = get_args(kind)
    return members[0] if len(members) == 2 and members[1] is type(None) else kind


def _meta(kind: object) -> msgspec.Meta:
    meta: msgspec.Meta = get_args(kind)[-1]
    return meta


def _as_kind_reads(kind: object, value: object) -> object:
    extra = {} if get_origin(kind) is Literal else _meta(kind).extra or {}
    return extra["read"](value) if "read" in extra else value

"""A company's own words: single entries of messages/wording.toml, in a wording.toml beside winback.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any

from winback.errors import SettingsError
from winback.settings.fit import dotted, found, nearest, refuse_unknown_keys

WORDING = "wording.toml"
OF_ACCOUNT = frozenset({"merchant", "product", "uid", "region", "gmv", "revenue", "csm"})
# Placeholders that an entry may have besides those of its own text.
_OF_ONE = ("first", "second", "final", "readopted", "new_adoption")
_OF_MANY = ("bundle", "new_adoptions", "bundle_of_several", "new_adoptions_of_several")
OFFERED = {
    **{f"{part}.{stage}": OF_ACCOUNT for part in ("title", "ask") for stage in _OF_ONE},
    **{f"{part}.{many}": frozenset({"accounts", "product", "csm"}) for part in ("title", "ask") for many in _OF_MANY},
    "manager.title": OF_ACCOUNT,
    "manager.ask": OF_ACCOUNT,
}


def standard_text() -> str:
    return resources.files("winback").joinpath("messages", WORDING).read_text(encoding="utf-8")


@cache
def standard_wording() -> Mapping[str, str]:
    """Dotted key → text."""
    document = tomllib.loads(standard_text())
    return {f"{section}.{name}": text for section, entries in document.items() for name, text in entries.items()}


def placeholders(key: str) -> frozenset[str]:
    """What a text of this entry may have in braces."""
    return frozenset(_fields(standard_wording()[key])) | OFFERED.get(key, frozenset())


def read_wording(folder: Path) -> dict[str, str]:
    """Dotted key → the company's text; nothing where it has none. SettingsError names the file and the key."""
    path = folder / WORDING
    if not path.exists():
        return {}
    try:
        return _checked(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _checked(document: dict[str, Any]) -> dict[str, str]:
    known: dict[str, list[str]] = {}
    for key in standard_wording():
        section, name = key.split(".")
        known.setdefault(section, []).append(name)
    refuse_unknown_keys(document, known, "")
    texts: dict[str, str] = {}
    for section, entries in document.items():
        if not isinstance(entries, dict):
            raise SettingsError(f"{section}: expected a table [{section}], found {found(entries)}")
        refuse_unknown_keys(entries, known[section], section)
        texts |= {dotted(section, name): _text(text, dotted(section, name)) for name, text in entries.items()}
    return texts


def _text(text: object, key: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise SettingsError(f"{key}: expected text in quotes that is not blank, found {found(text)}")
    try:
        fields = list(_fields(text))
    except ValueError:
        raise SettingsError(f"{key}: a brace that is meant as one is written twice, {{{{ or }}}}") from None
    for name in fields:
        if name not in placeholders(key):
            raise SettingsError(f"{key}: there is no {{{name}}} here; {_suggestion(name, placeholders(key))}")
    return text


def _fields(text: str) -> Iterable[str]:
    """What stands in braces, with all that makes it more than a name."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _suggestion(name: str, known: frozenset[str]) -> str:
    near = nearest(name, sorted(known))
    if near:
        return f"did you mean {{{near}}}?"
    return "known are " + ", ".join(f"{{{each}}}" for each in sorted(known)) if known else "it takes none"

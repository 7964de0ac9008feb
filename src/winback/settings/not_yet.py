"""Settings that are known but not served yet: refused at load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from winback.errors import SettingsError
from winback.settings.fit import dotted, found
from winback.settings.sections import Product, Settings


class NotYet(NamedTuple):
    section: str
    key: str
    served: Callable[[Any], bool]
    supported: str


def _is_local(path: str) -> bool:
    return "://" not in path


NOT_YET = (NotYet("workspace", "data_dir", _is_local, "only a folder of this machine"),)


def refuse_not_yet(settings: Settings) -> None:
    for refusal in NOT_YET:
        for section, value in _values(settings, refusal):
            if not refusal.served(value):
                key = dotted(section, refusal.key)
                raise SettingsError(f"{key}: this version supports {refusal.supported}; found {found(value)}")


def _values(settings: Settings, refusal: NotYet) -> Iterator[tuple[str, Any]]:
    section: dict[str, Product] | object = getattr(settings, refusal.section)
    if not isinstance(section, dict):
        yield refusal.section, getattr(section, refusal.key)
        return
    for name, entry in section.items():
        yield dotted(refusal.section, name), getattr(entry, refusal.key)

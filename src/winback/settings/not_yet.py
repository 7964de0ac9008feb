"""Settings that are known but not served yet: refused at load, or without effect."""

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

WITHOUT_EFFECT: frozenset[str] = frozenset()


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


def without_effect(settings: Settings) -> list[str]:
    """The sections that stand in the file and change nothing yet; of [schedule] the times of the products."""
    times = settings.schedule.times if settings.schedule else {}
    sections = [name for name in settings.written if name.split(".")[0] in WITHOUT_EFFECT]
    return sections + [f"schedule.{product}" for product in times]

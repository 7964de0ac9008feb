"""From a number to an odd report: the same number always gives the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.odd import damage, dress, tables
from tests.odd.dress import BINARY, PACKED, Dress
from tests.odd.starts import Sheet, Start


@dataclass(frozen=True)
class Case:
    """`what`: was done, in words. `is_damaged`: after it was written. `sheet`: what was written. `product`: further
    settings of the product."""

    seed: int
    start: Start
    what: str
    ending: str
    content: bytes
    is_damaged: bool
    sheet: Sheet
    encoding: str

    @property
    def product(self) -> str:
        settings = self.start.settings
        lines = [f'decimal = "{settings.decimal}"']
        if settings.vanished == "churn":
            lines.append('vanished = "churn"')
        # What begins with a mark needs no setting.
        if self.encoding not in ("utf-8", "utf-16"):
            lines.append(f'encoding = "{self.encoding}"')
        return "\n".join(lines)


def draw_case(seed: int, starts: Sequence[Start]) -> Case:
    rng = random.Random(seed)
    start = _with_settings(rng, rng.choice(starts))
    sheet, worn = start.next_day.copy(), dress.draw_dress(rng)
    harm = rng.choices([_nothing, _to_text, _to_bytes, _to_packed, _to_name], [46, 24, 12, 12, 6])[0]
    said = [start.settings.mode, worn.ending, worn.encoding, worn.delimiter.replace("\t", "tab")]
    for mutate in rng.sample(tables.MUTATIONS, rng.choice([1, 1, 2, 3] if harm is _nothing else [0, 0, 0, 1])):
        mutate(rng, sheet, start)
        said.append(mutate.__name__)
    content, ending, done = harm(rng, sheet, worn)
    return Case(seed, start, " ".join([*said, *done]), ending, content, bool(done), sheet, worn.encoding)


def _with_settings(rng: random.Random, start: Start) -> Start:
    settings = replace(start.settings, decimal=rng.choice([".", ".", ".", ","]))
    if settings.mode == "flag":
        settings = replace(settings, vanished=rng.choice(["keep", "keep", "churn"]))
    return replace(start, settings=settings)


def _content(sheet: Sheet, worn: Dress) -> bytes:
    if worn.form in BINARY:
        return BINARY[worn.form](sheet)
    return dress.written(sheet, worn).encode(worn.encoding, "replace")


def _nothing(rng: random.Random, sheet: Sheet, worn: Dress) -> tuple[bytes, str, list[str]]:
    return PACKED[worn.packing](_content(sheet, worn)), worn.ending, []


def _to_text(rng: random.Random, sheet: Sheet, worn: Dress) -> tuple[bytes, str, list[str]]:
    if worn.form in BINARY:
        return _to_bytes(rng, sheet, worn)
    text, done = dress.written(sheet, worn), []
    for harm in rng.sample(damage.TO_TEXT, rng.choice([1, 1, 1, 2])):
        text = harm(rng, text) if text else text
        done.append(harm.__name__)
    return PACKED[worn.packing](text.encode(worn.encoding, "replace")), worn.ending, done


def _to_bytes(rng: random.Random, sheet: Sheet, worn: Dress) -> tuple[bytes, str, list[str]]:
    harm = rng.choice(damage.TO_BYTES)
    return PACKED[worn.packing](harm(rng, _content(sheet, worn))), worn.ending, [harm.__name__]


def _to_packed(rng: random.Random, sheet: Sheet, worn: Dress) -> tuple[bytes, str, list[str]]:
    worn = replace(worn, packing=worn.packing or ("" if worn.form in BINARY else rng.choice([".gz", ".zst"])))
    harm = rng.choice(damage.TO_PACKED)
    return harm(rng, PACKED[worn.packing](_content(sheet, worn))), worn.ending, [f"{harm.__name__} of the file"]


def _to_name(rng: random.Random, sheet: Sheet, worn: Dress) -> tuple[bytes, str, list[str]]:
    harm = rng.choice(damage.TO_NAMES)
    ending = harm(rng, worn.ending)
    return PACKED[worn.packing](_content(sheet, worn)), ending, [f"called {ending or 'nothing'}"]

"""Programmes with a history of two days, and the report of the third, on which something odd will happen."""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests import backing
from tests.naive.compare import History
from tests.naive.programme import Programme
from tests.naive.reading import RawRow, read_flag
from tests.naive.settings import Mode, Settings
from tests.reports import Merchant, write_report
from tests.workspaces import Place, stored

ROOT = Path(__file__).parent.parent.parent
DOTGOV = ROOT.parent / "shared" / "data" / "dotgov"
DEMO = ROOT / "examples" / "data"
DAYS = (
    datetime(2026, 11, 2, 9, tzinfo=UTC),
    datetime(2026, 11, 5, 9, tzinfo=UTC),
    datetime(2026, 11, 7, 9, tzinfo=UTC),
)
EXIT = {"applied": 0, "refused": 1, "held": 3}
ORIGINS = ("demo", "made", "dotgov")


@dataclass
class Sheet:
    """A report as a table of text."""

    header: list[str]
    rows: list[list[str]]

    def copy(self) -> Sheet:
        return Sheet(list(self.header), [list(row) for row in self.rows])


@dataclass(frozen=True)
class Start:
    """`columns`: our name → the report's. `history`: after two days, as the naive model has it. `stored`: all that the
    workspace in `folder` holds then."""

    settings: Settings
    columns: Mapping[str, str]
    history: History
    next_day: Sheet
    folder: Path
    stored: Mapping[str, Any]

    @property
    def flag(self) -> str:
        return self.columns["is_product_enabled"]

    def place(self, folder: Path, product: str = "") -> Place:
        """A copy of the workspace; `product`: further settings of it."""
        backing.copy_workspace(self.folder, folder)
        return Place(folder, settings_text(self.settings.mode, self.columns, product))


def make_start(origin: str, mode: Mode, folder: Path) -> Start:
    columns, days = _ORIGINS[origin]()
    if mode == "presence":
        days = [_only_off(day, columns["is_product_enabled"]) for day in days]
    settings = Settings(mode=mode, lost_after=None)
    programme = Programme(settings)
    place = Place(folder, settings_text(mode, columns))
    for at, day in zip(DAYS, days[:2], strict=False):
        status = programme.pull(at, raw_rows(day, columns, mode))
        place.write_text(f"{at:%Y-%m-%dT%H%MZ}", text_of(day))
        assert place.run("pull").status == EXIT[status]
        if status == "held":
            programme.approve(programme.pull_at(at))
            place.done("pulls", "approve", str(len(programme.pulls)), "--reason", "as it is")
    shutil.rmtree(place.reports)
    return Start(settings, columns, copy.copy(programme.history), days[2], folder, stored(folder))


def settings_text(mode: Mode, columns: Mapping[str, str], product: str = "") -> str:
    mapped = "\n".join(f"{ours} = {json.dumps(theirs)}" for ours, theirs in columns.items())
    never = '[cases]\nlost_after_days = "never"\n'
    return f'mode = "{mode}"\n{product}\n[products.payments.columns]\n{mapped}\n{never}'


def raw_rows(sheet: Sheet, columns: Mapping[str, str], mode: Mode) -> list[RawRow]:
    """Rows under our names, as the naive model reads them; in presence mode a flag is just another column."""
    ours = {theirs: name for name, theirs in columns.items() if mode == "flag" or name != "is_product_enabled"}
    names = [ours.get(name, name) for name in sheet.header]
    return [dict(zip(names, row, strict=True)) for row in sheet.rows]


def text_of(sheet: Sheet) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([sheet.header, *sheet.rows])
    return stream.getvalue()


def sheet_of(text: str) -> Sheet:
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return Sheet(header, rows)


def _only_off(sheet: Sheet, flag: str) -> Sheet:
    place = sheet.header.index(flag)
    return Sheet(sheet.header, [row for row in sheet.rows if not read_flag(row[place])])


def _demo() -> tuple[dict[str, str], list[Sheet]]:
    columns = {
        "uid": "UID",
        "merchant_name": "Merchant",
        "csm_name": "CSM",
        "csm_email": "CSM email",
        "region": "Region",
        "gmv": "GMV",
        "revenue": "Revenue",
        "changed_at": "Status changed",
        "is_product_enabled": "is_product_enabled",
    }
    names = ("historical_data_set.csv", "day_2.csv", "day_3.csv")
    return columns, [sheet_of((DEMO / name).read_text(encoding="utf-8")) for name in names]


def _dotgov() -> tuple[dict[str, str], list[Sheet]]:
    """Some hundred domains of the real reports, those that changed in between among them."""
    columns = {
        "uid": "Domain name",
        "merchant_name": "Organization name",
        "region": "State",
        "csm_name": "Domain type",
        "is_product_enabled": "Has security contact",
    }
    dates = ("2025-06-01", "2025-06-13", "2025-06-29")
    days = [sheet_of(gzip.decompress((DOTGOV / f"dotgov_{date}.csv.gz").read_bytes()).decode()) for date in dates]
    by_domain = [{row[0]: tuple(row) for row in day.rows} for day in days]
    changed = [uid for uid in by_domain[0] if any(day.get(uid) != by_domain[0][uid] for day in by_domain)]
    chosen = {*sorted(changed)[:12], *sorted(by_domain[0])[::90]}
    return columns, [Sheet(day.header, [row for row in day.rows if row[0] in chosen]) for day in days]


def _made() -> tuple[dict[str, str], list[Sheet]]:
    """Odd spellings of flags, amounts and moments from the first day on."""
    rng = random.Random(3)
    merchants = [
        Merchant(
            uid=f"ü{number}",
            csm=(f"Csm {number % 3}", f"c{number % 3}@x.example"),
            region=("EMEA", "NA")[number % 2],
            gmv=990 * number,
            enabled=number % 4 > 0,
            present=True,
        )
        for number in range(120)
    ]
    days = []
    for at in DAYS:
        for merchant in rng.sample(merchants, 4):
            merchant.enabled = not merchant.enabled
        columns, rows = _without_blemishes(rng, merchants, at)
        days.append(Sheet(list(columns), [[row.get(name) or "" for name in columns] for row in rows]))
    return {name: name for name in columns if name not in ("segment", "Note")}, days


def _without_blemishes(
    rng: random.Random, merchants: list[Merchant], at: datetime
) -> tuple[tuple[str, ...], list[Mapping[str, str]]]:
    """One row for each, until chance makes no other."""
    while True:
        columns, rows = write_report(rng, Settings(), merchants, at)
        if len(rows) == len(merchants):
            return columns, list(rows)


_ORIGINS = {"demo": cache(_demo), "made": cache(_made), "dotgov": cache(_dotgov)}

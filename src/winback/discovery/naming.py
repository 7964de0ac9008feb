"""What a product and its report are called in the settings, from the name of one file."""

from __future__ import annotations

import datetime as dt
import glob
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from winback.discovery.names import unaccented
from winback.report.packed import PACKED
from winback.report.sources import date_in, with_date

# Further up a path is written as it is.
_UP = 2
_LONGEST = 40


def product_name(file_name: str) -> str:
    """Letters, digits, `_` and `-` only: `Zahlungen (Export) 2026-11-03.csv.gz` → `zahlungen_export`."""
    undated = (with_date(file_name) or file_name).replace("{date}", "_")
    stem = re.sub(rf"\.[A-Za-z0-9]+({'|'.join(map(re.escape, PACKED))})?$", "", undated, flags=re.IGNORECASE)
    name = re.sub(r"[^a-z0-9-]+", "_", unaccented(stem))
    return name[:_LONGEST].strip("_-") or "product"


def report_setting(report: Path, home: Path) -> str:
    """The setting `report` of a workspace in `home`: `{date}` in place of the only date in the file's name; seen from
    there if it is in it or near it."""
    path = report.absolute()
    dated = with_date(path.name)
    if dated and not glob.has_magic(dated) and date_in(path.name, ZoneInfo("UTC"), dt.time(0)):
        path = path.with_name(dated)
    seen = Path(os.path.relpath(path, home.absolute()))
    climbs = seen.parts.count("..")
    if climbs > _UP or climbs == len(home.absolute().parts) - 1:
        return path.as_posix()
    return f"./{seen.as_posix()}" if seen.parts[0].startswith("~") else seen.as_posix()

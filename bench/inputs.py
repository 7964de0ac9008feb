"""What is read: days of reports, made once each in one folder, and what is truly different between them."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import timed

GENERATE = Path(__file__).with_name("generate.py")
_COUNT = """
    select json_object(
        'churned', count(*) filter (a.is_product_enabled and not b.is_product_enabled),
        'won', count(*) filter (not a.is_product_enabled and b.is_product_enabled),
        'new', count(*) filter (a.uid is null),
        'missing', count(*) filter (b.uid is null),
        'changed', count(*) filter (
            a.uid is not null and b.uid is not null
            and (a.merchant_name, a.csm_name, a.csm_email, a.region, a.gmv, a.revenue)
            <> (b.merchant_name, b.csm_name, b.csm_email, b.region, b.gmv, b.revenue)
        )
    )
    from read_parquet('{folder}/day_1.parquet') as a full join read_parquet('{folder}/day_2.parquet') as b using (uid)
"""
# Of the reference input's first day, a day on which all accounts are enabled and a day on which all but these are not.
_STILL_ON = 2_000
_SWITCHED = """
    copy (
        select * replace ({flag} as is_product_enabled) from read_parquet('{folder}/day_1.parquet') order by uid
    ) to '{path}' (header)
"""


class Inputs:
    """Everything is computed in processes of their own: what this one holds would count as memory of those that it
    starts."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def empty(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.home))

    def copy_of(self, folder: Path) -> Callable[[], Path]:
        return lambda: Path(shutil.copytree(folder, self.empty(), dirs_exist_ok=True))

    def days(self, accounts: int) -> Path:
        """The folder of day_1 and day_2, each as .csv and .parquet."""
        folder = self.home / f"days_{accounts}"
        if not folder.exists():
            timed([sys.executable, str(GENERATE), str(accounts), str(folder)], self.home)
        return folder

    def counts(self, accounts: int) -> dict[str, int]:
        """What any comparison of the two days has to find."""
        path = self.days(accounts) / "counts.json"
        if not path.exists():
            query = _COUNT.format(folder=path.parent)
            self._duckdb(f"copy ({query}) to '{path}' (format csv, header false, quote '', delimiter '\\t')")
        counted: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
        return counted

    def switched_off(self, accounts: int) -> tuple[Path, Path]:
        """A report with all enabled, and one in which `accounts` are not any more."""
        folder = self.days(accounts + _STILL_ON)
        on, off = folder / "all_on.csv", folder / "most_off.csv"
        for path, flag in ((on, "true"), (off, f"row_number() over (order by hash(uid)) <= {_STILL_ON}")):
            if not path.exists():
                self._duckdb(_SWITCHED.format(flag=flag, folder=folder, path=path))
        return on, off

    def dated(self, accounts: int, reports: int) -> str:
        """The two days in turn, under the dates of consecutive days: their pattern."""
        days = self.days(accounts)
        for number in range(reports):
            path = days / f"report_2026{1 + number // 28:02}{1 + number % 28:02}.csv"
            if not path.exists():
                path.hardlink_to(days / f"day_{1 + number % 2}.csv")
        return str(days / "report_{date}.csv")

    def _duckdb(self, statement: str) -> None:
        timed([sys.executable, "-c", f"import duckdb; duckdb.sql({statement!r})"], self.home)

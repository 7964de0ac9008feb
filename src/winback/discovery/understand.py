"""From an unknown report to the product that pulls it, tried on the report itself."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from winback.core import guard
from winback.discovery import doubts
from winback.discovery.fill_in import fill_in
from winback.discovery.guess import Guess, guess_columns
from winback.discovery.mode import decide_mode
from winback.discovery.money import decimal_of
from winback.discovery.names import is_list
from winback.discovery.naming import product_name, report_setting
from winback.discovery.profile import Column, Profiler
from winback.errors import ReportRefused
from winback.report.check import Checked, check_report
from winback.report.engine.duckdb import DuckDB
from winback.report.reading import open_report, understood
from winback.report.sources import Source
from winback.settings import FILE_NAME, Columns, Product

if TYPE_CHECKING:
    from winback.report.engine import Engine, Row

SHOWN = (
    "uid",
    "merchant_name",
    "csm_name",
    "csm_email",
    "region",
    "gmv",
    "revenue",
    "is_product_enabled",
    "changed_at",
)
_UTC = "UTC"
_UNKNOWN = Product(name="unknown", decimal=",")


@dataclass(frozen=True)
class Tried:
    """The report as the settings read it. `rejected`: reason → rows; `findings`: why a guard would hold it; `sample`:
    the first five accounts, columns as in SHOWN."""

    checked: Checked
    rejected: dict[str, int]
    enabled: int
    findings: tuple[str, ...]
    sample: list[Row]


@dataclass(frozen=True)
class Understanding:
    """What an unknown report is. `product`: the settings that pull it; `doubts`: what a person should look at, in
    sentences."""

    report: Path
    form: str
    columns: tuple[Column, ...]
    guess: Guess
    product: Product
    tried: Tried | None
    doubts: tuple[str, ...]

    @property
    def settings(self) -> str:
        """The text of winback.toml, for `make_workspace`."""
        return fill_in(resources.files("winback").joinpath(FILE_NAME).read_text(encoding="utf-8"), self)


def understand_report(report: str | Path, home: str | Path = ".") -> Understanding:
    """Reads a report of which nothing is known; `home`: the folder of the workspace to be. Raises ReportRefused
    where it is no report, or has no column that could be the UID."""
    path = _file_of(str(report))
    with tempfile.TemporaryDirectory() as folder, DuckDB([path], Path(folder)) as engine:
        return _understand(engine, Source(path), Path(home), Path(folder))


def _file_of(report: str) -> Path:
    if "://" in report:
        raise ReportRefused(
            "--from reads a file: save what the query or the bucket gives as one, or write the report's address into"
            " winback.toml yourself"
        )
    path = Path(report)
    if not path.is_file():
        found = "a folder" if path.is_dir() else "nothing"
        raise ReportRefused(f"--from expects a report's file, found {found} at {report}")
    return path


def _understand(engine: Engine, source: Source, home: Path, folder: Path) -> Understanding:
    listed = is_list(source.path.name)
    profiler, columns = understood(source, _UNKNOWN, lambda: _profile(engine, source, folder))
    if not profiler.rows:
        raise ReportRefused(f"{source.path.name} has a header and no rows: expected at least one account")
    guess = understood(
        source, _UNKNOWN, lambda: guess_columns(columns, lambda column: profiler.keys(column.place), is_list=listed)
    )
    if "uid" not in guess.columns:
        raise ReportRefused(f"{source.path.name}: {doubts.no_uid(columns)}; a report has one row for each account")
    mode = decide_mode(guess, columns, is_list=listed)
    product = Product(
        name=product_name(source.path.name),
        report=report_setting(source.path, home),
        mode=mode.name,
        decimal=decimal_of(guess),
        columns=Columns(**{ours: (found.column.name,) for ours, found in guess.columns.items()}),
    )
    form = source.form
    sentences = [*doubts.of_columns(columns, guess, mode, product), *doubts.of_decimal(guess, product)]
    if mode.name == "flag" and "is_product_enabled" not in guess.columns:
        return Understanding(source.path, form, columns, guess, product, None, tuple(sentences))
    tried = _try(engine, source, product, folder)
    sentences += doubts.of_trial(tried, guess, product)
    return Understanding(source.path, form, columns, guess, product, tried, tuple(sentences))


def _profile(engine: Engine, source: Source, folder: Path) -> tuple[Profiler, tuple[Column, ...]]:
    profiler = Profiler(engine, open_report(engine.reader, source, _UNKNOWN, folder))
    return profiler, tuple(profiler.columns())


def _try(engine: Engine, source: Source, product: Product, folder: Path) -> Tried:
    checked = check_report(engine, source, product, _UTC, folder)
    rejected = engine.fetch(
        "select reason, count(*) from checked where reason is not null group by reason order by reason"
    )
    ((enabled,),) = engine.fetch("select count(*) from checked where reason is null and is_product_enabled")
    columns = ", ".join(SHOWN)
    return Tried(
        checked=checked,
        rejected=dict(rejected),
        enabled=enabled,
        findings=tuple(
            str(finding)
            for finding in guard.judge_reading(checked.rows, checked.accepted, checked.rejected, product.guard)
        ),
        sample=engine.fetch(f"select {columns} from checked where reason is null limit 5"),
    )

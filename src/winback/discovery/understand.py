"""From an unknown report to the product that pulls it, tried on the report itself."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from winback.core import guard
from winback.discovery import doubts, form
from winback.discovery.fill_in import fill_in
from winback.discovery.guess import Guess, guess_columns
from winback.discovery.mode import decide_mode
from winback.discovery.money import decimal_of, one_currency
from winback.discovery.names import is_list
from winback.discovery.naming import product_name, report_setting
from winback.discovery.profile import Column, Profiler
from winback.errors import ReportRefused
from winback.report.check import Checked, check_report, plainly_named
from winback.report.engine.duckdb import DuckDB
from winback.report.reading import OpenedReport, open_report, understood
from winback.report.recognise import recognise
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
    five accounts, columns as in SHOWN."""

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
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError as error:
        raise ReportRefused("the report's path is not UTF-8, and can't stand in winback.toml: rename it") from error
    return path


def _understand(engine: DuckDB, source: Source, home: Path, folder: Path) -> Understanding:
    is_listing = is_list(source.path.name)
    opened = _open_unknown(engine, source, folder)
    profiler, columns = understood(source, opened.unknown, lambda: _profile(engine, opened.report))
    if not profiler.rows:
        raise ReportRefused(f"{source.path.name} has a header and no rows: expected at least one account")
    guess = guess_columns(columns, lambda column: profiler.keys(column.place), is_list=is_listing)
    if "uid" not in guess.columns:
        raise ReportRefused(f"{source.path.name}: {doubts.no_uid(columns)}; a report has one row for each account")
    mode = decide_mode(guess, columns, is_list=is_listing)
    if mode.name == "presence":
        guess = guess.without_flag()
    product = msgspec.structs.replace(
        opened.unknown,
        report=report_setting(source.path, home),
        mode=mode.name,
        decimal=decimal_of(guess),
        filter=one_currency(guess),
        columns=Columns(**{ours: (found.column.name,) for ours, found in guess.columns.items()}),
    )
    sentences = [
        *doubts.of_columns(columns, guess, mode, product),
        *doubts.of_encoding(product.encoding),
        *doubts.of_decimal(guess, product),
        *doubts.of_currencies(guess, product),
    ]
    needs_flag = mode.name == "flag" and "is_product_enabled" not in guess.columns
    tried = None if needs_flag else _try(engine, source, product, folder)
    sentences += doubts.of_trial(tried, guess, product) if tried else []
    return Understanding(source.path, opened.form, columns, guess, product, tried, tuple(sentences))


class _Unknown(NamedTuple):
    """A report that is open; the settings with which it is, its form in words."""

    report: OpenedReport
    unknown: Product
    form: str


def _open_unknown(engine: DuckDB, source: Source, folder: Path) -> _Unknown:
    """With the decimal comma, see Profiler."""
    unknown = Product(name=product_name(source.path.name), decimal=",", encoding=form.encoding_of(source))
    anew = folder / "unknown"
    anew.mkdir()
    source = plainly_named(source, anew)
    found = recognise(source, unknown)
    form.refuse_titles(found, source)
    told = {"delimiter": form.delimiter_of(found, source.form), "sheet": form.sheet_of(found)}
    unknown = msgspec.structs.replace(unknown, **told)
    return _Unknown(open_report(engine, source, unknown, anew), unknown, form.describe(found, source))


def _profile(engine: DuckDB, opened: OpenedReport) -> tuple[Profiler, tuple[Column, ...]]:
    profiler = Profiler(engine, opened)
    return profiler, tuple(profiler.columns())


def _try(engine: Engine, source: Source, product: Product, folder: Path) -> Tried:
    checked = check_report(engine, source, product, _UTC, folder)
    rejected = engine.fetch("select reason, count(*) from met where reason is not null group by reason order by reason")
    ((enabled,),) = engine.fetch("select count(*) from met where reason is null and is_product_enabled")
    columns = ", ".join(SHOWN)
    return Tried(
        checked=checked,
        rejected=dict(rejected),
        enabled=enabled,
        findings=tuple(
            str(finding)
            for finding in guard.judge_reading(checked.rows, checked.accepted, checked.rejected, product.guard)
        ),
        sample=engine.fetch(f"select {columns} from met where reason is null order by uid limit 5"),
    )

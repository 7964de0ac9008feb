"""Two reports compared, without a workspace: what churned, what was won, what came and went."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from winback.errors import UsageError
from winback.faults import plainly
from winback.report.check import Checked, check_report, check_table
from winback.report.compare import Comparison
from winback.report.engine.duckdb import DuckDB
from winback.report.history import Kept
from winback.report.sources import Source, find_report
from winback.report.statements import statement
from winback.settings import Columns, Product

if TYPE_CHECKING:
    from typing import TypeAlias

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    Report: TypeAlias = "str | Path | pa.Table | pd.DataFrame | pl.DataFrame"

_BEFORE, _AFTER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2000, 1, 2, tzinfo=dt.UTC)


@plainly
def compare(
    before: Report,
    after: Report,
    *,
    columns: Mapping[str, str] | None = None,
    mode: Literal["flag", "presence"] = "flag",
    vanished: Literal["keep", "churn"] = "keep",
    decimal: Literal[".", ","] = ".",
) -> pa.Table:
    """The accounts that differ between two reports (rules.md §2), as Arrow, in order of UID.

    Each report is a path (of any form), an Arrow table, or a pandas or Polars frame. `columns`: our
    name → the report's, such as `{"uid": "Account ID"}`; what is missing is looked for under our name. The result
    has the columns uid, change (`churn`, `win`, `new`, `missing`), merchant_name, csm_name, csm_email, region
    (before the change), gmv_before, gmv_after, revenue_before, revenue_after (decimal), enabled_before,
    enabled_after. Rejected rows are left out as rules.md R3.4 says. Raises ReportRefused for a report that can't be
    read or lacks a column.
    """
    product = _product(columns or {}, mode, vanished, decimal)
    with tempfile.TemporaryDirectory(prefix="winback-") as name:
        folder = Path(name)
        with _engine_for(before, folder) as engine:
            earlier = _check(engine, before, product, folder / "before")
        history = Kept(_BEFORE, earlier.met.report_file)
        with _engine_for(after, folder) as engine:
            later = _check(engine, after, product, folder / "after", history)
            Comparison(later.met, product, _AFTER)
            return engine.arrow(statement("compared"))


def _product(columns: Mapping[str, str], mode: Any, vanished: Any, decimal: Any) -> Product:
    _refuse_unless("mode", mode, ("flag", "presence"))
    _refuse_unless("vanished", vanished, ("keep", "churn"))
    _refuse_unless("decimal", decimal, (".", ","))
    known = Columns.__struct_fields__
    if unknown := sorted(set(columns) - set(known)):
        raise UsageError(f"columns: {unknown[0]!r} is not one of {', '.join(known)}")
    named: dict[str, Any] = {ours: (theirs,) for ours, theirs in columns.items()}
    return Product(name="report", mode=mode, vanished=vanished, decimal=decimal, columns=Columns(**named))


def _refuse_unless(name: str, value: object, known: tuple[str, str]) -> None:
    if value not in known:
        raise UsageError(f'{name}: expected "{known[0]}" or "{known[1]}", found {value!r}')


def _engine_for(report: Report, folder: Path) -> DuckDB:
    return DuckDB([*_source(report).files, folder] if isinstance(report, (str, Path)) else [folder], folder)


def _source(path: str | Path) -> Source:
    return find_report(str(path), ZoneInfo("UTC"), dt.time(0))


def _check(engine: DuckDB, report: Report, product: Product, folder: Path, history: Kept | None = None) -> Checked:
    folder.mkdir()
    if isinstance(report, (str, Path)):
        return check_report(engine, _source(report), product, "UTC", folder, history)
    return check_table(engine, _arrow(report), product, "UTC", folder, history)


def _arrow(frame: Any) -> pa.Table:
    """Arrow as it is; Polars brings its own way, and pandas is read by its types."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (AttributeError, TypeError, pa.ArrowException) as error:
        raise UsageError(
            f"expected a path, an Arrow table, a pandas or a Polars frame; {type(frame).__name__}: {error}"
        ) from error

"""Every table of interface.md behind one function, wherever it is kept: database, history or rejected rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback import kept
from winback.core.moments import format_moment, from_micros
from winback.errors import UsageError, WinbackError
from winback.parameters import parameters
from winback.report import history
from winback.report.engine import Row
from winback.report.engine.duckdb import DuckDB
from winback.report.statements import identifier, literal, parquet
from winback.store import tables as stored
from winback.store.models import Pull

if TYPE_CHECKING:
    from winback.settings import Settings

_HISTORY = stored.columns(
    "product uid merchant_name csm_name csm_email region gmv:money revenue:money is_product_enabled:flag"
    " in_last_report:flag"
    " last_seen_at:moment"
)
_REPORT = stored.columns(
    "product uid merchant_name csm_name csm_email region gmv:money revenue:money is_product_enabled:flag"
    " changed_at:moment"
)
REJECTED = stored.columns("pull_id:count product line:count reason uid content")
_OF_A_PULL = ("report", "rejected")
NAMES = ("history", "report", *stored.TABLES, "rejected")


@dataclass(frozen=True)
class Query:
    """Which rows of a table: at a moment, of a product, region and CSM (name or e-mail); `pull`: of one pull;
    `uncontacted_for`: accounts at risk for at least so long, whom nobody has contacted since."""

    at: dt.datetime
    product: str | None = None
    region: str | None = None
    csm: str | None = None
    pull: int | None = None
    uncontacted_for: dt.timedelta | None = None


@dataclass(frozen=True)
class Table:
    """Columns with their kinds (see store/tables.py), and rows some thousands at a time."""

    columns: stored.Columns
    batches: Iterator[list[Row]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]


def values_of(settings: Settings, query: Query) -> dict[str, object]:
    return parameters(settings, query.at, query.product, query.region, query.csm, query.uncontacted_for)


def read_table(settings: Settings, name: str, query: Query) -> Table:
    if query.pull is not None and name in NAMES and name not in _OF_A_PULL:
        raise UsageError(f"--pull is for the tables {' and '.join(_OF_A_PULL)}, not for {name}")
    if query.uncontacted_for is not None and name != "at_risk":
        raise UsageError(f"--uncontacted-for is for the table at_risk, not for {name}")
    if name == "history":
        return _history(settings, query)
    if name == "report":
        return _report(settings, query)
    if name == "rejected":
        return Table(REJECTED, _rejected(settings, query))
    if name not in stored.TABLES:
        raise UsageError(f'there is no table "{name}"; there are: {", ".join(NAMES)}')
    return Table(stored.TABLES[name], stored.table_batches(name, values_of(settings, query)))


def _history(settings: Settings, query: Query) -> Table:
    """Every account ever reported, as the last applied pull not later than the moment left it."""
    engine = DuckDB([settings.data_path])
    found = [product for product in _products(settings, query) if _see_history(engine, settings, product, query.at)]
    others = sorted({name for product in found for name in history.other_columns(engine, _view(product))})
    newest = {name: place for product in found for place, name in enumerate(_newest_columns(product, query.at))}
    others.sort(key=lambda name: newest.get(name, len(newest)))
    where = _where(query)

    def batches() -> Iterator[list[Row]]:
        with engine:
            for product in found:
                for batch in history.history_rows(engine, _view(product), others, where):
                    yield [(product, *row[:9], from_micros(row[9]), *row[10:]) for row in batch]

    return Table((*_HISTORY, *((name, "text") for name in others)), batches())


def _see_history(engine: DuckDB, settings: Settings, product: str, at: dt.datetime) -> bool:
    pull = kept.last_applied(product, until=at)
    if pull is not None and pull.report_file is None:
        oldest = Pull.objects.filter(product=product, status="applied").exclude(report_file=None).order_by("at").first()
        raise WinbackError(
            f"the history of {product} is kept back to {format_moment(oldest.at) if oldest else 'no moment'}, not to"
            f" {format_moment(at)}"
        )
    history.see_history(engine, _view(product), kept.verified_history(settings, pull))
    return pull is not None


def _view(product: str) -> str:
    return identifier(f"history of {product}")


def _newest_columns(product: str, at: dt.datetime) -> list[str]:
    pull = kept.last_applied(product, until=at)
    return list(pull.other_columns) if pull else []


def _report(settings: Settings, query: Query) -> Table:
    """What one pull read, as understood; as far as it is kept."""
    if query.pull is None:
        raise UsageError("the table report is of one pull: name it with --pull ID; `winback pulls` lists them")
    pull = Pull.objects.filter(pk=query.pull).first()
    if pull is None:
        raise UsageError(f"there is no pull {query.pull}: `winback pulls` lists them")
    if pull.report_file is None:
        raise WinbackError(f"what pull {pull.pk} read is not kept any more")
    engine, others = DuckDB([settings.data_path]), list(pull.other_columns)
    kept.see_report(engine, settings, pull)

    def batches() -> Iterator[list[Row]]:
        with engine:
            columns = tuple(name for name, _ in _REPORT[1:])
            for batch in history.history_rows(engine, "report", others, f"reason is null and {_where(query)}", columns):
                yield [
                    (pull.product, *row[:8], row[8] if row[8] is None else from_micros(row[8]), *row[9:])
                    for row in batch
                ]

    return Table((*_REPORT, *((name, "text") for name in others)), batches())


def _rejected(settings: Settings, query: Query) -> Iterator[list[Row]]:
    """Rejected rows of every pull, the newest pull first; a rejected row has no region and no CSM to filter by."""
    pulls = Pull.objects.filter(at__lte=query.at).exclude(rejected_file=None).order_by("-at", "-pk")
    if query.product is not None:
        pulls = pulls.filter(product=query.product)
    if query.pull is not None:
        pulls = pulls.filter(pk=query.pull)
    for pull_id, product, file in pulls.values_list("pk", "product", "rejected_file"):
        with DuckDB([settings.data_path]) as engine:
            sql = f"select line, reason, uid, content from {parquet(settings.data_path / str(file))}"
            for batch in engine.stream(sql):
                yield [(pull_id, product, *row) for row in batch]


def _products(settings: Settings, query: Query) -> list[str]:
    if query.product is not None:
        return [query.product]
    return sorted({*settings.products, *Pull.objects.values_list("product", flat=True).distinct()})


def _where(query: Query) -> str:
    conditions = ["true"]
    if query.region is not None:
        conditions.append(f"coalesce(region, '') = {literal(query.region)}")
    if query.csm is not None:
        csm = literal(query.csm)
        nobody = f"({csm} = '' and csm_name is null and csm_email is null)"
        conditions.append(f"(csm_name = {csm} or lower(csm_email) = lower({csm}) or {nobody})")
    return " and ".join(conditions)

"""Every table of interface.md behind one function, wherever it is kept: database, history or rejected rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from winback import kept
from winback.core.holdout import WATCHED
from winback.core.moments import format_moment, from_micros, to_micros
from winback.errors import NotKept, UsageError
from winback.parameters import parameters
from winback.report import history
from winback.report.engine import Row
from winback.report.engine.duckdb import DuckDB
from winback.report.statements import identifier, literal, parquet
from winback.store import finding
from winback.store import tables as stored
from winback.store.accounts import hidden_uids
from winback.store.models import Pull
from winback.store.tables import Span

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
    `uncontacted_for`: accounts at risk for at least so long, whom nobody has contacted since; `uid`: of the history,
    one account; `seen_at`: without what CSMs must not see of at that moment (rules.md R6.6)."""

    at: dt.datetime
    product: str | None = None
    region: str | None = None
    csm: str | None = None
    pull: int | None = None
    uncontacted_for: dt.timedelta | None = None
    uid: str | None = None
    seen_at: dt.datetime | None = None


@dataclass(frozen=True)
class Table:
    """Columns with their kinds (see store/tables.py), and rows some thousands at a time."""

    columns: stored.Columns
    batches: Iterator[list[Row]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]


def values_of(settings: Settings, query: Query) -> dict[str, object]:
    given = parameters(settings, query.at, query.product, query.region, query.csm, query.uncontacted_for)
    return given | {"seen": None if query.seen_at is None else to_micros(query.seen_at - WATCHED)}


def values_of_figures(settings: Settings, query: Query) -> dict[str, object]:
    """The same for figures. Where nothing is hidden from CSMs, they ask what everybody asks, of which the answers are
    kept."""
    hides = query.seen_at is not None and any(hidden_uids(name, query.seen_at) for name in _products(settings, query))
    return values_of(settings, query if hides else replace(query, seen_at=None))


def read_table(settings: Settings, name: str, query: Query, span: Span | None = None) -> Table:
    """`span`: at most so many rows, after so many others; only these are read."""
    if query.pull is not None and name in NAMES and name not in _OF_A_PULL:
        raise UsageError(f"a pull is asked of the tables {' and '.join(_OF_A_PULL)}, not of {name}")
    if query.uncontacted_for is not None and name != "at_risk":
        raise UsageError(f"whom nobody has contacted is asked of the table at_risk, not of {name}")
    if name == "history":
        return _history(settings, query, span)
    if name == "report":
        return _report(settings, query, span)
    if name == "rejected":
        return Table(REJECTED, _rejected(settings, query, span))
    if name not in stored.TABLES:
        raise UsageError(f'there is no table "{name}"; there are: {", ".join(NAMES)}')
    return Table(stored.TABLES[name], _stored(settings, name, values_of(settings, query), span))


def _stored(settings: Settings, name: str, values: dict[str, object], span: Span | None) -> Iterator[list[Row]]:
    if span is not None and finding.has_parts(settings.data_path, name):
        return iter([finding.read_part(settings.data_path, name, values, span.limit, span.offset)])
    return stored.table_batches(name, values, span)


def _history(settings: Settings, query: Query, span: Span | None) -> Table:
    """Every account ever reported, as the last applied pull not later than the moment left it."""
    engine = DuckDB([settings.data_path])
    found = [product for product in _products(settings, query) if _see_history(engine, settings, product, query.at)]
    others = sorted({name for product in found for name in history.other_columns(engine, _view(product))})
    newest = {name: place for product in found for place, name in enumerate(_newest_columns(product, query.at))}
    others.sort(key=lambda name: newest.get(name, len(newest)))

    def batches() -> Iterator[list[Row]]:
        with engine:
            left = span
            for product in found:
                where = _where(query, product)
                for batch in history.history_rows(engine, _view(product), others, where, span=_sql_of(left)):
                    yield [(product, *row[:9], from_micros(row[9]), *row[10:]) for row in batch]
                left = left and _after(left, history.count(engine, _view(product), where))

    return Table((*_HISTORY, *((name, "text") for name in others)), batches())


def _see_history(engine: DuckDB, settings: Settings, product: str, at: dt.datetime) -> bool:
    pull = kept.last_applied(product, until=at)
    if pull is not None and pull.report_file is None:
        oldest = Pull.objects.filter(product=product, status="applied").exclude(report_file=None).order_by("at").first()
        raise NotKept(
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


def _report(settings: Settings, query: Query, span: Span | None) -> Table:
    """What one pull read, as understood; as far as it is kept."""
    if query.pull is None:
        raise UsageError("the table report is of one pull: say which, by the ID that `winback pulls` lists")
    pull = Pull.objects.filter(pk=query.pull).first()
    if pull is None:
        raise UsageError(f"there is no pull {query.pull}: `winback pulls` lists them")
    if pull.report_file is None:
        raise NotKept(f"what pull {pull.pk} read is not kept any more")
    engine, others = DuckDB([settings.data_path]), list(pull.other_columns)
    kept.see_report(engine, settings, pull)

    def batches() -> Iterator[list[Row]]:
        with engine:
            columns = tuple(name for name, _ in _REPORT[1:])
            where = f"reason is null and {_where(query, pull.product)}"
            for batch in history.history_rows(engine, "report", others, where, columns, _sql_of(span)):
                yield [
                    (pull.product, *row[:8], row[8] if row[8] is None else from_micros(row[8]), *row[9:])
                    for row in batch
                ]

    return Table((*_REPORT, *((name, "text") for name in others)), batches())


def _rejected(settings: Settings, query: Query, span: Span | None) -> Iterator[list[Row]]:
    """Rejected rows of every pull, the newest pull first; a rejected row has no region and no CSM to filter by."""
    pulls = Pull.objects.filter(at__lte=query.at).exclude(rejected_file=None).order_by("-at", "-pk")
    if query.product is not None:
        pulls = pulls.filter(product=query.product)
    if query.pull is not None:
        pulls = pulls.filter(pk=query.pull)
    left = span
    for pull_id, product, file, count in pulls.values_list("pk", "product", "rejected_file", "rejected"):
        if left is None or (left.limit > 0 and left.offset < count):
            with DuckDB([settings.data_path]) as engine:
                sql = f"select line, reason, uid, content from {parquet(settings.data_path / str(file))}{_sql_of(left)}"
                for batch in engine.stream(sql):
                    yield [(pull_id, product, *row) for row in batch]
        left = left and _after(left, count)


def _sql_of(span: Span | None) -> str:
    return "" if span is None else f" limit {span.limit} offset {span.offset}"


def _after(span: Span, count: int) -> Span:
    """What is left of it once so many rows were gone through."""
    return Span(max(0, span.limit - max(0, count - span.offset)), max(0, span.offset - count))


def _products(settings: Settings, query: Query) -> list[str]:
    if query.product is not None:
        return [query.product]
    return sorted({*settings.products, *Pull.objects.values_list("product", flat=True).distinct()})


def _where(query: Query, product: str) -> str:
    """Of the rows of a history or a report."""
    conditions = ["true"] if query.uid is None else [f"uid = {literal(query.uid)}"]
    if query.region is not None:
        conditions.append(f"coalesce(region, '') = {literal(query.region)}")
    if query.csm is not None:
        csm = literal(query.csm)
        nobody = f"({csm} = '' and csm_name is null and csm_email is null)"
        conditions.append(f"(csm_name = {csm} or lower(csm_email) = lower({csm}) or {nobody})")
    if query.seen_at is not None and (hidden := hidden_uids(product, query.seen_at)):
        conditions.append(f"uid not in ({', '.join(map(literal, hidden))})")
    return " and ".join(conditions)

"""The KPI document of interface.md (rules.md §7): figures at a moment, or of a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winback.store import impact, times, usefulness, verdicts
from winback.store.columns import Column, Columns
from winback.store.csms import by_csm, read_shares
from winback.store.cube import LIMITS, Cell, Document, Sum, figure, money, of_kind, read_cube, total
from winback.store.database import Row

_WINS = ("win_back", "new_adoption")
# Figure → what is counted in it: kind, credit, and whether by a lost claim (None: either way).
_CREDITS: dict[str, tuple[str, str, bool | None]] = {
    "csm_true_wins": ("win_back", "csm", None),
    "assisted_wins": ("win_back", "assisted", None),
    "self_service_wins": ("win_back", "self_service", None),
    "csm_losses": ("churned", "csm", None),
    "csm_true_losses": ("churned", "csm", True),
    "self_service_losses": ("churned", "self_service", None),
}


def kpis(columns: Columns, values: dict[str, object]) -> Document:
    """Everything that follows from the episodes at a moment; `values` as for the tables."""
    columns.make(values | LIMITS, "judged", "newest", "cells", "engaged")
    cells, spans = read_cube(columns, values), times.read_times(columns, values)
    judged, answers = verdicts.read_verdicts(columns, values), usefulness.read_answers(columns, values)
    won_back = of_kind(cells, "win_back")
    by_csms = total(cell.sum for cell in won_back if cell.credit == "csm")
    return {
        "at_risk": figure(of_kind(cells, "at_risk")),
        "churned": figure(of_kind(cells, "churned")),
        "won": {
            "win_backs": sum(cell.sum.accounts for cell in won_back),
            "new_adoptions": sum(cell.sum.accounts for cell in of_kind(cells, "new_adoption")),
            **figure(of_kind(cells, *_WINS)),
        },
        "recovered": {"by_region": _by_region(won_back), "csm_revenue": money(by_csms.revenue), **figure(won_back)},
        "credit": {name: figure(_credited(cells, *of)) for name, of in _CREDITS.items()},
        "claims": verdicts.document(cells, judged),
        **dict(times.document(spans)),
        "usefulness": usefulness.document(answers),
        "by_csm": by_csm(read_shares(columns, values), spans, judged, answers),
        "impact": impact.headline(columns, values),
    }


def flows(columns: Columns, periods: Sequence[dict[str, object]]) -> list[Document]:
    """What happened in periods that follow each other (rules.md R7.7), with the credit of win-backs and losses.
    `periods`: of each the values as for the tables, `from`, and `now`."""
    begins = [period["from"] for period in periods]
    asked = periods[-1] | {"from": begins[0], "periods": begins, "many": len(periods)}
    # Of cases with turns there is a row for each period that something happened in: it has the moment.
    of_each = asked | {"at": Column("asked_at")}
    with columns.asked() as moved:
        rows = moved.rows("flows_at_once", asked)
        moved.make(asked, "periods", "movements", "moved_claims", "moved_cases")
        moved.make(of_each, "judged", "newest")
        rows += moved.rows("flows", of_each)
    found: list[list[Row]] = [[] for _ in periods]
    for number, *row in rows:
        found[number].append(tuple(row))
    return [_of_period(rows) for rows in found]


def _of_period(rows: Iterable[Row]) -> Document:
    found = [(kind, credit, claim == "lost", Sum(*sums)) for kind, credit, claim, *sums in rows]
    kinds = ("churns", "win_backs", "new_adoptions", "losses", "rechurned")
    sums = {name: total(part for kind, _, _, part in found if kind == name) for name in kinds}
    document = {name: sums[name].document() for name in kinds[:-1]}
    document["win_backs"]["rechurned"] = sums["rechurned"].document()
    moved = {"win_back": "win_backs", "churned": "losses"}
    credit = {
        name: total(
            part
            for of, by, by_claim, part in found
            if (of, by) == (moved[kind], wanted) and claimed in (None, by_claim)
        )
        for name, (kind, wanted, claimed) in _CREDITS.items()
    }
    recovered: Sum = credit["csm_true_wins"]
    return {
        **document,
        "credit": {name: part.document() for name, part in credit.items()},
        "csm_revenue": money(recovered.revenue),
    }


def _credited(cells: Iterable[Cell], kind: str, credit: str, by_claim: bool | None) -> list[Cell]:
    found = [cell for cell in cells if (cell.kind, cell.credit) == (kind, credit)]
    return found if by_claim is None else [cell for cell in found if (cell.claim == "lost") is by_claim]


def _by_region(cells: list[Cell]) -> Document:
    regions: dict[str, int] = {}
    for cell in cells:
        regions[cell.region] = regions.get(cell.region, 0) + cell.sum.revenue
    return {region: money(regions[region]) for region in sorted(regions)}

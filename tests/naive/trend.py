"""A trend: the totals of R7.1 at moments that are days of 24 hours apart, each asked for by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from .episodes import Filter, Programmes
from .figures import Document, choose, format_moment, sums
from .kpis import heading, of_product


def trend(programmes: Programmes, at: datetime, where: Filter, product: str | None, days: int) -> Document:
    named = of_product(programmes, product)
    moments = [at - timedelta(hours=24 * before) for before in range(days, -1, -1)]
    found = [{"at": format_moment(moment), **totals(named, moment, where)} for moment in moments]
    return {"at": format_moment(at), **heading(where, product), "days": found}


def totals(programmes: Programmes, at: datetime, where: Filter) -> Document:
    chosen = choose(programmes, at, where)
    recovered = [case.frozen for case in chosen.win_backs]
    return {
        "at_risk": sums([case.frozen for case in chosen.at_risk]),
        "churned": sums([case.frozen for _, case in chosen.lost]),
        "won": sums([*recovered, *(adoption.frozen for adoption in chosen.new_adoptions)]),
        "recovered": sums(recovered),
    }

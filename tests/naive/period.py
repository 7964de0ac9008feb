"""The KPIs of a period [start, end) (rules.md R7.7): over all episodes, not over the latest alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from .episodes import EVERYONE, Filter, Programmes, valid_cases
from .kpis import Document, format_moment, heading, of_product, sums
from .programme import Programme
from .records import Case, lost_at

MICROSECOND = timedelta(microseconds=1)


def period_kpis(
    programmes: Programmes,
    start: datetime,
    end: datetime,
    where: Filter = EVERYONE,
    product: str | None = None,
    now: datetime | None = None,
) -> Document:
    """The owner is that of the last moment of the period; `rechurned`: whose account churned again up to `now`.

    Nothing happens after `now`; None is a `now` far in the future.
    """
    named = of_product(programmes, product)
    last = end - MICROSECOND if now is None else min(now, end - MICROSECOND)
    cases = [
        (programme, case)
        for programme in named
        for case in valid_cases(programme, last)
        if where.keeps_episode(case, last)
    ]
    adoptions = [
        adoption for programme in named for adoption in programme.adoptions if where.keeps_episode(adoption, last)
    ]

    def lies_in(moment: datetime | None) -> bool:
        return moment is not None and start <= moment <= last

    won = [(programme, case) for programme, case in cases if lies_in(case.readopted_at)]
    again = [case.frozen for programme, case in won if _churned_again(programme, case, now)]
    lost = [case.frozen for of, case in cases if lies_in(lost_at(case, last, of.settings))]
    return {
        "from": format_moment(start),
        "to": format_moment(end),
        **heading(where, product),
        "churns": sums([case.frozen for _, case in cases if lies_in(case.churned_at)]),
        "win_backs": {**sums([case.frozen for _, case in won]), "rechurned": sums(again)},
        "new_adoptions": sums([adoption.frozen for adoption in adoptions if lies_in(adoption.won_at)]),
        "losses": sums(lost),
    }


def _churned_again(programme: Programme, case: Case, now: datetime | None) -> bool:
    later = programme.cases[programme.cases.index(case) + 1 :]
    again = [other for other in later if other.uid == case.uid and not other.is_void]
    return any(now is None or other.churned_at <= now for other in again)

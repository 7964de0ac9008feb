"""The KPIs of a period [start, end) (rules.md R7.7): over all episodes, not over the latest alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .credit import Credit, loss_credit, win_credit
from .episodes import EVERYONE, Filter, Programmes, valid_cases
from .figures import Document, format_moment, format_money, sums, total
from .kpis import heading, of_product
from .programme import Programme
from .records import Case, lost_at

MICROSECOND = timedelta(microseconds=1)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def period_kpis(
    programmes: Programmes,
    start: datetime,
    end: datetime,
    where: Filter = EVERYONE,
    product: str | None = None,
    now: datetime | None = None,
) -> Document:
    """The owner is that of the last moment of the period; `rechurned`: whose account churned again up to `now`. Credit
    of a win-back: by what is claimed up to `now`, of a loss as of the last moment.

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
    lost = [(of, case) for of, case in cases if lies_in(lost_at(case, last, of.settings))]
    until = max(now or FOR_EVER, last)
    credits = [(case, win_credit(case, last, until, of.settings)) for of, case in won]
    losses = [(case, loss_credit(case, last, of.settings)) for of, case in lost]
    return {
        "from": format_moment(start),
        "to": format_moment(end),
        **heading(where, product),
        "churns": sums([case.frozen for _, case in cases if lies_in(case.churned_at)]),
        "win_backs": {**sums([case.frozen for _, case in won]), "rechurned": sums(again)},
        "new_adoptions": sums([adoption.frozen for adoption in adoptions if lies_in(adoption.won_at)]),
        "losses": sums([case.frozen for _, case in lost]),
        "credit": {
            "csm_true_wins": _credited(credits, "csm"),
            "assisted_wins": _credited(credits, "assisted"),
            "self_service_wins": _credited(credits, "self_service"),
            "csm_losses": _credited(losses, "csm"),
            "csm_true_losses": _credited([each for each in losses if each[1] and each[1].by_claim], "csm"),
            "self_service_losses": _credited(losses, "self_service"),
        },
        "csm_revenue": format_money(
            total(case.frozen.revenue for case, by in credits if by is not None and by.kind == "csm")
        ),
    }


def _credited(found: list[tuple[Case, Credit | None]], kind: str) -> Document:
    return sums([case.frozen for case, by in found if by is not None and by.kind == kind])


def _churned_again(programme: Programme, case: Case, now: datetime | None) -> bool:
    later = programme.cases[programme.cases.index(case) + 1 :]
    again = [other for other in later if other.uid == case.uid and not other.is_void]
    return any(now is None or other.churned_at <= now for other in again)

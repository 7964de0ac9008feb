"""The KPI document of interface.md at a moment T (rules.md R7.1-R7.6)."""

from __future__ import annotations

from datetime import datetime

from .episodes import EVERYONE, Filter, Programmes
from .figures import (
    Document,
    Figure,
    by_region,
    choose,
    credited_revenue,
    credits,
    engagement,
    format_moment,
    lost_figures,
    measure,
    spread,
    won_figure,
)
from .impact import impact
from .people_kpis import by_csm, claims_document, ratings, usefulness
from .programme import Programme
from .records import turnover
from .settings import Settings


def kpis(
    programmes: Programmes,
    at: datetime,
    where: Filter = EVERYONE,
    product: str | None = None,
) -> Document:
    named = of_product(programmes, product)
    chosen = choose(named, at, where)
    lost = lost_figures(chosen)
    win_backs = [won_figure(case.frozen, case.readopted_at, at) for case in chosen.win_backs]
    adoptions = [won_figure(adoption.frozen, adoption.won_at, at) for adoption in chosen.new_adoptions]
    return {
        "at": format_moment(at),
        **heading(where, product),
        "at_risk": measure([Figure(case.frozen, at - case.churned_at) for case in chosen.at_risk]),
        "churned": measure(lost),
        "won": measure(win_backs + adoptions) | {"win_backs": len(win_backs), "new_adoptions": len(adoptions)},
        "recovered": {
            **measure(win_backs),
            "by_region": by_region(chosen.win_backs),
            "csm_revenue": credited_revenue(chosen),
        },
        "credit": credits(chosen),
        "claims": claims_document(named, chosen, where),
        "time_since_churn_hours": spread([at - case.churned_at for case in chosen.at_risk]),
        "turnover_hours": spread([time for case in chosen.win_backs if (time := turnover(case)) is not None]),
        "engage_hours": engagement(chosen),
        "usefulness": usefulness(ratings(named, at, where), named[0].settings if named else Settings()),
        "by_csm": by_csm(named, chosen, where),
        "impact": impact(named, at, where),
    }


def of_product(programmes: Programmes, product: str | None) -> list[Programme]:
    return [programme for programme in programmes if product in (None, programme.settings.product)]


def heading(where: Filter, product: str | None) -> Document:
    """Currency and period are those of the default settings."""
    asked: Document = {"product": product, "region": where.region, "csm": where.csm}
    return asked | {"currency": "USD", "revenue_period": "month"}

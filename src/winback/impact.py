"""What the programme achieved, as one document; docs/impact.md explains each of its figures."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from winback.core.moments import format_moment
from winback.core.money import EXACT, format_money, from_units
from winback.statistics import lift
from winback.statistics.curves import Curve
from winback.statistics.lift import Arm, Stratum
from winback.store import impact as stored
from winback.store import recoveries, remembered
from winback.store.columns import read_columns
from winback.store.recoveries import WITHIN, Cohort
from winback.tables import Query, values_of_figures

if TYPE_CHECKING:
    from winback.settings import Settings

Document = dict[str, Any]
# The days of which a curve tells in words; its steps have all.
CURVE_DAYS = (1, 3, 7, 14, 30, 60, 90)
_CENT = Decimal("0.01")


def impact_at(settings: Settings, query: Query) -> Document:
    values = values_of_figures(settings, query)
    with read_columns(settings.data_path) as columns:
        drawn, figures = stored.read_drawn(columns, values), remembered.kpis_beside(columns, values)
        curves = recoveries.read_curves(columns, values)
        cohorts = list(recoveries.read_cohorts(columns, values))
        lasting = recoveries.read_lasting(columns, values)
    return {
        "at": format_moment(query.at),
        "product": query.product,
        "region": query.region,
        "csm": query.csm,
        "currency": settings.workspace.currency,
        "revenue_period": settings.workspace.revenue_period,
        "impact": _comparison(drawn),
        "value": _value(drawn, figures),
        "curves": {
            "all": _curve(curves.everybody),
            "by_arm": {name: _curve(curve) for name, curve in curves.by_arm.items()},
            "by_region": {name: _curve(curve) for name, curve in curves.by_region.items()},
            "by_csm": [{"csm_name": name, "csm_email": email, **_curve(curve)} for name, email, curve in curves.by_csm],
        },
        "cohorts": [_cohort(each, settings, query.at) for each in cohorts],
        "still_enabled": {f"after_{days}_days": _lasting(*found) for days, found in lasting.items()},
        "usefulness": figures["usefulness"],
    }


def _comparison(drawn: stored.Drawn) -> Document:
    """That of the KPI document, and what it is made of."""
    told, held = lift.total(drawn.strata)
    return {
        **stored.summary(drawn),
        "method": lift.METHOD,
        "arms": {"messaged": _arm(told), "held_out": _arm(held)},
        "needed": _needed(drawn.strata, told, held),
        "first_cases": _first_cases(drawn.firsts),
    }


def _arm(arm: Arm) -> Document:
    return {"cases": arm.cases, "recovered": arm.recovered, "share": _share(arm.recovered, arm.cases)}


def _needed(strata: tuple[Stratum, ...], told: Arm, held: Arm) -> Document | None:
    """How many cases are planned for, and how many are still to come; none where there is nothing to compare."""
    if not strata or not 0 < strata[-1].share < 1:
        return None
    held_out, messaged = lift.needed(strata[-1].share)
    return {
        "holdout": held_out,
        "messaged": messaged,
        "holdout_missing": max(0, held_out - held.cases),
        "messaged_missing": max(0, messaged - told.cases),
    }


def _first_cases(strata: tuple[Stratum, ...]) -> Document:
    told, held = lift.total(strata)
    return {"holdout": held.cases, "messaged": told.cases, **stored.lifted(strata)}


def _value(drawn: stored.Drawn, figures: Document) -> Document:
    """Three answers to what was recovered. They are of different questions, and never added."""
    won, by_csms = figures["recovered"], figures["credit"]["csm_true_wins"]
    return {
        "observed": {"accounts": won["accounts"], "revenue": won["revenue"]},
        "verified": {"accounts": by_csms["accounts"], "revenue": by_csms["revenue"]},
        "incremental": _incremental(drawn),
    }


def _incremental(drawn: stored.Drawn) -> Document:
    """What the lift makes of the messaged cases and of their revenue; nothing while there are too few to say."""
    told, _ = lift.total(drawn.strata)
    found = lift.estimate(drawn.strata)
    of = {"cases": told.cases, "revenue": format_money(from_units(drawn.revenue))}
    if found is None or drawn.verdict in ("no holdout", "too few cases to say"):
        return {"accounts": None, "revenue": None, "low": None, "high": None, "of": of}
    shares = {"revenue": found.lift, "low": found.low, "high": found.high}
    worth = {name: format_money(_part(share, drawn.revenue)) for name, share in shares.items()}
    return {"accounts": round(found.lift * told.cases, 1), **worth, "of": of}


def _part(share: float, units: int) -> Decimal:
    """By the share as it is shown, so that whoever multiplies gets the same."""
    part = EXACT.multiply(Decimal(str(round(share, 4))), from_units(units))
    return part.quantize(_CENT, ROUND_HALF_UP, EXACT)


def _curve(curve: Curve) -> Document:
    return {
        "cases": curve.cases,
        "recovered": curve.recovered,
        "followed_days": curve.until,
        "median_days": curve.median,
        "by_day": {str(day): _rounded(curve.share_by(day)) for day in CURVE_DAYS},
        "steps": [
            {
                "day": step.day,
                "share": _rounded(step.share),
                "low": _rounded(step.low),
                "high": _rounded(step.high),
                "followed": step.followed,
            }
            for step in curve.steps
        ],
    }


def _cohort(cohort: Cohort, settings: Settings, at: dt.datetime) -> Document:
    """A share is told once every case of the week is old enough for it."""
    over = dt.datetime.combine(cohort.week + dt.timedelta(weeks=1), dt.time(), settings.tz)
    return {
        "week": cohort.week.isoformat(),
        "cases": cohort.cases,
        "recovered": cohort.back,
        **{
            f"within_{days}_days": _share(count, cohort.cases) if at >= over + dt.timedelta(days=days) else None
            for days, count in zip(WITHIN, cohort.within, strict=True)
        },
        "revenue": format_money(from_units(cohort.revenue)),
        "revenue_recovered": format_money(from_units(cohort.recovered)),
    }


def _lasting(win_backs: int, enabled: int) -> Document:
    return {"win_backs": win_backs, "enabled": enabled, "share": _share(enabled, win_backs)}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)

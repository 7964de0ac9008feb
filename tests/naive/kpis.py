"""The KPI document of interface.md at a moment T (rules.md R7.1-R7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import mean, median

from .episodes import EVERYONE, Filter, Programmes, latest_adoptions, latest_cases
from .impact import impact
from .programme import Programme
from .reading import Account
from .records import Adoption, Case, csm_key, lost_at, seen_at, turnover

Document = dict[str, object]
HOUR = timedelta(hours=1)
BANDS: list[tuple[str, timedelta]] = [
    ("L24HRS", 24 * HOUR),
    ("L48HRS", 48 * HOUR),
    ("L72HRS", 72 * HOUR),
    ("L30", timedelta(days=30)),
    ("L60", timedelta(days=60)),
    ("L90", timedelta(days=90)),
    ("L>90", timedelta.max),
]


@dataclass(frozen=True)
class Figure:
    """One account's part of a KPI, and how long ago its moment was."""

    frozen: Account
    elapsed: timedelta


def format_money(amount: Decimal | None) -> str | None:
    """At least two places, further ones only if not zero."""
    if amount is None:
        return None
    whole, places = f"{amount:.4f}".split(".")
    text = f"{whole}.{places[:2]}{places[2:].rstrip('0')}"
    return text.removeprefix("-") if amount == 0 else text


def format_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """A missing value adds nothing."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def sums(accounts: Sequence[Account]) -> Document:
    return {
        "accounts": len(accounts),
        "gmv": format_money(total(account.gmv for account in accounts)),
        "revenue": format_money(total(account.revenue for account in accounts)),
    }


def measure(figures: Sequence[Figure]) -> Document:
    """R7.2: each band is what lies between the one before and itself; `within` is all up to it."""
    by_time: Document = {}
    shorter = timedelta(-1)
    for name, longest in BANDS:
        in_band = [figure.frozen for figure in figures if shorter < figure.elapsed <= longest]
        within = [figure.frozen for figure in figures if figure.elapsed <= longest]
        by_time[name] = {**sums(in_band), "within": sums(within)}
        shorter = longest
    return {**sums([figure.frozen for figure in figures]), "by_time": by_time}


def spread(durations: Sequence[timedelta]) -> Document:
    if not durations:
        return {"count": 0, "median": None, "mean": None}
    in_hours = [duration / HOUR for duration in durations]
    return {"count": len(in_hours), "median": round(median(in_hours), 2), "mean": round(mean(in_hours), 2)}


@dataclass
class Chosen:
    """What the tables at T hold once filtered: the ground that every figure stands on."""

    at: datetime
    at_risk: list[Case]
    lost: list[tuple[Programme, Case]]
    win_backs: list[Case]
    new_adoptions: list[Adoption]

    @property
    def latest_cases(self) -> list[Case]:
        return self.at_risk + [case for _, case in self.lost] + self.win_backs


def choose(programmes: Programmes, at: datetime, where: Filter) -> Chosen:
    return Chosen(
        at,
        at_risk=[case for _, case in latest_cases(programmes, at, ("at_risk",), where)],
        lost=list(latest_cases(programmes, at, ("lost",), where)),
        win_backs=[case for _, case in latest_cases(programmes, at, ("won",), where)],
        new_adoptions=[adoption for _, adoption in latest_adoptions(programmes, at, where)],
    )


def kpis(
    programmes: Programmes,
    at: datetime,
    where: Filter = EVERYONE,
    product: str | None = None,
) -> Document:
    chosen = choose(of_product(programmes, product), at, where)
    lost = _lost_figures(chosen)
    win_backs = [_won_figure(case.frozen, case.readopted_at, at) for case in chosen.win_backs]
    adoptions = [_won_figure(adoption.frozen, adoption.won_at, at) for adoption in chosen.new_adoptions]
    return {
        "at": format_moment(at),
        **heading(where, product),
        "at_risk": measure([Figure(case.frozen, at - case.churned_at) for case in chosen.at_risk]),
        "churned": measure(lost),
        "won": measure(win_backs + adoptions) | {"win_backs": len(win_backs), "new_adoptions": len(adoptions)},
        "recovered": {**measure(win_backs), "by_region": _by_region(chosen.win_backs), "csm_revenue": "0.00"},
        "credit": _credit(win_backs, lost),
        "time_since_churn_hours": spread([at - case.churned_at for case in chosen.at_risk]),
        "turnover_hours": spread([time for case in chosen.win_backs if (time := turnover(case)) is not None]),
        "engage_hours": _engagement(chosen),
        "usefulness": {"answered": 0, "useful": 0},
        "by_csm": _by_csm(chosen),
        "impact": impact(of_product(programmes, product), at, where),
    }


def of_product(programmes: Programmes, product: str | None) -> list[Programme]:
    return [programme for programme in programmes if product in (None, programme.settings.product)]


def heading(where: Filter, product: str | None) -> Document:
    """Currency and period are those of the default settings."""
    asked: Document = {"product": product, "region": where.region, "csm": where.csm}
    return asked | {"currency": "USD", "revenue_period": "month"}


def _won_figure(frozen: Account, won_at: datetime | None, at: datetime) -> Figure:
    assert won_at is not None
    return Figure(frozen, at - won_at)


def _lost_figures(chosen: Chosen) -> list[Figure]:
    figures = []
    for programme, case in chosen.lost:
        moment = lost_at(case, chosen.at, programme.settings)
        assert moment is not None
        figures.append(Figure(case.frozen, chosen.at - moment))
    return figures


def _by_region(win_backs: list[Case]) -> Document:
    by_region: dict[str, list[Decimal | None]] = {}
    for case in win_backs:
        by_region.setdefault(case.frozen.region or "", []).append(case.frozen.revenue)
    return {region: format_money(total(revenues)) for region, revenues in sorted(by_region.items())}


def _credit(win_backs: list[Figure], lost: list[Figure]) -> Document:
    """Without claims and activity the accounts did it all themselves."""
    return {
        "csm_true_wins": measure([]),
        "assisted_wins": measure([]),
        "self_service_wins": measure(win_backs),
        "csm_losses": measure([]),
        "csm_true_losses": measure([]),
        "self_service_losses": measure(lost),
    }


def _engagement(chosen: Chosen) -> Document:
    """Nobody is engaged: a share is 0 among cases old enough, and unknown where there is none (R7.4)."""
    oldest = max((chosen.at - case.churned_at for case in chosen.latest_cases), default=timedelta(-1))
    shares = {f"within_{limit}h": 0.0 if oldest >= limit * HOUR else None for limit in (24, 48, 72)}
    return {**spread([]), **shares}


def _by_csm(chosen: Chosen) -> list[Document]:
    """A row for every CSM who owns the latest case of an account, at T or when it was re-adopted (R7.5)."""
    owners: dict[str, list[Account]] = {}
    for case in chosen.latest_cases:
        owner = seen_at(case, chosen.at)
        owners.setdefault(csm_key(owner), []).append(owner)
    return [_csm_row(key, owners[key], chosen) for key in sorted(owners)]


def _csm_row(key: str, spellings: list[Account], chosen: Chosen) -> Document:
    at_risk = [case for case in chosen.at_risk if csm_key(seen_at(case, chosen.at)) == key]
    win_backs = [case for case in chosen.win_backs if csm_key(seen_at(case, chosen.at)) == key]
    return {
        "csm_name": min(owner.csm_name or "" for owner in spellings),
        "csm_email": min((owner.csm_email for owner in spellings if owner.csm_email), default=None),
        "at_risk": len(at_risk),
        "gmv_at_risk": format_money(total(case.frozen.gmv for case in at_risk)),
        "csm_true_wins": 0,
        "assisted_wins": 0,
        "self_service_wins": len(win_backs),
        "csm_losses": 0,
        "csm_true_losses": 0,
        "revenue_recovered": "0.00",
        "claims": 0,
        "median_engage_hours": None,
        "answered": 0,
        "useful": 0,
    }

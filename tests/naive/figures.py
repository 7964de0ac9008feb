"""What figures are made of: sums, bands, times, credit (rules.md R7.1-R7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from statistics import mean, median

from .credit import Credit, credit, engaged, owner
from .episodes import Filter, Programmes, latest_adoptions, latest_cases
from .programme import Programme
from .reading import Account
from .records import Adoption, Case, key_of, lost_at

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
    latest: list[tuple[Programme, Case]]

    @property
    def latest_cases(self) -> list[Case]:
        return [case for _, case in self.latest]

    def credit(self, case: Case) -> Credit | None:
        return self._credits[id(case)]

    def owner_key(self, case: Case) -> str:
        return self._owner_keys[id(case)]

    @cached_property
    def _credits(self) -> dict[int, Credit | None]:
        return {id(case): credit(case, self.at, of.settings) for of, case in self.latest}

    @cached_property
    def _owner_keys(self) -> dict[int, str]:
        return {id(case): key_of(owner(case, self.at)) for case in self.latest_cases}


def choose(programmes: Programmes, at: datetime, where: Filter) -> Chosen:
    return Chosen(
        at,
        at_risk=[case for _, case in latest_cases(programmes, at, ("at_risk",), where)],
        lost=list(latest_cases(programmes, at, ("lost",), where)),
        win_backs=[case for _, case in latest_cases(programmes, at, ("won",), where)],
        new_adoptions=[adoption for _, adoption in latest_adoptions(programmes, at, where)],
        latest=list(latest_cases(programmes, at, ("at_risk", "lost", "won"), where)),
    )


def won_figure(frozen: Account, won_at: datetime | None, at: datetime) -> Figure:
    assert won_at is not None
    return Figure(frozen, at - won_at)


def lost_figures(chosen: Chosen) -> list[Figure]:
    figures = []
    for programme, case in chosen.lost:
        moment = lost_at(case, chosen.at, programme.settings)
        assert moment is not None
        figures.append(Figure(case.frozen, chosen.at - moment))
    return figures


def by_region(win_backs: list[Case]) -> Document:
    by_region: dict[str, list[Decimal | None]] = {}
    for case in win_backs:
        by_region.setdefault(case.frozen.region or "", []).append(case.frozen.revenue)
    return {region: format_money(total(revenues)) for region, revenues in sorted(by_region.items())}


def credits(chosen: Chosen) -> Document:
    won = [(chosen.credit(case), won_figure(case.frozen, case.readopted_at, chosen.at)) for case in chosen.win_backs]
    lost = [(chosen.credit(case), figure) for (_, case), figure in zip(chosen.lost, lost_figures(chosen), strict=True)]

    def of(found: list[tuple[Credit | None, Figure]], kind: str, by_claim: bool = False) -> Document:
        return measure([each for by, each in found if by and by.kind == kind and by.by_claim >= by_claim])

    return {
        "csm_true_wins": of(won, "csm"),
        "assisted_wins": of(won, "assisted"),
        "self_service_wins": of(won, "self_service"),
        "csm_losses": of(lost, "csm"),
        "csm_true_losses": of(lost, "csm", by_claim=True),
        "self_service_losses": of(lost, "self_service"),
    }


def credited_revenue(chosen: Chosen, key: str | None = None) -> str | None:
    """R7.3: of all CSMs, or of one."""
    found = [(chosen.credit(case), case.frozen.revenue) for case in chosen.win_backs]
    return format_money(
        total(revenue for by, revenue in found if by is not None and by.kind == "csm" and key in (None, key_of(by.csm)))
    )


def engagement(chosen: Chosen) -> Document:
    regions = sorted({case.frozen.region or "" for case in chosen.latest_cases})
    by_region = {
        region: time_to_engage(
            [(of, case) for of, case in chosen.latest if (case.frozen.region or "") == region], chosen.at
        )
        for region in regions
    }
    return {**time_to_engage(chosen.latest, chosen.at), "by_region": by_region}


def time_to_engage(cases: Sequence[tuple[Programme, Case]], at: datetime) -> Document:
    """R7.4: shares are among the cases that are old enough or engaged."""
    found = [(case, engaged(of, case, at)) for of, case in cases]
    done = [each for _, each in found if each is not None]
    document = spread([each.hours for each in done])
    for limit in (24, 48, 72):
        of = [each for case, each in found if each is not None or at - case.churned_at >= limit * HOUR]
        within = [each for each in of if each is not None and each.hours <= limit * HOUR]
        document[f"within_{limit}h"] = share(len(within), len(of))
    for name in ("working", "from_message", "working_from_message"):
        lengths = [getattr(each, name) for each in done]
        document[name] = spread([length for length in lengths if length is not None])
    return document


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

"""What the KPI document says of claims, answers and CSMs (rules.md R7.5, R7.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import median

from .answers import Claim, Csm, Rating
from .credit import engaged, local_date, newest_claim, owner, verdict
from .episodes import Filter
from .figures import HOUR, Chosen, Document, credited_revenue, format_money, share, sums, time_to_engage, total
from .programme import Programme
from .records import Case, key_of
from .settings import Settings


def claims_made(programmes: Iterable[Programme], at: datetime, where: Filter) -> list[tuple[Claim, str]]:
    """With their verdicts; those of void cases and without a case have none."""
    return [
        (claim, judged)
        for programme in programmes
        for case in programme.cases
        if case.churned_at <= at and where.keeps_episode(case, at)
        for claim in case.desk.claims_of(case)
        if claim.claimed_at <= at and (judged := verdict(claim, at, programme.settings)) is not None
    ]


def claims_document(programmes: Sequence[Programme], chosen: Chosen, where: Filter) -> Document:
    return {**_beside_recovered(chosen), **made(claims_made(programmes, chosen.at, where))}


def made(claims: Sequence[tuple[Claim, str]]) -> Document:
    won = Counter(judged for claim, judged in claims if claim.outcome == "won")
    lost = Counter(judged for claim, judged in claims if claim.outcome == "lost")
    return {
        "made": len(claims),
        "won": {judged: won[judged] for judged in ("true", "pending", "false")},
        "lost": {judged: lost[judged] for judged in ("true", "false")},
        "precision": share(won["true"], won["true"] + won["false"]),
    }


def _beside_recovered(chosen: Chosen) -> Document:
    newest = {id(case): newest_claim(case, chosen.at) for case in chosen.latest_cases}
    settings = {id(case): of.settings for of, case in chosen.latest}
    claimed = [case for case in chosen.latest_cases if (said := newest[id(case)]) and said.outcome == "won"]
    unclaimed = [case for case in chosen.latest_cases if case not in claimed]

    def way(cases: list[Case], is_back: bool) -> list[Case]:
        return [case for case in cases if (case in chosen.win_backs) is is_back]

    def is_pending(case: Case) -> bool:
        said = newest[id(case)]
        return said is not None and verdict(said, chosen.at, settings[id(case)]) == "pending"

    def frozen(cases: list[Case]) -> Document:
        return sums([case.frozen for case in cases])

    off = way(claimed, False)
    pending = [case for case in off if is_pending(case)]
    return {
        "claimed": {"recovered": frozen(way(claimed, True)), "not_recovered": frozen(off), "pending": frozen(pending)},
        "unclaimed": {"recovered": frozen(way(unclaimed, True)), "not_recovered": frozen(way(unclaimed, False))},
    }


# Answers to "was this useful?"


def ratings(programmes: Iterable[Programme], at: datetime, where: Filter) -> list[Rating]:
    return [
        rating
        for programme in programmes
        for note in programme.notifications
        if note.about in [*programme.cases, *programme.adoptions]
        if not (isinstance(note.about, Case) and (note.about.is_void or note.about.churned_at > at))
        if where.keeps_episode(note.about, at)
        for rating in note.ratings.values()
        if rating.answered_at <= at
    ]


def usefulness(found: Sequence[Rating], settings: Settings) -> Document:
    def by(key: Callable[[Rating], str]) -> dict[str, Document]:
        return {name: _answered([each for each in found if key(each) == name]) for name in sorted(set(map(key, found)))}

    by_author = by(lambda each: key_of(each.csm))
    return {
        **_answered(found),
        "by_stage": by(lambda each: each.notification.stage),
        "by_month": by(lambda each: f"{local_date(each.answered_at, settings):%Y-%m}"),
        "by_csm": [
            {**_spelled([each.csm for each in found if key_of(each.csm) == key]), **document}
            for key, document in by_author.items()
        ],
    }


def _answered(found: Sequence[Rating]) -> Document:
    useful = sum(each.useful for each in found)
    return {"answered": len(found), "useful": useful, "share": share(useful, len(found))}


def _spelled(csms: Sequence[Csm]) -> Document:
    return {
        "csm_name": min((name for name, _ in csms if name), default=""),
        "csm_email": min((email for _, email in csms if email), default=None),
    }


# By CSM


def by_csm(programmes: Sequence[Programme], chosen: Chosen, where: Filter) -> list[Document]:
    """A row for every CSM who owns the latest case of an account, at T or when it was re-adopted, or is credited."""
    spellings: dict[str, list[Csm]] = {}
    for case in chosen.latest_cases:
        credited = chosen.credit(case)
        for csm in [owner(case, chosen.at), *([credited.csm] if credited else [])]:
            spellings.setdefault(key_of(csm), []).append(csm)
    claims, answers = claims_made(programmes, chosen.at, where), ratings(programmes, chosen.at, where)
    return [
        {
            **_spelled(spellings[key]),
            **_credited(key, chosen),
            **_said(
                [each for each in claims if key_of(each[0].csm) == key],
                [each for each in answers if key_of(each.csm) == key],
            ),
        }
        for key in sorted(spellings)
    ]


def _credited(key: str, chosen: Chosen) -> Document:
    at_risk = [case for case in chosen.at_risk if chosen.owner_key(case) == key]
    wins = [by for case in chosen.win_backs if (by := chosen.credit(case)) and key_of(by.csm) == key]
    losses = [by for _, case in chosen.lost if (by := chosen.credit(case)) and key_of(by.csm) == key]
    own = [(of, case) for of, case in chosen.latest if chosen.owner_key(case) == key]
    times = [done.hours / HOUR for of, case in own if (done := engaged(of, case, chosen.at))]
    won, lost = Counter(by.kind for by in wins), Counter(by.kind for by in losses)
    return {
        "at_risk": len(at_risk),
        "gmv_at_risk": format_money(total(case.frozen.gmv for case in at_risk)),
        "csm_true_wins": won["csm"],
        "assisted_wins": won["assisted"],
        "self_service_wins": won["self_service"],
        "csm_losses": lost["csm"],
        "csm_true_losses": sum(by.by_claim for by in losses),
        "self_service_losses": lost["self_service"],
        "revenue_recovered": credited_revenue(chosen, key),
        "median_engage_hours": round(median(times), 2) if times else None,
        "engage_hours": time_to_engage(own, chosen.at),
    }


def _said(claims: Sequence[tuple[Claim, str]], answers: Sequence[Rating]) -> Document:
    found, answered = made(claims), _answered(answers)
    return {
        "claims": found["made"],
        "claims_won": found["won"],
        "claims_lost": found["lost"],
        "precision": found["precision"],
        "answered": answered["answered"],
        "useful": answered["useful"],
    }

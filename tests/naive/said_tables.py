"""The tables of what people said, at a moment T; filtered by its author."""

from __future__ import annotations

from datetime import datetime

from .answers import Claim, Csm
from .credit import verdict
from .episodes import EVERYONE, Filter, Programmes
from .programme import Programme
from .reading import Account

Row = dict[str, object]


def account(uid: str, csm: Csm) -> Account:
    """One of which nothing else is known."""
    return Account(uid, enabled=None, csm_name=csm[0], csm_email=csm[1])


def claims(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """Those without a case too, where their product may be one of these."""
    desk, products = programmes[0].desk, [one.settings.product for one in programmes]
    rows: list[Row] = []
    for claim in desk.claims:
        frozen = claim.case.frozen if claim.case else account(claim.uid, (None, None))
        author = account(claim.uid, claim.csm)
        if claim.claimed_at <= at and claim.product in (None, *products) and where.keeps(frozen, author):
            rows.append(_claim_row(claim, programmes[0], at))
    return rows


def _claim_row(claim: Claim, programme: Programme, at: datetime) -> Row:
    return {
        "product": claim.product,
        "uid": claim.uid,
        "case_id": None,
        "merchant_name": claim.case.frozen.merchant_name if claim.case else None,
        "csm_name": claim.csm[0],
        "outcome": claim.outcome,
        "reason": None,
        "note": None,
        "claimed_at": claim.claimed_at,
        "recorded_at": claim.recorded_at,
        "source": None,
        "verdict": verdict(claim, at, programme.settings),
    }


def feedback(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    return [
        {
            "product": programme.settings.product,
            "uid": note.about.uid,
            "case_id": None,
            "stage": note.stage,
            "csm_name": rating.csm[0],
            "useful": rating.useful,
            "answered_at": rating.answered_at,
        }
        for programme in programmes
        for note in programme.notifications
        for rating in note.ratings.values()
        if rating.answered_at <= at
        if where.keeps(note.about.frozen, account(note.about.uid, rating.csm))
    ]


def activities(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """Those of no product too; an activity has no region to filter by."""
    products = [one.settings.product for one in programmes]
    return [
        {
            "source": None,
            "external_id": done.external_id,
            "product": done.product,
            "uid": done.uid,
            "csm_name": done.csm[0],
            "kind": "call",
            "occurred_at": done.occurred_at,
            "logged_at": done.logged_at,
        }
        for done in programmes[0].desk.activities
        if done.occurred_at <= at and done.product in (None, *products)
        if where.keeps(account(done.uid, (None, None)), account(done.uid, done.csm))
    ]

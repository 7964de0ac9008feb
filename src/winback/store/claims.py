"""Claims as rows: one function behind every door, for one claim or for thousands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from winback.core.claims import NewClaim
from winback.store.database import writing
from winback.store.models import Case, Claim, Pull

# Parameters of one statement are limited, on SQLite as on PostgreSQL.
_CHUNK = 500
_CHANGEABLE = ("product", "uid", "outcome", "reason", "note", "csm_name", "csm_email", "claimed_at", "source")


@dataclass
class Recorded:
    """How many claims were new, were there with other values, or just so. `unmatched`: those that no case was found
    for, by their `answer`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    unmatched: list[str] = field(default_factory=list)


class NoCase(LookupError):
    """The account had no case by the moment that the claim speaks of."""


@writing()
def record_claims(claims: Sequence[NewClaim], now: dt.datetime, *, imported: bool = False) -> Recorded:
    """Records claims (rules.md R6.1), all or none; each counts once, by its `answer`.

    A claim is about the case it names, else about the one found now, for good; where an undo took its case away, about
    the one found when it is made again. Imported ones are kept where no case is found, looked for again when they are
    imported again, and take on other values then. Raises NoCase for any other.
    """
    recorded = Recorded()
    for start in range(0, len(claims), _CHUNK):
        chunk = {claim.answer: claim for claim in claims[start : start + _CHUNK]}
        known = {row.answer: row for row in Claim.objects.select_related("case").filter(answer__in=chunk)}
        cases = _cases_of(chunk.values())
        fresh, changed = [], []
        for answer, claim in chunk.items():
            row = known.get(answer)
            if row is None:
                fresh.append(_row(claim, cases, now, imported))
            elif (imported or row.case_id is None) and _take_on(row, claim, cases, now):
                changed.append(row)
        Claim.objects.bulk_create(fresh)
        Claim.objects.bulk_update(changed, [*_CHANGEABLE, "case", "recorded_at"])
        recorded.added += len(fresh)
        recorded.changed += len(changed)
        recorded.unchanged += len(chunk) - len(fresh) - len(changed)
        recorded.unmatched += [row.answer for row in (*known.values(), *fresh) if row.case_id is None]
    return recorded


def counts(answer: str) -> bool:
    """Whether it is the claim that counts about its case: the newest, and of one moment the last recorded."""
    newest = Claim.objects.filter(case__claims__answer=answer).order_by("claimed_at", "pk").last()
    return newest is not None and newest.answer == answer


@writing()
def forget_claims(answers: Iterable[str]) -> int:
    """What a CRM does not have any more; how many there were."""
    found = list(answers)
    chunks = (found[start : start + _CHUNK] for start in range(0, len(found), _CHUNK))
    return sum(Claim.objects.filter(answer__in=chunk).delete()[0] for chunk in chunks)


Cases = Mapping[str, Sequence[Case]]


def _cases_of(claims: Iterable[NewClaim]) -> Cases:
    """UID → the cases of that account of all products, the newest first."""
    uids = {claim.uid for claim in claims}
    products = Pull.objects.values_list("product", flat=True).distinct()
    found: dict[str, list[Case]] = {}
    for case in Case.objects.filter(product__in=list(products), uid__in=uids).order_by("-churned_at", "-pk"):
        found.setdefault(case.uid, []).append(case)
    return found


def _case_of(claim: NewClaim, cases: Cases) -> Case | None:
    def fits(case: Case) -> bool:
        if claim.case_id is not None:
            return case.pk == claim.case_id
        return claim.product in (None, case.product) and case.churned_at <= claim.claimed_at

    return next(filter(fits, cases.get(claim.uid, ())), None)


def _row(claim: NewClaim, cases: Cases, now: dt.datetime, imported: bool) -> Claim:
    case = _case_of(claim, cases)
    if case is None and not imported:
        raise NoCase(claim.uid)
    return Claim(answer=claim.answer, case=case, recorded_at=now, **dict(_values(claim, case)))


def _take_on(row: Claim, claim: NewClaim, cases: Cases, now: dt.datetime) -> bool:
    """Whether an imported claim is another one than it was. Its case stays, unless it speaks of another account or
    moment now."""
    stays = row.case_id is not None and (row.uid, row.claimed_at) == (claim.uid, claim.claimed_at)
    stays = stays and claim.product in (None, row.product)
    case = row.case if stays else _case_of(claim, cases)
    values = dict(_values(claim, case))
    if all(getattr(row, name) == value for name, value in values.items()) and row.case == case:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.case, row.recorded_at = case, now
    return True


def _values(claim: NewClaim, case: Case | None) -> Iterator[tuple[str, object]]:
    for name in _CHANGEABLE:
        yield name, getattr(claim, name)
    if case is not None:
        yield "product", case.product

"""A row for every CSM who owns a case or is credited (rules.md R7.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from winback.store.columns import Columns
from winback.store.cube import Csm, Document, Sum, money
from winback.store.times import Times
from winback.store.usefulness import Answers, counted
from winback.store.verdicts import Counts, made


@dataclass(frozen=True)
class Share:
    """Cases of one CSM: those that are theirs ("owner"), or whose credit is ("credit"). `claim`: the newest one."""

    part: str
    kind: str
    credit: str | None
    claim: str | None
    csm: Csm
    sum: Sum


@dataclass
class Row:
    """One CSM's; of several spellings of a name or an e-mail the first by the alphabet."""

    names: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    at_risk: Sum = field(default_factory=Sum)
    # (kind, credit) → what is credited to them.
    credited: dict[tuple[str, str], Sum] = field(default_factory=dict)
    true_losses: int = 0

    def name(self, csm: Csm) -> None:
        self.names |= {csm.name} if csm.name else set()
        self.emails |= {csm.email} if csm.email else set()

    def credit(self, share: Share) -> None:
        self.credited.setdefault((share.kind, share.credit or ""), Sum()).add(share.sum)
        if share.kind == "churned" and share.claim == "lost":
            self.true_losses += share.sum.accounts

    def of(self, kind: str, credit: str) -> Sum:
        return self.credited.get((kind, credit), Sum())


def read_shares(columns: Columns, values: dict[str, object]) -> list[Share]:
    """Of the moment whose cells `columns` has made."""
    return [
        Share(part, kind, credit, claim, Csm(*csm), Sum(accounts, gmv, revenue))
        for part, kind, credit, claim, *csm, accounts, gmv, revenue in columns.rows("shares", values)
    ]


def by_csm(
    shares: Iterable[Share], times: Times, verdicts: Mapping[str, Counts], answers: Sequence[Answers]
) -> list[Document]:
    rows: dict[str, Row] = {}
    for share in shares:
        row = rows.setdefault(share.csm.key, Row())
        row.name(share.csm)
        if share.part == "credit":
            row.credit(share)
        elif share.kind == "at_risk":
            row.at_risk.add(share.sum)
    answered: dict[str, list[Answers]] = {}
    for each in answers:
        answered.setdefault(each.author.key, []).append(each)
    return [
        _document(
            row, times.to_engage(("csm", key)), made(verdicts.get(key, Counter())), counted(answered.get(key, []))
        )
        for key, row in sorted(rows.items())
    ]


def _document(row: Row, engage: Document, claims: Document, useful: Document) -> Document:
    return {
        "csm_name": min(row.names, default=""),
        "csm_email": min(row.emails, default=None),
        "at_risk": row.at_risk.accounts,
        "gmv_at_risk": money(row.at_risk.gmv),
        "csm_true_wins": row.of("win_back", "csm").accounts,
        "assisted_wins": row.of("win_back", "assisted").accounts,
        "self_service_wins": row.of("win_back", "self_service").accounts,
        "csm_losses": row.of("churned", "csm").accounts,
        "csm_true_losses": row.true_losses,
        "self_service_losses": row.of("churned", "self_service").accounts,
        "revenue_recovered": money(row.of("win_back", "csm").revenue),
        "claims": claims["made"],
        "claims_won": claims["won"],
        "claims_lost": claims["lost"],
        "precision": claims["precision"],
        "median_engage_hours": engage["median"],
        "engage_hours": engage,
        "answered": useful["answered"],
        "useful": useful["useful"],
    }

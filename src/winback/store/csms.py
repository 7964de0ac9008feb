"""A row for every CSM who owns a case or is credited (rules.md R7.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from winback.store.cube import Cell, Csm, Document, Sum, money
from winback.store.times import Times
from winback.store.usefulness import Answers, counted
from winback.store.verdicts import Counts, made


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

    def credit(self, cell: Cell) -> None:
        self.credited.setdefault((cell.kind, cell.credit or ""), Sum()).add(cell.sum)
        if cell.kind == "churned" and cell.claim == "lost":
            self.true_losses += cell.sum.accounts

    def of(self, kind: str, credit: str) -> Sum:
        return self.credited.get((kind, credit), Sum())


def by_csm(
    cells: Iterable[Cell], times: Times, verdicts: Mapping[str, Counts], answers: Sequence[Answers]
) -> list[Document]:
    rows: dict[str, Row] = {}
    for cell in cells:
        if cell.kind == "new_adoption":
            continue
        owner = rows.setdefault(cell.owner.key, Row())
        owner.name(cell.owner)
        if cell.kind == "at_risk":
            owner.at_risk.add(cell.sum)
        else:
            credited = rows.setdefault(cell.credited.key, Row())
            credited.name(cell.credited)
            credited.credit(cell)
    return [_document(key, row, times, verdicts, answers) for key, row in sorted(rows.items())]


def _document(key: str, row: Row, times: Times, verdicts: Mapping[str, Counts], answers: Sequence[Answers]) -> Document:
    engage, claims = times.to_engage(("csm", key)), made(verdicts.get(key, Counter()))
    useful = counted(each for each in answers if each.author.key == key)
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

"""What came of claims: how many were right, by who made them, and what was claimed beside what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from winback.store.columns import Columns
from winback.store.cube import Cell, Document, share, total

# (outcome, verdict) → how many.
Counts = Counter[tuple[str, str]]


def read_verdicts(columns: Columns, values: dict[str, object]) -> dict[str, Counts]:
    """By what tells the author from others."""
    found: dict[str, Counts] = {}
    for author, outcome, verdict, many in columns.rows("claims_made", values):
        found.setdefault(author, Counter())[outcome, verdict] += many
    return found


def document(cells: Iterable[Cell], verdicts: Mapping[str, Counts]) -> Document:
    return {**beside_recovered(cells), **made(sum(verdicts.values(), Counter()))}


def made(counts: Counts) -> Document:
    """`precision`: of the won claims that are decided. Lost ones are right until the account comes back, and would
    flatter it."""
    won = {verdict: counts["won", verdict] for verdict in ("true", "pending", "false")}
    lost = {verdict: counts["lost", verdict] for verdict in ("true", "false")}
    precision = share(won["true"], won["true"] + won["false"])
    return {"made": counts.total(), "won": won, "lost": lost, "precision": precision}


def beside_recovered(cells: Iterable[Cell]) -> Document:
    """The four ways a case can go: its newest claim says won or not, and the account is back or not."""
    cases = [cell for cell in cells if cell.kind != "new_adoption"]

    def ways(claimed: bool) -> Document:
        chosen = [cell for cell in cases if (cell.claim == "won") is claimed]
        back = [cell for cell in chosen if cell.kind == "win_back"]
        off = [cell for cell in chosen if cell.kind != "win_back"]
        found = {"recovered": back, "not_recovered": off}
        if claimed:
            found["pending"] = [cell for cell in off if cell.verdict == "pending"]
        return {name: total(cell.sum for cell in each).document() for name, each in found.items()}

    return {"claimed": ways(True), "unclaimed": ways(False)}

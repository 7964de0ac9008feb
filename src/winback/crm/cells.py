"""Cells of text, as files and warehouses have them, as what they mean."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from winback.core.activities import KINDS, OPPORTUNITY, Owner, Record
from winback.core.texts import name_key, quoted
from winback.report.clean import FALSES, TRUES

_DONE = {*TRUES, "done", "completed", "complete", "closed", "held", "sent"}
_NOT_DONE = {*FALSES, "open", "not started", "in progress", "planned", "scheduled", "cancelled", "canceled", "no show"}
_WON, _LOST = {"won", "closed won", "closedwon"}, {"lost", "closed lost", "closedlost"}
_NAMES = {
    "call": ("phone", "phone call", "telephone"),
    "email": ("e-mail", "mail"),
    "meeting": ("event", "appointment", "video call"),
    "message": ("chat", "sms", "whatsapp", "linkedin"),
    "note": ("comment",),
    "task": ("to-do", "todo"),
    "visit": ("site visit",),
    OPPORTUNITY: ("deal",),
}
_KIND_OF = {name: kind for kind, names in _NAMES.items() for name in (kind, *names)} | {kind: kind for kind in KINDS}
# Who presses a button of ours does so in a message.
del _KIND_OF["reached_out"]
Cells = Mapping[str, str | None]
Moments = Mapping[str, dt.datetime | None]


@dataclass
class Reader:
    """`kind_names`: the company's own names of kinds. `owners`: whom the records read so far named; `remarks`: what was
    odd about them."""

    kind_names: Mapping[str, str]
    owners: dict[str, Owner] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    # Millions of rows have few different kinds.
    _kinds: dict[str, str | None] = field(default_factory=dict)

    def read(self, cells: Cells, moments: Moments) -> Record | None:
        """None for a row that can't be used."""
        external_id = cells["external_id"]
        if external_id is None:
            self.remarks["without external_id: left out"] += 1
            return None
        if self._flag(cells["is_deleted"], "is_deleted", default=False):
            return Record(external_id, modified_at=moments["modified_at"], is_deleted=True)
        kind, outcome = self._kind(cells["kind"]), self._outcome(cells["outcome"])
        occurred_at = moments["occurred_at"]
        if kind == OPPORTUNITY and outcome is None:
            occurred_at = occurred_at or moments["modified_at"] or moments["logged_at"]
        if occurred_at is None:
            self.remarks["whose occurred_at is missing or can't be read: left out"] += 1
            return None
        return Record(
            external_id,
            kind=kind,
            product=cells["product"],
            account_ref=cells["account_ref"],
            account_uid=cells["uid"],
            owner_ref=self._owner(cells),
            occurred_at=occurred_at,
            logged_at=moments["logged_at"],
            modified_at=moments["modified_at"],
            is_done=self._flag(cells["is_done"], "is_done", default=True),
            outcome=outcome if kind == OPPORTUNITY else None,
            note=cells["note"],
        )

    def _owner(self, cells: Cells) -> str | None:
        name, email = cells["owner_name"], cells["owner_email"]
        ref = cells["owner_ref"] or (email and email.lower()) or name
        if ref is not None:
            self.owners[ref] = Owner(ref, name, email)
        return ref

    def _kind(self, cell: str | None) -> str:
        if cell is None:
            return "other"
        if cell not in self._kinds:
            own = {name_key(name): kind for name, kind in self.kind_names.items()}
            self._kinds[cell] = own.get(name_key(cell)) or _KIND_OF.get(name_key(cell))
        found = self._kinds[cell]
        if found is None:
            self.remarks[f"of the kind {quoted(cell)}, which is not known: taken as other"] += 1
        return found or "other"

    def _outcome(self, cell: str | None) -> str | None:
        if cell is None:
            return None
        word = name_key(cell).replace("-", " ").replace("_", " ")
        if word in _WON | _LOST:
            return "won" if word in _WON else "lost"
        return None

    def _flag(self, cell: str | None, column: str, default: bool) -> bool:
        if cell is None:
            return default
        word = name_key(cell).replace("_", " ")
        if word not in _DONE | _NOT_DONE:
            self.remarks[f"with {column} {quoted(word)}, which is not known: taken as false"] += 1
        return word in _DONE

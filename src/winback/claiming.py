"""Claims from a script and from files: the same function behind them as behind the forms (store/claims.py)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winback import answers
from winback.answers import LONGEST_NOTE, Actor, Said
from winback.claim_files import Line, read_lines
from winback.core.claims import NewClaim, Outcome
from winback.core.moments import format_moment, parse_when
from winback.core.texts import name_key, quoted, shown
from winback.errors import UsageError, WinbackError
from winback.people import claimant
from winback.store.audit import note
from winback.store.claims import record_claims
from winback.store.crm import known_csms
from winback.store.database import writing

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm

_OUTCOMES: dict[str, Outcome] = {"won": "won", "lost": "lost", "closed won": "won", "closed lost": "lost"}
_SHOWN = 10


@dataclass(frozen=True)
class Imported:
    """How many claims were new, were there with other values, or just so; `unmatched`: the lines of those of which no
    case is known."""

    added: int
    changed: int
    unchanged: int
    unmatched: tuple[Line, ...]


def claim(settings: Settings, uid: str, csm: str, product: str | None, said: Said, now: dt.datetime, key: str) -> str:
    """What the form does, from a script: what to say to whoever asked. The same `key` counts once. Raises UsageError
    where nobody is known as `csm`, AnswerRefused where the account has no case."""
    _refuse_future(said.at, now)
    name, email = claimant(csm, settings)
    return answers.claim_of_account(settings, product, uid, said, Actor(email or name or csm, name, email), now, key)


def key_of_claim(*values: object) -> str:
    """The same command with the same moment is the same claim."""
    return f"cli:{_digest(values)}"


def new_key() -> str:
    return f"cli:{uuid.uuid4().hex}"


def import_claims(settings: Settings, path: Path, by: str, now: dt.datetime) -> Imported:
    """Records the claims of a file, all or none; those without a case are kept. The same file again changes nothing.
    Raises ReportRefused where it can't be read, WinbackError that names the wrong lines."""
    lines = read_lines(path)
    wrong: list[str] = []
    claims: dict[str, tuple[Line, NewClaim]] = {}
    people = _People()
    for line in lines:
        try:
            new = _new_claim(settings, line, people, now)
            known = claims.setdefault(new.answer, (line, new))
            if known[1] != new:
                raise ValueError(f"the id stands in {known[0].shown} too, with other values")
        except ValueError as error:
            wrong.append(f"{line.shown}: {error}")
    if wrong:
        more = f"; and {len(wrong) - _SHOWN:,} more" if len(wrong) > _SHOWN else ""
        many = f"{len(wrong):,} wrong row{'s' if len(wrong) > 1 else ''}"
        raise WinbackError(f"{path.name}: {many}, so that nothing was imported. {'; '.join(wrong[:_SHOWN])}{more}")
    with writing():
        recorded = record_claims([new for _, new in claims.values()], now, imported=True)
        note(now, by, "claims imported", path.name, f"{recorded.added:,} added, {recorded.changed:,} changed")
    without = set(recorded.unmatched)
    unmatched = tuple(line for answer, (line, _) in claims.items() if answer in without)
    return Imported(recorded.added, recorded.changed, recorded.unchanged, unmatched)


def _new_claim(settings: Settings, line: Line, people: _People, now: dt.datetime) -> NewClaim:
    """Raises ValueError with what is wrong."""
    cells = line.cells
    if not line.uid:
        raise ValueError("uid is blank")
    outcome = _OUTCOMES.get(name_key(cells.get("outcome") or "").replace("-", " ").replace("_", " "))
    if outcome is None:
        raise ValueError(f"expected the outcome won or lost, found {quoted(cells.get('outcome') or '')}")
    product, note = cells.get("product"), cells.get("note")
    if product is not None and product not in settings.products:
        raise ValueError(f"there is no product {quoted(product)} in winback.toml")
    if note is not None and len(note) > LONGEST_NOTE:
        raise ValueError(f"the note is longer than {LONGEST_NOTE:,} characters")
    at = _moment(settings, cells.get("claimed_at"), product, now)
    name, email = people.named(cells.get("csm_name") or cells.get("csm"), cells.get("csm_email"))
    values = (line.uid, outcome, name, email, format_moment(at), product, cells.get("reason"), note)
    answer = f"file:id:{cells['id']}" if cells.get("id") else f"file:{_digest(values)}"
    return NewClaim(answer, line.uid, outcome, name, email, at, "file", product, cells.get("reason"), note)


def _moment(settings: Settings, text: str | None, product: str | None, now: dt.datetime) -> dt.datetime:
    if text is None:
        raise ValueError("claimed_at is blank")
    chosen = settings.products.get(product or "")
    at = parse_when(text, settings.tz, chosen.at_time if chosen else dt.time(0))
    if at > now:
        raise ValueError(f"claimed_at is in the future: {shown(text)}")
    return at


def _refuse_future(at: dt.datetime, now: dt.datetime) -> None:
    if at > now:
        raise UsageError(f"a claim speaks of what has been: {format_moment(at)} is still to come")


class _People:
    """Whom the names and addresses of a file mean: a name alone is the CSM's who alone bears it, with their address."""

    def __init__(self) -> None:
        self._emails: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        for name, email in known_csms():
            if name is not None and email is not None:
                self._emails.setdefault(name, set()).add(email.lower())
                self._names.setdefault(email.lower(), name)

    def named(self, name: str | None, email: str | None) -> Csm:
        if email is None and name is not None and "@" in name:
            name, email = None, name
        if name is None and email is None:
            raise ValueError("csm_name and csm_email are blank: whose claim is it?")
        if email is None:
            emails = self._emails.get(name or "", set())
            email = next(iter(emails)) if len(emails) == 1 else None
        return name or self._names.get((email or "").lower(), email), email


def _digest(values: Iterable[object]) -> str:
    text = json.dumps([None if value is None else str(value) for value in values])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def told(imported: Imported) -> Iterator[str]:
    yield (f"{imported.added:,} claims added, {imported.changed:,} changed, {imported.unchanged:,} there already")
    for line in imported.unmatched[:_SHOWN]:
        yield f"  kept without a case, {line.shown}: {shown(line.uid)} had none by then"
    if len(imported.unmatched) > _SHOWN:
        yield f"  and {len(imported.unmatched) - _SHOWN:,} more"

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
from winback.people import claimant, known_people
from winback.report.mapping import BLANKS
from winback.store.audit import note
from winback.store.claims import record_claims
from winback.store.database import writing

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm

_OUTCOMES: dict[str, Outcome] = {"won": "won", "lost": "lost", "closed won": "won", "closed lost": "lost"}
_SHOWN = 10


@dataclass(frozen=True)
class Imported:
    """How many claims were new, were there with other values, or just so; `unmatched`: the lines of those of which no
    case is known; `strangers`: whose claims they are of whom nobody has heard."""

    added: int
    changed: int
    unchanged: int
    unmatched: tuple[Line, ...]
    strangers: tuple[str, ...]


def claim(
    settings: Settings, uid: str, csm: str, product: str | None, said: Said, now: dt.datetime, *, is_dated: bool
) -> str:
    """What the form does, from a script: what to say to whoever asked. The same claim counts once where it `is_dated`,
    that is, where whoever asked said of which moment it speaks. Raises UsageError where nobody is known as `csm`,
    AnswerRefused where the account has no case."""
    _refuse_future(said.at, now)
    uid = uid.strip(BLANKS)
    name, email = claimant(csm, settings)
    key = f"cli:{_digest((uid, said.outcome, csm, product, said.at)) if is_dated else uuid.uuid4().hex}"
    return answers.claim_of_account(settings, product, uid, said, Actor(email or name or csm, name, email), now, key)


def import_claims(settings: Settings, path: Path, by: str, now: dt.datetime) -> Imported:
    """Records the claims of a file, all or none; those without a case are kept. The same file again changes nothing.
    Raises ReportRefused where it can't be read, WinbackError that names the wrong lines."""
    lines = read_lines(path)
    wrong: list[str] = []
    claims: dict[str, tuple[Line, NewClaim]] = {}
    people = _People(settings)
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
    return Imported(recorded.added, recorded.changed, recorded.unchanged, unmatched, tuple(people.strangers))


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
    written = cells.get("csm_name") or cells.get("csm"), cells.get("csm_email")
    name, email = people.named(*written)
    # As the file has them: the same row is the same claim, too, when more is known of people by then.
    values = (line.uid, outcome, *written, format_moment(at), product, cells.get("reason"), note)
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
    """Whom the names and addresses of a file mean: a name alone is the CSM's who alone bears it, with their address,
    however it is spelled. `strangers`: those whom nobody knows, in order."""

    def __init__(self, settings: Settings) -> None:
        self._bearers: dict[str, list[Csm]] = {}
        self._names: dict[str, str | None] = {}
        self.strangers: dict[str, None] = {}
        for name, email in sorted(known_people(settings), key=lambda csm: (csm[0] or "", csm[1] or "")):
            if name is not None:
                self._bearers.setdefault(name_key(name), []).append((name, email))
            if email is not None and self._names.get(email.lower()) is None:
                self._names[email.lower()] = name

    def named(self, name: str | None, email: str | None) -> Csm:
        if email is None and name is not None and "@" in name:
            name, email = None, name
        if name is None and email is None:
            raise ValueError("csm_name and csm_email are blank: whose claim is it?")
        if name_key(name or "") not in self._bearers and (email or "").lower() not in self._names:
            self.strangers[name or email or ""] = None
        if name is not None and email is None:
            return self._bearer(name)
        return name or self._names.get((email or "").lower()) or email, email

    def _bearer(self, name: str) -> Csm:
        """The spelling that the file has counts before others, which may be another CSM's."""
        bearers = self._bearers.get(name_key(name), [])
        exact = [csm for csm in bearers if csm[0] == name]
        for several in (exact, bearers):
            reached = [csm for csm in several if csm[1]]
            if len({(email or "").lower() for _, email in reached}) == 1:
                return name if exact else reached[0][0], reached[0][1]
        is_known_otherwise = bearers and not exact and not any(email for _, email in bearers)
        return bearers[0][0] if is_known_otherwise else name, None


def _digest(values: Iterable[object]) -> str:
    text = json.dumps([None if value is None else str(value) for value in values])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def told(imported: Imported) -> Iterator[str]:
    claims = "claim" if imported.added == 1 else "claims"
    yield f"{imported.added:,} {claims} added, {imported.changed:,} changed, {imported.unchanged:,} there already"
    for line in imported.unmatched[:_SHOWN]:
        yield f"  kept without a case, {line.shown}: {shown(line.uid)} had none by then"
    if len(imported.unmatched) > _SHOWN:
        yield f"  and {len(imported.unmatched) - _SHOWN:,} more"
    if imported.strangers:
        more = f" and {len(imported.strangers) - _SHOWN:,} more" if len(imported.strangers) > _SHOWN else ""
        names = ", ".join(map(shown, imported.strangers[:_SHOWN]))
        yield f"  nobody in the reports is called so: {names}{more}"

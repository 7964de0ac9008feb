"""What CSMs did for accounts, brought in from the CRM: read, matched to accounts and CSMs, and mapped by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from winback.core.activities import Since
from winback.core.moments import from_micros
from winback.core.texts import name_key, shown
from winback.crm import open_source
from winback.errors import UsageError, WinbackError
from winback.faults import in_plain_words
from winback.messages.profiles import profile_named, profile_of
from winback.people import csm_named
from winback.report.mapping import BLANKS
from winback.settings.fit import nearest
from winback.store import crm as stored
from winback.store.answers import newest_case
from winback.store.audit import note
from winback.store.database import writing
from winback.store.people import all_persons, people_kept
from winback.store.tables import columns
from winback.tables import Query, Table, read_table

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import CrmOwner
    from winback.store.people import Csm

# Before any churn is known: what was done in this time may turn out to be for an account that churned meanwhile.
_LOOK_BACK = dt.timedelta(days=30)
_UNMATCHED = columns("what source ref name email records:count newest:moment")


@dataclass
class Gathered:
    """What came of one source. `read`, `deleted`: records as they came, some of them again; `kept`, `of_accounts`,
    `of_csms`: of all that is there of it, see store/crm.py. `failed`: what was read before it stays."""

    source: str
    read: int = 0
    deleted: int = 0
    kept: int = 0
    of_accounts: int = 0
    of_csms: int = 0
    remarks: Counter[str] = field(default_factory=Counter)
    failed: WinbackError | None = None


def gather(settings: Settings, again: dt.datetime | None, now: dt.datetime) -> Iterator[Gathered]:
    """Reads every source of the settings, each from where it was left, or all `again` from a moment on. One that fails
    keeps no other from being read."""
    if not settings.crm.sources:
        raise UsageError(
            "no CRM is set up: winback.toml has no [crm.files], [crm.sql], [crm.salesforce], [crm.hubspot]"
        )
    for name in settings.crm.sources:
        gathered = Gathered(name)
        try:
            with in_plain_words():
                _read(settings, name, again, now, gathered)
        except WinbackError as error:
            gathered.failed = error
        _settle(settings, name, now)
        gathered.kept, gathered.of_accounts, gathered.of_csms = stored.counts(name)
        yield gathered


def _read(settings: Settings, name: str, again: dt.datetime | None, now: dt.datetime, gathered: Gathered) -> None:
    start = stored.first_churn() or now - _LOOK_BACK
    for page in open_source(name, settings, now).pages(Since(stored.marks(name), start, again)):
        stored.take_page(name, page, settings.crm.engagement)
        gathered.read += len(page.records)
        gathered.deleted += sum(record.is_deleted for record in page.records)
        gathered.remarks.update(page.remarks)


def _settle(settings: Settings, source: str, now: dt.datetime) -> None:
    """Whose everything is, by all that is known now: CSMs come with each report, and people map what was read long
    ago."""
    stored.settle(source, list(_moved(settings, source)), settings.crm.engagement, now)


# Who is who


def _moved(settings: Settings, source: str) -> Iterator[CrmOwner]:
    """The CRM's people who are somebody else than they were."""
    by_email, by_name = _known(settings)
    robots = {name_key(each) for each in settings.crm.robots}
    for owner in stored.owners(source):
        before = (owner.csm_name, owner.csm_email, owner.is_robot)
        owner.is_robot = any(name_key(each) in robots for each in (owner.ref, owner.name, owner.email) if each)
        owner.csm_name, owner.csm_email = _csm_of(owner, by_email, by_name)
        if before != (owner.csm_name, owner.csm_email, owner.is_robot):
            yield owner


def _csm_of(owner: CrmOwner, by_email: dict[str, Csm], by_name: dict[str, Csm | None]) -> Csm:
    if owner.is_robot or owner.is_nobody:
        return None, None
    if owner.said_name or owner.said_email:
        return owner.said_name, owner.said_email
    found = by_email.get(name_key(owner.email or "")) or by_name.get(name_key(owner.name or ""))
    return found or (None, None)


def _known(settings: Settings) -> tuple[dict[str, Csm], dict[str, Csm | None]]:
    """E-mail → CSM; name → CSM, for those of whom no e-mail is known, None where several bear it."""
    by_email: dict[str, Csm] = {}
    by_name: dict[str, Csm | None] = {}
    for csm, emails in _csms(settings):
        for email in emails:
            by_email.setdefault(name_key(email), csm)
        key = name_key(csm[0] or "")
        if key:
            by_name[key] = csm if not emails and key not in by_name else None
    return by_email, by_name


def _csms(settings: Settings) -> list[tuple[Csm, list[str]]]:
    """Whom reports name, and of whom people have said something, each with the addresses that they have."""
    reported = stored.known_csms()
    keys = {name_key(each) for csm in reported for each in csm if each}
    said = [*settings.people, *(person.name for person in all_persons())]
    with people_kept():
        profiles = [profile_of(*csm, settings) for csm in reported]
        profiles += [profile_named(name, settings) for name in dict.fromkeys(said) if name_key(name) not in keys]
        return [((each.name, each.reported_email), each.emails) for each in profiles]


# By hand


def list_unmatched() -> Table:
    """Accounts and people of the CRM that are nobody's yet, those with the most records first."""
    rows = [("account", *row[:5], from_micros(row[5])) for row in stored.unmatched_accounts()]
    rows += [("owner", *row[:5], from_micros(row[5])) for row in stored.unmatched_owners()]
    return Table(_UNMATCHED, iter([rows] if rows else []))


def map_account(settings: Settings, source: str, ref: str, uid: str | None, by: str, now: dt.datetime) -> list[str]:
    """Says which account of ours one of the CRM is, for what was read before, too; None takes it back. What an operator
    should know of it: an account that no report has had may be one of tomorrow's, or a slip."""
    _refuse_other_source(settings, source)
    if not stored.has_account(source, ref):
        raise UsageError(f"{source} has no account {ref} that was read: `winback activities unmatched` lists them")
    uid = uid and uid.strip(BLANKS)
    if uid == "":
        raise UsageError('expected the UID of the account as it is in the report, found ""')
    with writing():
        stored.say_account(source, ref, uid, by, now)
        note(now, by, "CRM account mapped", f"{source}, {ref}", uid or "taken back")
    _settle(settings, source, now)
    if uid is None or _is_reported(settings, uid, now):
        return []
    return [f"no report has had the account {shown(uid)} yet: is that its UID?"]


def _is_reported(settings: Settings, uid: str, now: dt.datetime) -> bool:
    """Whether any product's report has had the account. A case tells so at once; else the history is gone through, and
    where it can't be read, the mapping stands all the same."""
    if newest_case(None, uid, now) is not None:
        return True
    try:
        return any(read_table(settings, "history", Query(now, uid=uid)).batches)
    except WinbackError:
        return True


def map_owner(
    settings: Settings, source: str, ref: str, csm: str | None, is_nobody: bool, by: str, now: dt.datetime
) -> None:
    """Says which CSM somebody in the CRM is, named by ID, e-mail or name; or that they are none; or takes it back."""
    _refuse_other_source(settings, source)
    found = stored.find_owners(source, ref)
    if len(found) != 1:
        said = f"several people are called {ref}: name one by ID" if found else f"{source} names nobody {ref}"
        raise UsageError(f"{said}; `winback activities unmatched` lists them")
    name, email = csm_named(csm, settings) if csm is not None else (None, None)
    values = {"said_name": name, "said_email": email, "is_nobody": is_nobody}
    with writing():
        stored.say_owner(source, found[0].ref, values, by, now)
        said = "nobody" if is_nobody else name or email or "taken back"
        note(now, by, "CRM owner mapped", f"{source}, {found[0].ref}", said)
    _settle(settings, source, now)


def _refuse_other_source(settings: Settings, source: str) -> None:
    known: Sequence[str] = settings.crm.sources
    if source not in known:
        near = nearest(source, known)
        hint = f"did you mean {near}?" if near else f"winback.toml has {', '.join(known) or 'none'}"
        raise UsageError(f"there is no source {source}: {hint}")

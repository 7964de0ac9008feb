"""What a CRM tells, as rows: a page in one transaction, and whose everything is, found anew from what is known now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Min

from winback.core.activities import Account, Owner, Page, Record
from winback.core.claims import NewClaim
from winback.core.moments import from_micros, to_micros
from winback.store import database
from winback.store.claims import forget_claims, record_claims
from winback.store.database import Row, execute, writing
from winback.store.models import Activity, Case, Claim, CrmAccount, CrmMark, CrmOwner
from winback.store.people import Csm

_STAGED = (
    "external_id, kind, product, account_ref, account_uid, owner_ref, maker_ref, occurred_at, logged_at, modified_at,"
    " is_done, is_deleted, outcome, note"
)


class Counts(NamedTuple):
    """Records that are kept of a source, those whose account is known, and those whose CSM is known as well."""

    kept: int
    of_accounts: int
    of_csms: int


def marks(source: str) -> dict[str, dt.datetime]:
    """Stream → up to where it has been read."""
    return dict(CrmMark.objects.filter(source=source).values_list("stream", "read_until"))


def first_churn() -> dt.datetime | None:
    """Before it, nothing that anybody did could count."""
    oldest: dt.datetime | None = Case.objects.aggregate(at=Min("churned_at"))["at"]
    return oldest


@writing()
def take_page(source: str, page: Page, engagement: Sequence[str]) -> None:
    """A page of records and how far it reaches become true together; the same page again changes nothing.
    `engagement`: the kinds that are one."""
    if page.accounts:
        _take_accounts(source, page.accounts)
    if page.owners:
        _take_owners(source, page.owners)
    if page.records:
        _stage("staged_activities", _STAGED, _newest(page.records))
        execute("merge_activities", {"source": source, "engagement": _listed(engagement)})
        execute("delete_activities", {"source": source})
    if page.read_until is not None:
        CrmMark.objects.update_or_create(source=source, stream=page.stream, defaults={"read_until": page.read_until})


def _take_accounts(source: str, accounts: Iterable[Account]) -> None:
    by_ref = {account.ref: account for account in accounts}
    _stage("staged_crm_accounts", "ref, name, uid", [(each.ref, each.name, each.uid) for each in by_ref.values()])
    execute("merge_crm_accounts", {"source": source})


def _take_owners(source: str, owners: Iterable[Owner]) -> None:
    by_ref = {owner.ref: owner for owner in owners}
    CrmOwner.objects.bulk_create(
        [CrmOwner(source=source, ref=each.ref, name=each.name, email=each.email) for each in by_ref.values()],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["source", "ref"],
        update_fields=["name", "email"],
    )


def _newest(records: Iterable[Record]) -> list[Row]:
    """The last state of each record that a page has."""
    newest: dict[str, Record] = {}
    for record in records:
        other = newest.get(record.external_id)
        if other is None or _moment(record) >= _moment(other):
            newest[record.external_id] = record
    return [_staged(record) for record in newest.values()]


def _moment(record: Record) -> int:
    return 0 if record.modified_at is None else to_micros(record.modified_at)


def _staged(record: Record) -> Row:
    occurred, logged, modified = (
        None if at is None else to_micros(at) for at in (record.occurred_at, record.logged_at, record.modified_at)
    )
    owner = (record.account_ref, record.account_uid, record.owner_ref, record.maker_ref)
    moments = (occurred, occurred if logged is None else logged, modified)
    state = (record.is_done, record.is_deleted, record.outcome, record.note)
    return (record.external_id, record.kind, record.product, *owner, *moments, *state)


def _stage(table: str, columns: str, rows: list[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {table}")
        cursor.execute(database.statement(table))
    database.load(table, columns, [rows])


# Whose everything is


def known_csms() -> list[Csm]:
    """As reports and people name them, each spelling, those with a name first."""
    known = [(name, email) for name, email in database.rows("known_csms", {})]
    return sorted(known, key=lambda csm: (csm[0] is None, csm[0] or "", csm[1] or ""))


def owners(source: str) -> list[CrmOwner]:
    return list(CrmOwner.objects.filter(source=source))


@writing()
def settle(source: str, changed: Iterable[CrmOwner], engagement: Sequence[str], now: dt.datetime) -> None:
    """The CRM's people are these CSMs now; each record is of the account and the CSM that it is known to be of; closed
    opportunities are claims (rules.md R6.5), and those that are none any more are not."""
    CrmOwner.objects.bulk_update(list(changed), ["csm_name", "csm_email", "is_robot"], batch_size=500)
    execute("resolve_activities", {"source": source, "engagement": _listed(engagement)})
    sold = [_claim(source, row) for row in database.rows("sold", {"source": source})]
    former = set(Claim.objects.filter(source=source).values_list("answer", flat=True))
    forget_claims(sorted(former - {claim.answer for claim in sold}))
    record_claims(sold, now, imported=True)


def _listed(engagement: Sequence[str]) -> str:
    return f",{','.join(engagement)},"


def _claim(source: str, row: Row) -> NewClaim:
    external_id, uid, product, outcome, closed_at, note, name, email = row
    return NewClaim(
        answer=f"{source}:{external_id}",
        uid=uid,
        outcome=outcome,
        csm_name=name,
        csm_email=email,
        claimed_at=from_micros(closed_at),
        source=source,
        product=product,
        note=note,
    )


# What people say


@writing()
def say_account(source: str, ref: str, uid: str | None, by: str, now: dt.datetime) -> None:
    """`settle` comes next."""
    values = {"said_uid": uid, "said_by": by, "said_at": now}
    CrmAccount.objects.update_or_create(source=source, ref=ref, defaults=values)


@writing()
def say_owner(source: str, ref: str, values: Mapping[str, Any], by: str, now: dt.datetime) -> None:
    """`values`: said_name, said_email, is_nobody. `settle` comes next."""
    CrmOwner.objects.update_or_create(source=source, ref=ref, defaults={**values, "said_by": by, "said_at": now})


def has_account(source: str, ref: str) -> bool:
    return (
        CrmAccount.objects.filter(source=source, ref=ref).exists()
        or Activity.objects.filter(source=source, account_ref=ref).exists()
    )


def find_owners(source: str, text: str) -> list[CrmOwner]:
    """By the CRM's ID, else by e-mail or name."""
    every = owners(source)
    exact = [owner for owner in every if owner.ref == text]
    folded = text.casefold()
    return exact or [
        owner for owner in every if folded in ((owner.email or "").casefold(), (owner.name or "").casefold())
    ]


# What there is


def counts(source: str) -> Counts:
    ((kept, of_accounts, of_csms),) = database.rows("activity_counts", {"source": source})
    return Counts(kept, of_accounts, of_csms)


def unmatched_accounts() -> list[Row]:
    """Source, ref, name, nothing, how many records, the newest."""
    return database.rows("unmatched_accounts", {})


def unmatched_owners() -> list[Row]:
    """Source, ref, name, e-mail, how many records, the newest."""
    return database.rows("unmatched_owners", {})

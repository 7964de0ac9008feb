"""Writing a pull into the database: wholly, in one transaction, row by row only for accounts that changed (rules.md
R3.15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from django.db import connection
from django.db.models import F, Min

from winback.core.follow_ups import Due
from winback.core.holdout import Arm, arm_of
from winback.core.moments import to_micros
from winback.store import database
from winback.store.database import Row, execute, writing
from winback.store.fields import NUL, REPLACED, without_nul
from winback.store.models import Adoption, Case, Notification, Owner, Pull, Worth

# What has reached a person, or may have.
DELIVERED = ("sent", "unknown")
# Columns as the engine gives them, amounts in ten-thousandths: report/sql/changes.sql and updates.sql.
_CHANGE = (
    "uid, kind, moved_at, merchant_name, csm_name, csm_email, region, gmv, revenue, is_listed, csm_name_now,"
    " csm_email_now, gmv_now, revenue_now, other_columns"
)
_UPDATE = "uid, csm_name, csm_email, gmv, revenue, has_new_csm, has_new_worth"


@writing()
def add(pull: Pull) -> None:
    """Records a pull; one that is held or rejected at the same moment gives way to it (rules.md R3.14)."""
    decided = ("applied", "undone")
    Pull.objects.filter(product=pull.product, at=pull.at).exclude(pk=pull.pk).exclude(status__in=decided).delete()
    pull.save()


@writing()
def apply_pull(pull: Pull, changes: Iterable[list[Row]], updates: Iterable[list[Row]], holdout: float = 0.0) -> None:
    """Records a pull as applied and stores its changes, each in batches; of the cases that it opens a share is held
    out. Plans nothing: see `plan`."""
    add(pull)
    baseline = not Pull.objects.filter(product=pull.product, status="applied").exclude(pk=pull.pk).exists()
    values = {"product": pull.product, "pull": pull.pk, "at": to_micros(pull.at), "baseline": baseline}
    silent = baseline or pull.silent
    share = holdout if holdout and not silent else None
    values |= {"silent": silent, "share": share}
    _stage("staged_changes", f"{_CHANGE}, arm", _drawn(pull.product, changes, share))
    _stage("staged_updates", _UPDATE, updates)
    for name in (
        "add_adoptions",
        "close_cases",
        "open_cases",
        "name_first_owners",
        "assigned_owners",
        "value_first_worths",
        "name_owners",
        "value_worths",
        "skip_closed",
    ):
        execute(name, values)


def _drawn(product: str, batches: Iterable[list[Row]], share: float | None) -> Iterator[list[Row]]:
    """With the arm of each account that churned, by the UID as it is stored; null without a holdout (rules.md R6.6)."""
    for batch in batches:
        yield [(*row, _arm(product, row, share)) for row in batch]


def _arm(product: str, row: Row, share: float | None) -> Arm | None:
    uid, kind, *_ = row
    return arm_of(product, without_nul(uid), share) if share and kind == "churn" else None


def _stage(table: str, columns: str, batches: Iterable[list[Row]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {table}")
        cursor.execute(database.statement(table))
    database.load(table, columns, batches)


def plan(
    pull: Pull,
    due: Due,
    lost_after: dt.timedelta | None,
    channels: Sequence[str],
    stop_when_engaged: bool,
    announces_adoptions: bool,
) -> None:
    """Plans what a pull has to say, with now = its `at` (rules.md R5.3), on every channel; inside the transaction that
    applies it."""
    values: dict[str, object] = {name: to_micros(at) for name, at in asdict(due).items()}
    now, first = to_micros(pull.at), channels[0]
    values |= {"product": pull.product, "pull": pull.pk, "now": now, "clock": now, "first": first}
    values |= {"lost_after": micros(lost_after), "stop_when_engaged": stop_when_engaged}
    values["channels"] = f",{','.join(channels)},"
    execute("plan_follow_ups", values | {"channel": first})
    execute("supersede", values)
    for channel in channels:
        execute("plan_readopted", values | {"channel": channel, "is_first": channel == first})
    if announces_adoptions:
        execute("plan_adoptions", values | {"channel": first})
    for channel in channels[1:]:
        execute("plan_other_channel", values | {"channel": channel})


def micros(duration: dt.timedelta | None) -> int | None:
    return None if duration is None else duration // dt.timedelta(microseconds=1)


def reject_pull(pull: Pull, reason: str, by: str, now: dt.datetime) -> None:
    pull.status, pull.reason, pull.decided_by, pull.decided_at = "rejected", reason, by, now
    pull.save()


@writing()
def undo_pull(pull: Pull, reason: str, by: str, now: dt.datetime) -> list[Notification]:
    """Takes the last applied pull back (rules.md R3.13); returns the delivered notifications that are wrong now."""
    planned = Notification.objects.filter(pull=pull)
    planned.exclude(status__in=DELIVERED).delete()
    wrong = planned.filter(stage__in=("readopted", "new_adoption")) | planned.filter(
        case_id__in=Case.objects.filter(opened_by=pull).values("pk")
    )
    corrected = list(wrong.order_by("pk"))
    Notification.objects.filter(pk__in=wrong.values("pk")).update(corrected_at=now)
    Notification.objects.filter(settled_by=pull).update(
        status=F("settled_from"), settled_by=None, settled_from=None, error=None
    )
    Owner.objects.filter(pull=pull).delete()
    Worth.objects.filter(pull=pull).delete()
    Case.objects.filter(closed_by=pull).update(readopted_at=None, closed_by=None)
    Case.objects.filter(opened_by=pull).delete()
    Adoption.objects.filter(pull=pull).delete()
    pull.status, pull.reason, pull.decided_by, pull.decided_at = "undone", reason, by, now
    pull.save()
    return corrected


def forget_files(product: str, keep: int) -> None:
    """What is older than the newest `keep` applied pulls."""
    execute("forget_files", {"product": product, "keep": keep})


def open_uids(product: str) -> list[str]:
    """As the reports have them; where one may have had a NUL, which is not stored as it is, in both spellings."""
    uids = Case.objects.filter(product=product, readopted_at=None).values_list("uid", flat=True)
    return [*uids, *(uid.replace(REPLACED, NUL) for uid in uids if REPLACED in uid)]


def oldest_churn() -> dt.datetime | None:
    """Of all products; looked up in an index for each, as there are few."""
    products = Pull.objects.values_list("product", flat=True).distinct()
    oldest = (Case.objects.filter(product=product).aggregate(at=Min("churned_at"))["at"] for product in products)
    return min(filter(None, oldest), default=None)


def first_applied(product: str | None) -> dt.datetime | None:
    """The moment of the first report that was applied, of all products or one."""
    pulls = Pull.objects.filter(status="applied")
    first: dt.datetime | None = (pulls.filter(product=product) if product else pulls).aggregate(at=Min("at"))["at"]
    return first


@writing()
def void_case(case: Case, reason: str, now: dt.datetime) -> None:
    """The data was wrong: the case counts nowhere (rules.md R4.7), and nothing more is said about it."""
    Case.objects.filter(pk=case.pk).update(voided_at=now, void_reason=reason)
    Notification.objects.filter(case_id=case.pk, status__in=("planned", "waiting")).update(
        status="skipped", error="the case was made void before it was sent"
    )

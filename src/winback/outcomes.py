"""One pull: what is asked for, the row that the database keeps of it, and what is said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from winback import kept
from winback.messages.send import Sent
from winback.report.check import Checked
from winback.report.sources import Source
from winback.store.models import Pull

if TYPE_CHECKING:
    from winback.settings import Product, Settings


Attempt = Literal["only", "early", "last"]


@dataclass(frozen=True)
class Request:
    """`at` None means the `{date}` of the file name, else now; `silent`: nobody is told anything, now or later.
    `attempt`: `early` and `last` ones want a report that is newer than what was applied; of an `early` one that fails
    nobody is told, since it is made again."""

    report: str | None = None
    at: dt.datetime | None = None
    dry_run: bool = False
    silent: bool = False
    sends: bool = True
    attempt: Attempt = "only"


@dataclass(frozen=True)
class Outcome:
    """What a pull came to. `status` as in the table pulls, or `dry run`; `is_new`: False where nothing changed
    (rules.md R3.14); `sent`: None where nothing was to be sent; `planned`: how many messages are left to `notify`."""

    product: str
    at: dt.datetime
    status: str
    pull_id: int | None
    source: str
    rows: int
    accepted: int
    rejected: int
    unreadable_amounts: int
    churned: int | None
    won: int | None
    missing: int | None
    findings: tuple[dict[str, Any], ...] = ()
    is_new: bool = True
    is_baseline: bool = False
    sent: Sent | None = None
    planned: int = 0


def reading_of(
    settings: Settings,
    product: Product,
    source: Source,
    at: dt.datetime,
    checked: Checked,
    request: Request,
    now: dt.datetime,
) -> Pull:
    """The row of a pull that has been read, and not yet decided on; not in the database yet."""
    return Pull(
        product=product.name,
        at=at,
        rows=checked.rows,
        accepted=checked.accepted,
        rejected=checked.rejected,
        unreadable_amounts=checked.unreadable_amounts,
        source=source.shown,
        read_at=now,
        mode=product.mode,
        uid_columns=[name.strip().casefold() for name in product.columns.uid or ("uid",)],
        other_columns=list(checked.other_columns),
        fingerprint=checked.fingerprint,
        silent=request.silent,
        sends=request.sends,
        report_file=kept.name_of(settings, checked.met.report_file),
        rejected_file=kept.name_of(settings, checked.rejected_file) if checked.rejected_file else None,
    )


def outcome_of(pull: Pull) -> Outcome:
    return Outcome(
        product=pull.product,
        at=pull.at,
        status=pull.status,
        pull_id=pull.pk,
        source=pull.source,
        rows=pull.rows,
        accepted=pull.accepted,
        rejected=pull.rejected,
        unreadable_amounts=pull.unreadable_amounts,
        churned=pull.churned,
        won=pull.won,
        missing=pull.missing,
        findings=tuple(pull.findings),
    )

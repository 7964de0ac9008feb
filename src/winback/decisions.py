"""What a person decides: approve or reject a held pull, undo the last applied one, void a case (rules.md R3.12,
R3.13, R4.7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from winback import daily, kept, progress
from winback.core.moments import format_moment
from winback.errors import WinbackError
from winback.messages import notices
from winback.outcomes import Outcome, outcome_of
from winback.report.compare import Comparison
from winback.report.history import see_report
from winback.report.meet import Rows, meet
from winback.store import record
from winback.store.audit import case_named, note, pull_named
from winback.store.database import writing
from winback.store.models import Adoption, Case, Pull

if TYPE_CHECKING:
    from winback.settings import Product, Settings

_INSTANT = dt.timedelta(microseconds=1)


def approve(settings: Settings, pull_id: int, reason: str, by: str, now: dt.datetime) -> Outcome:
    """Applies a held pull as it was read, at its own moment. Sends nothing: see sending.send."""
    product = _product_of(settings, pull_id)
    with kept.at_work(settings, product):
        pull = Pull.objects.get(pk=pull_id)
        if pull.status == "applied" and pull.decided_at is not None:
            return replace(outcome_of(pull), is_new=False)
        _refuse_unless_held(pull)
        last = kept.last_applied(product.name)
        _refuse_approval(pull, last, product)
        progress.begin("comparing", pull.rows)
        read = kept.report_of(settings, pull)
        with kept.engine_for(settings, product, read.report.parent) as engine:
            see_report(engine, "read", read.report, read.base)
            path = read.report.with_name("approved.parquet")
            met = meet(engine, kept.verified_history(settings, last), path, Rows("read"))
            compared = Comparison(met, product, pull.at)
            figures = compared.figures
            pull.churned, pull.won, pull.missing = figures.churned, figures.won, figures.missing
            pull.decided_by, pull.decided_at = by, now
            daily.apply(settings, product, pull, compared, reason=reason)
        return outcome_of(pull)


def reject(settings: Settings, pull_id: int, reason: str, by: str, now: dt.datetime) -> Outcome:
    product = _product_of(settings, pull_id)
    with kept.at_work(settings, product):
        pull = Pull.objects.get(pk=pull_id)
        if pull.status == "rejected":
            return replace(outcome_of(pull), is_new=False)
        _refuse_unless_held(pull)
        with writing():
            record.reject_pull(pull, reason, by, now)
            note(now, by, "pull rejected", pull_named(pull), reason)
        return outcome_of(pull)


def undo(settings: Settings, pull_id: int, reason: str, by: str, now: dt.datetime) -> Outcome:
    """Takes the last applied pull back, and plans the corrections of what was said because of it."""
    product = _product_of(settings, pull_id)
    with kept.at_work(settings, product):
        pull = Pull.objects.get(pk=pull_id)
        if pull.status == "undone":
            return replace(outcome_of(pull), is_new=False)
        _refuse_undo(pull, kept.last_applied(product.name))
        kept.verified_history(settings, kept.last_applied(product.name, until=pull.at - _INSTANT))
        merchants = _merchants(pull)
        with writing():
            wrong = record.undo_pull(pull, reason, by, now)
            notices.add_corrections(settings, wrong, merchants, reason, now)
            note(now, by, "pull undone", pull_named(pull), reason)
        return outcome_of(pull)


def void(settings: Settings, case_id: int, reason: str, by: str, now: dt.datetime) -> None:
    name = Case.objects.filter(pk=case_id).values_list("product", flat=True).first()
    if name is None:
        raise WinbackError(f"there is no case {case_id}: `winback show cases` lists them")
    with kept.at_work(settings, _product(settings, name)):
        case = Case.objects.filter(pk=case_id).first()
        if case is None or case.voided_at is not None:
            raise WinbackError(
                f"case {case_id} is {f'void already ({case.void_reason})' if case else 'not there any more'}"
            )
        with writing():
            record.void_case(case, reason, now)
            note(now, by, "case made void", case_named(case), reason)


def _product_of(settings: Settings, pull_id: int) -> Product:
    name = Pull.objects.filter(pk=pull_id).values_list("product", flat=True).first()
    if name is None:
        raise WinbackError(f"there is no pull {pull_id}: `winback pulls` lists them")
    return _product(settings, name)


def _product(settings: Settings, name: str) -> Product:
    if name not in settings.products:
        raise WinbackError(f"winback.toml does not have the product {name} any more: add [products.{name}]")
    return settings.products[name]


def _refuse_unless_held(pull: Pull) -> None:
    if pull.status != "held":
        raise WinbackError(f"pull {pull.pk} is {pull.status}: only a held pull can be decided on")


def _refuse_approval(pull: Pull, last: Pull | None, product: Product) -> None:
    if last is not None and pull.at <= last.at:
        raise WinbackError(
            f"pull {pull.pk} is of {format_moment(pull.at)}, but one of {format_moment(last.at)} has been applied"
            " since:"
            " only a later one can be approved; reject it"
        )
    if not pull.accepted and not (pull.mode == "presence" and not pull.rows):
        raise WinbackError(f"pull {pull.pk} has no accepted row: there is nothing to apply; reject it")
    if last is not None and not set(pull.uid_columns) & set(last.uid_columns):
        raise WinbackError(
            f"pull {pull.pk} has its UIDs from {' or '.join(pull.uid_columns)}, and the history since from"
            f" {' or '.join(last.uid_columns)}: they can't be compared; reject it"
        )
    if pull.mode != product.mode or (last is not None and pull.mode != last.mode):
        raise WinbackError(
            f'pull {pull.pk} was read in mode "{pull.mode}", but products.{product.name}.mode is "{product.mode}" now'
        )


def _refuse_undo(pull: Pull, last: Pull | None) -> None:
    if pull.status != "applied":
        raise WinbackError(f"pull {pull.pk} is {pull.status}: only an applied pull can be undone")
    if last is None or last.pk != pull.pk:
        raise WinbackError(
            f"pull {pull.pk} is not the last applied one of {pull.product}: only that ({last and last.pk}) can be"
            " undone"
        )
    undone = Pull.objects.filter(product=pull.product, status="undone", pk__gt=pull.pk).order_by("-decided_at").first()
    applied_at = pull.decided_at or pull.read_at
    if undone is not None and undone.decided_at is not None and undone.decided_at >= applied_at:
        raise WinbackError(
            f"pull {undone.pk} was undone after pull {pull.pk} was applied: one pull can be undone, once; pull again"
            " first"
        )


def _merchants(pull: Pull) -> dict[str, str]:
    """Merchant by UID, of the cases and new adoptions that an undo takes away or changes."""
    cases = Case.objects.filter(opened_by=pull) | Case.objects.filter(closed_by=pull)
    pairs = [
        *cases.values_list("uid", "merchant_name"),
        *Adoption.objects.filter(pull=pull).values_list("uid", "merchant_name"),
    ]
    return {uid: name for uid, name in pairs if name}

"""Every word that is said to a CSM or an operator, in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from winback.core.follow_ups import age_in_days
from winback.core.money import format_money

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Case
    from winback.store.outbox import Planned

_TITLES = {
    "first": "{merchant} switched off {product}",
    "second": "{merchant} is still without {product}",
    "final": "Last call: {merchant} is still without {product}",
    "readopted": "{merchant} is back on {product}",
    "new_adoption": "{merchant} switched on {product}",
}
_ASKS = {
    "first": "Please find out why and help them to switch it on again.",
    "second": "If you have not spoken to them yet, please do so today; if you have, keep at it.",
    "final": "This is the last reminder about this account. Please reach out today, or tell your manager that it"
    " can't be won back.",
    "readopted": "Nothing to do. If you helped, well done.",
    "new_adoption": "A good moment to congratulate them.",
}


def title(planned: Planned) -> str:
    return _TITLES[planned.stage].format(merchant=_merchant(planned), product=planned.product)


def single(planned: Planned, now: dt.datetime, settings: Settings) -> str:
    """One case or new adoption in full."""
    lines = [title(planned), "", *_facts(planned, now, settings), "", _ASKS[planned.stage]]
    return "\n".join(lines)


def bundle(planned: Sequence[Planned], now: dt.datetime, settings: Settings) -> str:
    """Several in one message, those with the largest GMV first; each keeps its stage."""
    products = {each.product for each in planned}
    product = next(iter(products)) if len(products) == 1 else "several products"
    if planned[0].stage == "new_adoption":
        heading, ask = f"{_accounts(len(planned))} switched on {product}", _ASKS["new_adoption"]
    else:
        heading = f"{_accounts(len(planned))} without {product} need you"
        ask = "Please reach out to them, the largest first: find out why and help them to switch it on again."
    entries = [line for each in planned for line in _entry(each, now, settings, names_product=len(products) > 1)]
    return "\n".join([heading, "", *entries, "", ask])


def rehearsal(text: str, addressee: str) -> str:
    return f"Rehearsal: this would have gone to {addressee}.\n\n{text}"


def doubt(case: Case, by: str, reason: str) -> str:
    """For an operator: a CSM says that the data of a case is wrong."""
    account = f"{_line(case.merchant_name or case.uid)} ({_line(case.uid)}, {case.product})"
    return (
        f"{_line(by)} says that the data of {account} is wrong: {_line(reason)}. Should its case count nowhere?"
        f" `winback cases void {case.pk} --reason …`"
    )


def assigned(case: Case, by: str, settings: Settings) -> str:
    """For the CSM who gets an account from a colleague."""
    return (
        f"{_line(by)} has given you {_line(case.merchant_name or case.uid)} (UID {_line(case.uid)}): it is without"
        f" {case.product} since {_moment(case.churned_at, settings)}. Please find out why and help them to switch it on"
        " again."
    )


def to_manager(planned: Planned, csm: str, settings: Settings) -> str:
    return f"{_merchant(planned)} is still without {planned.product}; {csm} has had the last reminder."


def correction(merchant: str, stage: str, reason: str) -> str:
    """What takes a delivered message back after an undo (rules.md R3.13)."""
    message = f"the message about {_line(merchant)} ({stage.replace('_', ' ')})"
    return f"Please ignore {message}: the report behind it was wrong ({reason})."


def _entry(planned: Planned, now: dt.datetime, settings: Settings, names_product: bool) -> list[str]:
    is_new = planned.stage == "new_adoption"
    product = f" {'on' if is_new else 'without'} {planned.product}" if names_product else ""
    stage = "" if is_new else f" [{planned.stage}]"
    facts = [fact.strip() for fact in _facts(planned, now, settings)]
    return [f"- {_merchant(planned)}{product}{stage}", *(f"    {fact}" for fact in facts)]


def _facts(planned: Planned, now: dt.datetime, settings: Settings) -> list[str]:
    facts = {"UID": planned.uid, **_since(planned, now, settings)}
    for label, amount in (("GMV", planned.gmv), ("Revenue", planned.revenue)):
        facts[label] = _amount(amount, settings)
    facts["Region"] = planned.region or "not known"
    others = {name.casefold(): value for name, value in planned.other_columns.items()}
    for column in settings.messages.show:
        facts[column] = others.get(column.casefold()) or "not known"
    if settings.messages.account_url:
        facts["Account"] = settings.messages.account_url.replace("{uid}", quote(planned.uid, safe=""))
    width = max(map(len, facts)) + 1
    return [f"{label + ':':<{width}} {_line(value)}" for label, value in facts.items()]


def _since(planned: Planned, now: dt.datetime, settings: Settings) -> dict[str, str]:
    if planned.won_at is not None:
        return {"On since": _moment(planned.won_at, settings)}
    churned_at = planned.churned_at or now
    if planned.readopted_at is not None:
        return {
            "Off since": _moment(churned_at, settings),
            "Back since": _moment(planned.readopted_at, settings),
        } | {"Away for": _duration(planned.readopted_at - churned_at)}
    days = age_in_days(churned_at, now, settings.tz)
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return {"Off since": f"{_moment(churned_at, settings)} ({ago})"}


def _merchant(planned: Planned) -> str:
    return _line(planned.merchant_name or planned.uid)


def _line(text: str) -> str:
    """Report content stays on its line, so that it can't pass for one of ours."""
    return " ".join(text.split())


def _moment(at: dt.datetime, settings: Settings) -> str:
    return f"{at.astimezone(settings.tz):%a %d %b %Y, %H:%M} {settings.workspace.timezone}"


def _duration(length: dt.timedelta) -> str:
    hours = length / dt.timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def _amount(amount: Decimal | None, settings: Settings) -> str:
    if amount is None:
        return "not known"
    whole = format_money(amount)
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    units, _, decimals = digits.partition(".")
    return f"{sign}{int(units):,}.{decimals} {settings.workspace.currency} a {settings.workspace.revenue_period}"


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count:,} accounts"

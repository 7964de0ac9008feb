"""What a message tells of one account, as label and value, in the order that people read them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import quote

from winback.core.follow_ups import age_in_days
from winback.messages.wording import one_line, say, say_amount, say_duration, say_moment

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.outbox import Planned


def facts_of(planned: Planned, now: dt.datetime, settings: Settings) -> tuple[tuple[str, str], ...]:
    missing = say(settings, "value.missing")
    facts = [("uid", planned.uid), *_since(planned, now, settings)]
    facts += [("gmv", say_amount(planned.gmv, settings)), ("revenue", say_amount(planned.revenue, settings))]
    facts += [("region", planned.region or missing)]
    others = {name.casefold(): value for name, value in planned.other_columns.items()}
    shown = [(column, others.get(column.casefold()) or missing) for column in settings.messages.show]
    named = [(say(settings, f"fact.{name}"), value) for name, value in facts]
    return tuple((one_line(label), one_line(value)) for label, value in [*named, *shown])


def account_url(planned: Planned, settings: Settings) -> str | None:
    return url_of_uid(planned.uid, settings)


def url_of_uid(uid: str, settings: Settings) -> str | None:
    """Where the company itself keeps the account."""
    template = settings.messages.account_url
    return template.replace("{uid}", quote(uid, safe="")) if template else None


def merchant_of(planned: Planned) -> str:
    return one_line(planned.merchant_name or planned.uid)


def words_of(planned: Planned, settings: Settings) -> dict[str, str]:
    """What titles and asks may name of an account; see settings/wording.py."""
    missing = say(settings, "value.missing")
    return {
        "merchant": merchant_of(planned),
        "product": planned.product,
        "uid": planned.uid,
        "region": planned.region or missing,
        "gmv": say_amount(planned.gmv, settings),
        "revenue": say_amount(planned.revenue, settings),
        "csm": planned.csm_name or planned.csm_email or missing,
    }


def _since(planned: Planned, now: dt.datetime, settings: Settings) -> list[tuple[str, str]]:
    if planned.won_at is not None:
        return [("on_since", say_moment(planned.won_at, settings))]
    churned_at = planned.churned_at or now
    off_since = say_moment(churned_at, settings)
    if planned.readopted_at is not None:
        away_for = say_duration(planned.readopted_at - churned_at, settings)
        back_since = say_moment(planned.readopted_at, settings)
        return [("off_since", off_since), ("back_since", back_since), ("away_for", away_for)]
    ago = _ago(age_in_days(churned_at, now, settings.tz), settings)
    return [("off_since", say(settings, "value.since", moment=off_since, ago=ago))]


def _ago(days: int, settings: Settings) -> str:
    named = {0: "value.today", 1: "value.yesterday"}
    return say(settings, named[days]) if days in named else say(settings, "value.days_ago", days=days)

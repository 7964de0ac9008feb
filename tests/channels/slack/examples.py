"""Contents by hand, for what blocks become of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from winback.messages.content import Answer, Content, Entry
from winback.settings import Settings

SETTINGS = Settings(folder=Path("/shop"))
ALL: tuple[Answer, ...] = ("reach_out", "log_outcome", "snooze", "not_mine", "data_wrong")
HOSTILE = "<!channel> & <@U0FAKE0001> *b* _i_ ~s~ `c` @here :smile: <https://evil.example|click> https://evil.example"


def entry(number: int = 1, **changes: Any) -> Entry:
    facts = (("UID", f"M-{number}"), ("GMV", "1,200.00 USD a month"), ("Region", "EMEA"))
    values: dict[str, Any] = {
        "notification": number,
        "case": number,
        "product": "payments",
        "uid": f"M-{number}",
        "merchant": f"Shop {number}",
        "stage": "first",
        "facts": facts,
        "gmv": Decimal(1200),
        "answers": ALL,
    }
    return Entry(**(values | changes))


def content(*entries: Entry, **changes: Any) -> Content:
    entries = entries or (entry(),)
    title = changes.pop("title", f"{entries[0].merchant} switched off payments")
    values: dict[str, Any] = {"kind": "follow_up", "ask": "Please find out why.", "entries": entries}
    values |= {"title": title, "text": f"{title}\n\nUID: {entries[0].uid}\n\nPlease find out why."} | changes
    return Content(**values)


def bundle(count: int, **changes: Any) -> Content:
    entries = [entry(number, **changes) for number in range(1, count + 1)]
    lines = "\n".join(f"- {each.merchant}: {dict(each.facts)}" for each in entries)
    title, ask = f"{count} accounts without payments need you", "Please reach out to them."
    return content(*entries, title=title, ask=ask, text=f"{title}\n\n{lines}\n\n{ask}")

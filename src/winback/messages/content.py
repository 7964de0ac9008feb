"""What one message says, apart from how a channel shows it: the accounts it is about, with their facts, and the ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["follow_up", "readopted", "new_adoption", "notice"]
Answer = Literal["reach_out", "log_outcome", "snooze", "not_mine", "data_wrong"]


@dataclass(frozen=True)
class Standing:
    """How a case stands at a moment, as far as a message tells. `status`: at_risk, lost, won, void, or undone where a
    pull that a message was about was taken back. `last_stage`: the newest that was delivered."""

    status: str
    churned_at: dt.datetime
    readopted_at: dt.datetime | None = None
    last_stage: str | None = None
    claim: str | None = None
    claimed_by: str | None = None
    claim_reason: str | None = None
    snoozed_until: dt.datetime | None = None
    snooze_reason: str | None = None
    engaged_by: str | None = None
    engaged_at: dt.datetime | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Entry:
    """One account in a message. `facts`: label and value, in order, as people read them; `standing`: one line that says
    how its case stands, None while there is nothing to add; `is_open`: whether an answer can still change anything,
    `answers`: which ones, what most people want first."""

    notification: int
    case: int | None
    product: str
    uid: str
    merchant: str
    stage: str
    facts: tuple[tuple[str, str], ...]
    gmv: Decimal | None = None
    url: str | None = None
    standing: str | None = None
    is_open: bool = True
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Figures:
    """`chart`: its title, `series`: what it counts, `bars`: what each stands for and how much it is; `rows`: of a
    table, the heading first."""

    chart: str
    series: str
    bars: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Content:
    """`text`: the whole of it, the ask included, for who hears it read out and for channels that show nothing else.
    `preface`: whom it was for, where somebody else gets it; `is_rehearsal`: it goes to `redirect_to`, and nothing
    counts; `is_withdrawn`: an undo has taken back all that it was about; `figures`: of a digest; `was_useful`: what
    somebody has answered to that."""

    kind: Kind
    title: str
    text: str
    ask: str = ""
    entries: tuple[Entry, ...] = ()
    preface: str | None = None
    is_rehearsal: bool = False
    is_withdrawn: bool = False
    figures: Figures | None = None
    was_useful: bool | None = None

    @property
    def is_bundle(self) -> bool:
        return len(self.entries) > 1

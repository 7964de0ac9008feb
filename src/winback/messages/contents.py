"""What a message says about the notifications that it tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from winback.messages import wording
from winback.messages.content import Content, Standing
from winback.messages.people import Addressee

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.outbox import Planned


def build_content(
    planned: Sequence[Planned],
    standings: Mapping[int, Standing],
    now: dt.datetime,
    settings: Settings,
    addressee: Addressee,
) -> Content:
    single = len(planned) == 1
    text = wording.single(planned[0], now, settings) if single else wording.bundle(planned, now, settings)
    return Content("follow_up", text.split("\n")[0], text)


def rehearsed(content: Content, addressee: str) -> Content:
    """`redirect_to`: to whom it would have gone."""
    text = wording.rehearsal(content.text, addressee)
    return replace(content, text=text, preface=text.split("\n")[0])

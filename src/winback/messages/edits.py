"""Delivered messages are edited where they stand when the state of their case changes (won, snoozed, claimed …)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice

from winback.messages.channel import Channel, Letter, OutcomeUnknown, Recipient, Refused, TryLater
from winback.messages.contents import build_content
from winback.messages.deliver import Post, place_of
from winback.messages.people import addressee_at
from winback.messages.standing import standings_of
from winback.store import outbox, shown
from winback.store.answers import was_useful
from winback.store.models import Message
from winback.store.outbox import Run


def refresh_shown(post: Post, channel: Channel, run: Run, case: int | None = None, most: int | None = None) -> int:
    """Edits every message about a case, or about any, that shows another state than the case has now, `most` of them at
    the most; how many. What the channel does not take now, the next run edits; what it never will is left as it is."""
    if not channel.edits:
        return 0
    stale = shown.stale_messages(channel.name, run, case)
    edited = 0
    try:
        for key, states in islice(stale.items(), most):
            edited += _refresh(post, channel, run, key, states)
    except (TryLater, OutcomeUnknown):
        pass
    return edited


def show_again(post: Post, channel: Channel, run: Run, key: str) -> None:
    """One message as it is to be now, with the thanks for an answer to whether it was useful. What the channel does
    not take is left as it is."""
    if channel.edits:
        with suppress(Refused, TryLater, OutcomeUnknown):
            _edit(post, channel, run, key)


def _refresh(post: Post, channel: Channel, run: Run, key: str, states: dict[int, str]) -> int:
    try:
        _edit(post, channel, run, key)
    except Refused:
        # Somebody has deleted it, or it is too old: there is nothing to bring up to date any more.
        shown.mark_shown(states)
        return 0
    shown.mark_shown(states)
    return 1


def _edit(post: Post, channel: Channel, run: Run, key: str) -> None:
    message = Message.objects.get(pk=key)
    told = outbox.told_by(key, run.clock)
    recipient = Recipient(message.address, message.recipient)
    csm = (told[0].csm_name, told[0].csm_email)
    addressee = addressee_at(recipient, *csm, channel.name, post.settings, run.clock)
    content = build_content(told, standings_of(told, run), run.now, post.settings, addressee)
    place = place_of(message)
    assert place is not None  # noqa: S101
    channel.edit(place, Letter(key, recipient, replace(content, was_useful=was_useful(message))))

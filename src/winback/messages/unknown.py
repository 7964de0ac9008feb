"""What became of messages of unknown outcome: the channel is asked, or takes them again; else a person decides."""

from __future__ import annotations

from winback.messages.channel import CannotLookUp, Channel, Letter, Recipient, TryLater
from winback.messages.deliver import TRIES, Parcel, Post, attempt, letter_of, mark_sent
from winback.messages.parcels import Notifications, OneNotice
from winback.messages.people import addressee_at
from winback.store import notices, outbox
from winback.store.models import Message
from winback.store.outbox import Run


def settle_unknown(post: Post, channel: Channel, run: Run) -> None:
    """Raises nothing: what can't be settled now stays as it is."""
    if channel.when_unknown == "wait":
        return
    for message in outbox.unknown_messages(channel.name, post.clock()):
        told = outbox.told_by(message.key, post.clock())
        csm, recipient = (told[0].csm_name, told[0].csm_email), Recipient(message.address, message.recipient)
        addressee = addressee_at(recipient, *csm, channel.name, post.settings, post.clock())
        _settle(post, channel, message, Notifications(post, run, addressee, told, told))


def settle_unknown_notices(post: Post, channel: Channel) -> None:
    if channel.when_unknown == "wait":
        return
    for message in notices.unknown_messages(channel.name, post.clock()):
        if notice := notices.of(message):
            _settle(post, channel, message, OneNotice(post, notice))


def _settle(post: Post, channel: Channel, message: Message, parcel: Parcel) -> None:
    recipient = Recipient(message.address, message.recipient)
    letter = letter_of(channel, message, recipient, parcel, message.thread)
    try:
        if channel.when_unknown == "look up":
            _look_up(post, channel, message, letter, parcel)
        elif parcel.attempts < TRIES and outbox.claim_again(message, post.clock()):
            attempt(post, channel, message, letter, parcel)
    except CannotLookUp as problem:
        parcel.leave_unknown(message, f"nobody knows whether it arrived: {problem}; a person decides")
    except TryLater as problem:
        parcel.leave_unknown(message, str(problem))


def _look_up(post: Post, channel: Channel, message: Message, letter: Letter, parcel: Parcel) -> None:
    place = channel.find(letter, message.attempted_at)
    if place is not None:
        mark_sent(post, message, place, parcel)
    elif isinstance(parcel, OneNotice):
        notices.tell_again(message)
    else:
        outbox.plan_again(message)

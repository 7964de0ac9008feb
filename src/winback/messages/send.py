"""The sender: gathers what is planned into messages and sees each on its way (rules.md §5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from winback.core.moments import format_moment
from winback.messages import notices
from winback.messages.channel import Recipient, TryLater
from winback.messages.deliver import Post, Result, deliver
from winback.messages.edits import refresh_shown
from winback.messages.parcels import Notifications, Rehearsal, tell_operators
from winback.messages.people import Addressee, csm_key, fallback_for, find_addressee, good_time, manager_of
from winback.messages.unknown import settle_unknown
from winback.store import outbox
from winback.store.models import Message
from winback.store.outbox import Planned, Run
from winback.store.people import names_kept

# Case and channel → when the second was delivered there.
Seconds = dict[tuple[int, str], dt.datetime]


@dataclass(frozen=True)
class Group:
    """What one person is told in one message, about one or several notifications."""

    channel: str
    addressee: Addressee
    planned: list[Planned]


@dataclass
class Sent:
    """What a run did, in messages; `notifications` counts what they told, `dropped` what was not true any more, `held`
    what waits for somebody's working hours, `later` what a channel did not take this time."""

    messages: int = 0
    notifications: int = 0
    waiting: int = 0
    unrouted: int = 0
    failed: int = 0
    rehearsed: int = 0
    dropped: int = 0
    held: int = 0
    later: int = 0
    unknown: int = 0
    edited: int = 0


def send_planned(run: Run, post: Post, released: bool = False) -> Sent:
    """Sends what is planned and still true at `run.now`; the rest is skipped (rules.md R5.4). `released`: a person said
    that it may be more than `max_per_run` messages (R5.7)."""
    sent = Sent(dropped=outbox.drop_stale(run))
    closed = _prepare(run, post)
    why: dict[int, str] = {}
    due = list(_due(run, closed, sent, why))
    with names_kept():
        groups = list(gather(due, post, sent, why))
    outbox.note_why_held(why)
    if len(groups) > post.settings.messages.max_per_run and not released:
        _have_wait(groups, post, sent)
        return sent
    for group in _in_turn(groups):
        _send(group, run, post, sent)
    sent.dropped += outbox.drop_stale(run)
    for name in post.settings.messages.channel:
        sent.edited += refresh_shown(post, post.open(name), run)
    return sent


def _prepare(run: Run, post: Post) -> dict[str, str]:
    """Channel → why nothing can be sent on it now."""
    closed: dict[str, str] = {}
    for name in post.settings.messages.channel:
        channel = post.open(name)
        try:
            channel.prepare(post.clock())
        except TryLater as problem:
            closed[name] = str(problem)
        settle_unknown(post, channel, run)
    return closed


def _due(run: Run, closed: dict[str, str], sent: Sent, why: dict[int, str]) -> Iterator[Planned]:
    """`why`: notification → the reason why it stays planned, of those that do."""
    for each in outbox.due(run):
        if each.channel in closed:
            sent.later += 1
            why[each.id] = closed[each.channel]
        else:
            yield each


def gather(planned: list[Planned], post: Post, sent: Sent, why: dict[int, str]) -> Iterator[Group]:
    """More follow-ups for one person than `bundle_over` share one message (R5.7); new adoptions always do (R5.5). What
    has to wait for a person's working hours is left as it is, and put into `why` (see `_due`)."""
    theirs: dict[tuple[str, str | None, str], list[Planned]] = {}
    for each in planned:
        kind = each.stage if each.stage in ("readopted", "new_adoption") else "follow_up"
        theirs.setdefault((each.channel, csm_key(each.csm_name, each.csm_email), kind), []).append(each)
    settings, seconds = post.settings, _seconds(planned, post)
    for (channel, _, kind), together in theirs.items():
        addressee = find_addressee(together[0].csm_name, together[0].csm_email, channel, settings, post.clock())
        ready, held = _ready(addressee, together, seconds, post)
        sent.held += len(held)
        why.update(held)
        is_shared = kind == "new_adoption" or (kind == "follow_up" and len(ready) > settings.messages.bundle_over)
        for part in [ready] if is_shared and ready else [[each] for each in ready]:
            yield Group(channel, addressee, part)


def _seconds(planned: list[Planned], post: Post) -> Seconds:
    """When the seconds were delivered that finals follow; of use where there are quiet hours."""
    finals = [each.case_id for each in planned if each.stage == "final" and each.case_id is not None]
    return outbox.delivered_at("second", finals) if finals and post.settings.quiet_hours else {}


def _ready(
    addressee: Addressee, planned: list[Planned], seconds: Seconds, post: Post
) -> tuple[list[Planned], dict[int, str]]:
    """Those for which it is a good time now, and why it is none for the others; a final not sooner than the working day
    after the second."""
    now, ready, held = post.clock(), list[Planned](), dict[int, str]()
    for each in planned:
        after = seconds.get((each.case_id or 0, each.channel)) if each.stage == "final" else None
        opens_at = good_time(post.settings, addressee, now, after)
        if opens_at <= now:
            ready.append(each)
        else:
            held[each.id] = f"held for {addressee.name} until {format_moment(opens_at)} (quiet hours)"
    return ready, held


def _have_wait(groups: list[Group], post: Post, sent: Sent) -> None:
    limit = post.settings.messages.max_per_run
    planned = [each for group in groups for each in group.planned]
    outbox.settle(planned, "waiting", f"more than {limit} messages in one run: `winback notify --release`")
    sent.waiting = len(groups)


def _in_turn(groups: list[Group]) -> Iterator[Group]:
    """One for each person, then the next for each: so nobody's channel has to be waited for while others could be
    served; for one person in the order given."""
    theirs: dict[object, list[Group]] = {}
    for group in groups:
        theirs.setdefault((group.channel, group.addressee.recipient), []).append(group)
    for round_ in zip_longest(*theirs.values()):
        yield from filter(None, round_)


def _send(group: Group, run: Run, post: Post, sent: Sent) -> None:
    recipient = group.addressee.recipient
    if recipient is None:
        reason = group.addressee.note or "the account has no CSM, and there is no messages.fallback"
        outbox.settle(group.planned, "unrouted", reason)
        tell_operators(post, group.planned, "unrouted")
        sent.unrouted += 1
        return
    if post.settings.messages.redirect_to:
        _rehearse(group, run, post, sent)
        return
    parcel = Notifications(post, run, group.addressee, group.planned)
    result = deliver(post, post.open(group.channel), recipient, parcel, _thread(group, recipient))
    if result == "refused recipient":
        _send_to_fallback(group, run, post, sent)
        return
    _count(result, parcel, sent)
    if result == "sent":
        _tell_managers(parcel, group.channel, post)


def _thread(group: Group, recipient: Recipient) -> Message | None:
    """Follow-ups and the word of a re-adoption go on where the case was first told."""
    first = group.planned[0]
    return outbox.thread_of(first, recipient.address) if len(group.planned) == 1 and first.case_id else None


def _send_to_fallback(group: Group, run: Run, post: Post, sent: Sent) -> None:
    """The channel does not know the person (any more): somebody must hear of the account all the same."""
    if group.addressee.is_fallback:
        parcel = Notifications(post, run, group.addressee, group.planned, group.planned)
        outbox.settle(group.planned, "failed", f"the fallback {group.addressee.name} can't be reached")
        tell_operators(post, group.planned, "failed")
        _count("failed", parcel, sent)
        return
    fallback = fallback_for(group.addressee, group.channel, post.settings)
    _send(Group(group.channel, fallback, group.planned), run, post, sent)


def _rehearse(group: Group, run: Run, post: Post, sent: Sent) -> None:
    """It goes to `redirect_to`, and nothing counts as delivered."""
    rehearsed = post.settings.messages.redirect_to
    parcel = Rehearsal(post, run, group.addressee, group.planned)
    result = deliver(post, post.open(group.channel), Recipient(rehearsed, rehearsed), parcel)
    if result == "sent":
        sent.rehearsed += 1
    else:
        _count(result, parcel, sent)


def _count(result: Result, parcel: Notifications, sent: Sent) -> None:
    if result == "sent":
        sent.messages += 1
        sent.notifications += len(parcel.claimed)
    sent.failed += result in ("failed", "refused recipient")
    sent.later += result == "later"
    sent.unknown += result == "unknown"


def _tell_managers(parcel: Notifications, channel: str, post: Post) -> None:
    """A final also goes to the manager."""
    for each in parcel.claimed:
        if each.stage == "final" and (manager := manager_of(parcel.addressee, channel, post.settings, post.clock())):
            notices.of_final(each, parcel.addressee, manager, post)

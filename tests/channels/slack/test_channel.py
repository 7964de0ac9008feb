"""Delivered, found again, edited: the real client against a Slack of our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.channels.slack.examples import HOSTILE, SETTINGS, bundle, content, entry
from tests.channels.slack.talking import Talk
from tests.fake_slack import FakeSlack, links_in, pinged_by
from tests.programme import day
from winback.channels.slack.channel import Slack
from winback.messages.channel import CannotLookUp, OutcomeUnknown, Place, Refused, TryLater
from winback.messages.content import Content


def test_a_message_reaches_a_member_and_says_where_it_stands(talk: Talk) -> None:
    place = talk.deliver("k1")
    (message,) = talk.delivered()
    assert place == Place(message.channel, message.ts)
    assert message.channel.startswith("D")
    assert message.metadata == {"event_type": "winback", "event_payload": {"key": "k1"}}
    assert message.text.startswith("Shop 1 switched off payments")
    (call,) = talk.slack.calls("chat.postMessage")
    assert not {"username", "icon_emoji", "icon_url"} & call.arguments.keys()
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_the_conversation_with_a_member_is_opened_once(talk: Talk) -> None:
    talk.deliver("k1")
    talk.deliver("k2")
    assert len(talk.slack.calls("conversations.open")) == 1


def test_a_conversation_that_is_known_is_not_opened_again(talk: Talk) -> None:
    known = talk.deliver("k1").conversation
    before = len(talk.slack.calls("conversations.open"))
    another = Slack(talk.channel._client, SETTINGS)
    talk.slack.clock.advance(2)
    assert another.deliver(replace(talk.letter("k2"), conversation=known)).conversation == known
    assert another.find(replace(talk.letter("k2"), conversation=known), day(1)) is not None
    assert len(talk.slack.calls("conversations.open")) == before


def test_a_conversation_that_is_gone_is_opened_anew(talk: Talk) -> None:
    """The app was made anew, say in another workspace."""
    letter = replace(talk.letter("k1"), conversation="D0GONE")
    with pytest.raises(TryLater) as later:
        talk.channel.deliver(letter)
    assert later.value.after == talk.channel.pause
    assert talk.channel.deliver(letter).conversation == talk.delivered()[0].channel


def test_a_channel_is_written_to_by_name_or_id(talk: Talk) -> None:
    channel = talk.slack.add_channel("winback")
    assert talk.deliver("k1", "#winback").conversation == channel.id
    assert talk.deliver("k2", channel.id).conversation == channel.id


def test_a_follow_up_stands_in_the_thread_and_is_shown_below(talk: Talk) -> None:
    first = talk.deliver("k1")
    talk.deliver("k2", thread=first)
    message = talk.delivered()[1]
    assert (message.thread_ts, message.broadcast) == (first.id, True)


def test_a_follow_up_whose_thread_was_deleted_is_posted_anew_and_found(talk: Talk, slack: FakeSlack) -> None:
    talk.deliver("k1")
    gone = Place(talk.delivered()[0].channel, "1.000001")
    with pytest.raises(TryLater) as later:
        talk.deliver("k2", thread=gone)
    assert later.value.after == talk.channel.pause
    place = talk.deliver("k2", thread=gone)
    assert talk.delivered()[1].thread_ts is None
    assert talk.find(talk.letter("k2", thread=gone)) == place


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"deleted": True}, "user_disabled"),
        ({"visible": False}, "user_not_visible"),
        ({"is_bot": True}, "cannot_dm_bot"),
        ({"messages_tab": False}, "messages_tab_disabled"),
    ],
)
def test_whoever_can_not_be_written_to_is_told_apart_before_posting(
    talk: Talk, slack: FakeSlack, states: dict[str, bool], said: str
) -> None:
    lee = slack.add_user("Lee Park", **states)
    with pytest.raises(Refused, match=said) as refused:
        talk.deliver("k1", lee.id)
    assert refused.value.is_about_recipient
    assert slack.messages(lee.id) == []


@pytest.mark.parametrize("address", ["#nowhere", "#left", "#old", "dana@shop.example", "Dana Ruiz"])
def test_an_address_that_slack_does_not_take_is_the_recipients(talk: Talk, slack: FakeSlack, address: str) -> None:
    slack.add_channel("left", is_member=False)
    slack.add_channel("old", is_archived=True)
    with pytest.raises(Refused) as refused:
        talk.deliver("k1", address)
    assert refused.value.is_about_recipient


def test_what_a_report_says_pings_nobody_and_leads_nowhere(talk: Talk) -> None:
    facts = ((HOSTILE, HOSTILE),)
    told = [content(entry(merchant=HOSTILE, facts=facts, standing=HOSTILE), title=HOSTILE, text=HOSTILE, ask=HOSTILE)]
    told += [bundle(3, merchant=HOSTILE, facts=facts), Content("notice", HOSTILE, HOSTILE)]
    for number, each in enumerate(told):
        talk.slack.clock.advance(2)
        talk.channel.deliver(talk.letter(f"k{number}", told=each))
    for message in talk.delivered():
        assert pinged_by(message) == set()
        assert links_in(message) == set()


# Unknown outcomes


@pytest.mark.parametrize(
    "kind", ["silence", "dropped", "http_500", "http_503", "html", "fatal_error", "internal_error"]
)
@pytest.mark.parametrize("done", [False, True])
def test_an_unknown_outcome_is_found_out_by_its_key(talk: Talk, kind: str, done: bool) -> None:
    talk.deliver("k0")
    talk.slack.faults.order(kind, done=done)  # type: ignore[arg-type]
    with pytest.raises(OutcomeUnknown):
        talk.deliver("k1")
    talk.slack.clock.advance(90)
    found = talk.find(talk.letter("k1"), since=90)
    if done:
        message = talk.delivered()[1]
        assert found == Place(message.channel, message.ts)
    else:
        assert found is None
    assert len(talk.slack.calls("chat.postMessage")) == 2


def test_a_reply_of_unknown_outcome_is_found_in_its_thread(talk: Talk) -> None:
    first = talk.deliver("k1")
    talk.slack.faults.order("dropped", done=True)
    with pytest.raises(OutcomeUnknown):
        talk.deliver("k2", thread=first)
    found = talk.find(talk.letter("k2", thread=first))
    assert found is not None
    assert found.id == talk.delivered()[1].ts
    assert talk.find(talk.letter("k3", thread=first)) is None


def test_it_is_looked_for_on_every_page(talk: Talk) -> None:
    wanted = talk.deliver("k0")
    for number in range(1, 40):
        talk.slack.post_as(talk.dana, wanted.conversation or "", f"message {number}")
    assert talk.find(talk.letter("k0"), since=120) == wanted
    assert len(talk.slack.calls("conversations.history")) == 3
    assert {call.arguments["limit"] for call in talk.slack.calls("conversations.history")} == {"15"}


def test_what_is_older_than_the_attempt_is_not_looked_at(talk: Talk) -> None:
    talk.deliver("k1")
    talk.slack.clock.advance(3_600)
    assert talk.find(talk.letter("k1"), since=0) is None


def test_somebody_elses_metadata_are_not_ours(talk: Talk) -> None:
    place = talk.deliver("k1")
    talk.delivered()[0].metadata = {"event_type": "other", "event_payload": {"key": "k1"}}
    assert place.id
    assert talk.find(talk.letter("k1")) is None


@pytest.mark.parametrize("scope", ["im:history", "im:write"])
def test_without_the_scope_a_person_must_look(talk: Talk, scope: str) -> None:
    talk.slack.scopes.discard(scope)
    with pytest.raises(CannotLookUp, match=scope):
        talk.find(talk.letter("k1"))


def test_a_message_to_a_channel_is_found_where_the_app_may_read_it(talk: Talk) -> None:
    talk.slack.add_channel("winback")
    place = talk.deliver("k1", "#winback")
    assert talk.find(talk.letter("k1", "#winback")) == place
    talk.slack.scopes.discard("channels:history")
    with pytest.raises(CannotLookUp, match="channels:history"):
        talk.find(talk.letter("k1", "#winback"))
    with pytest.raises(CannotLookUp, match="not among the channels"):
        talk.find(talk.letter("k1", "#nowhere"))


def test_a_private_channel_is_looked_into_where_the_app_may(talk: Talk) -> None:
    talk.slack.add_channel("secret", is_private=True)
    place = talk.deliver("k1", "#secret")
    assert talk.find(talk.letter("k1", "#secret")) == place
    talk.slack.scopes.discard("groups:history")
    with pytest.raises(CannotLookUp, match="groups:history"):
        talk.find(talk.letter("k1", "#secret"))


def test_looking_again_later_is_what_a_passing_fault_asks_for(talk: Talk) -> None:
    talk.deliver("k1")
    for kind in ("http_500", "dropped", "ratelimited"):
        talk.slack.faults.order(kind, "conversations.history")
        with pytest.raises(TryLater):
            talk.find(talk.letter("k1"))
    assert talk.find(talk.letter("k1")) is not None


# Passing failures


def test_slack_says_how_long_it_wants_to_be_left_alone(talk: Talk) -> None:
    talk.slack.faults.order("ratelimited", seconds=7)
    with pytest.raises(TryLater) as later:
        talk.deliver("k1")
    assert later.value.after == dt.timedelta(seconds=7)
    talk.deliver("k1")
    assert len(talk.delivered()) == 1


def test_two_messages_within_a_second_are_one_too_many(talk: Talk) -> None:
    talk.deliver("k1")
    with pytest.raises(TryLater) as later:
        talk.channel.deliver(talk.letter("k2"))
    assert later.value.after == talk.channel.pause


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
def test_a_token_that_is_no_good_any_more_loses_nothing(talk: Talk, code: str) -> None:
    talk.slack.revoke(code)
    for key in ("k1", "k2", "k3"):
        with pytest.raises(TryLater, match=code) as later:
            talk.deliver(key)
        assert later.value.after is not None
    assert len(talk.slack.calls()) == 1, "not every message in turn is tried in vain"


def test_a_fault_before_the_post_is_no_unknown_outcome(talk: Talk) -> None:
    for kind in ("silence", "http_500", "html", "dropped"):
        talk.slack.faults.order(kind, "conversations.open")
        with pytest.raises(TryLater):
            talk.deliver("k1")
    assert talk.slack.calls("chat.postMessage") == []


def test_a_slack_that_is_not_there_took_nothing(talk: Talk) -> None:
    talk.deliver("k1")
    talk.channel._client.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(TryLater, match="can't be reached"):
        talk.deliver("k2")


def test_another_program_at_the_address_loses_nothing(talk: Talk) -> None:
    talk.channel._client.base_url = talk.slack.address + "/"
    with pytest.raises(TryLater, match=r"slack\.base_url"):
        talk.deliver("k1")


# Edits


def test_a_message_is_edited_where_it_stands_and_keeps_its_key(talk: Talk) -> None:
    place = talk.deliver("k1")
    before = [block["block_id"] for block in talk.delivered()[0].blocks]
    talk.channel.edit(place, talk.letter("k1", told=content(entry(answers=(), standing="Back since Monday."), ask="")))
    (message,) = talk.delivered()
    assert "Back since Monday." in str(message.blocks)
    assert "actions" not in [block["type"] for block in message.blocks]
    assert not set(before) & {block["block_id"] for block in message.blocks}
    assert message.metadata == {"event_type": "winback", "event_payload": {"key": "k1"}}


@pytest.mark.parametrize("code", ["message_not_found", "edit_window_closed", "cant_update_message"])
def test_what_can_not_be_edited_any_more_is_refused(talk: Talk, code: str) -> None:
    place = talk.deliver("k1")
    talk.slack.faults.order("error", "chat.update", code=code)
    with pytest.raises(Refused, match=code):
        talk.channel.edit(place, talk.letter("k1"))


def test_an_edit_that_ended_nobody_knows_how_is_made_again(talk: Talk) -> None:
    place = talk.deliver("k1")
    talk.slack.faults.order("dropped", "chat.update", done=True)
    with pytest.raises(TryLater):
        talk.channel.edit(place, talk.letter("k1"))
    talk.channel.edit(place, talk.letter("k1"))


def test_without_its_place_nothing_is_edited(talk: Talk) -> None:
    with pytest.raises(Refused):
        talk.channel.edit(Place(), talk.letter("k1"))

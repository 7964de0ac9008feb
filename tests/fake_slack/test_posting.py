"""The real client posts, edits and reads: where, what, and what is refused."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.fake_slack import Clock, FakeSlack, User, links_in, pinged_by
from tests.fake_slack.shown import show_conversation, show_message


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(clock=Clock(start=1_800_000_000), rate_limits=False) as slack:
        yield slack


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])


@pytest.fixture
def dana(slack: FakeSlack) -> User:
    return slack.add_user("Dana Ruiz", email="dana@shop.example")


def error_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_the_directory_comes_in_pages_and_holds_everybody(slack: FakeSlack, client: WebClient, dana: User) -> None:
    slack.add_user("Gone", deleted=True, email="gone@shop.example")
    slack.add_user("Guest", is_ultra_restricted=True, tz=None)
    members = [member for page in client.users_list(limit=2) for member in page["members"]]
    assert [member["id"] for member in members][:2] == ["USLACKBOT", "U0WINBACK"]
    assert [member["deleted"] for member in members] == [False, False, False, True, False]
    assert (members[2]["profile"]["email"], members[2]["tz"]) == ("dana@shop.example", "Europe/Madrid")
    assert members[4]["is_ultra_restricted"]
    assert "tz" not in members[4]
    assert error_of(client.users_list) == "limit_required"
    slack.scopes.remove("users:read.email")
    assert "email" not in client.users_info(user=dana.id)["user"]["profile"]


def test_a_person_is_found_by_e_mail_unless_gone(slack: FakeSlack, client: WebClient, dana: User) -> None:
    assert client.users_lookupByEmail(email="Dana@shop.example")["user"]["id"] == dana.id
    dana.deleted = True
    assert error_of(client.users_lookupByEmail, email="dana@shop.example") == "users_not_found"


def test_a_conversation_with_somebody_gone_cannot_be_opened_but_written_to(
    slack: FakeSlack, client: WebClient, dana: User
) -> None:
    dana.deleted = True
    assert error_of(client.conversations_open, users=[dana.id]) == "user_disabled"
    assert client.chat_postMessage(channel=dana.id, text="nobody reads this")["ok"]
    assert error_of(client.conversations_open, users=["U404"]) == "user_not_found"
    assert error_of(client.conversations_open, users=[slack.add_user("Far", visible=False).id]) == "user_not_visible"
    assert error_of(client.chat_postMessage, channel="U404", text="x") == "channel_not_found"


def test_a_person_is_one_conversation_however_addressed(slack: FakeSlack, client: WebClient, dana: User) -> None:
    opened = client.conversations_open(users=[dana.id])["channel"]["id"]
    assert client.chat_postMessage(channel=dana.id, text="one")["channel"] == opened
    assert client.chat_postMessage(channel=opened, text="two")["channel"] == opened
    assert client.chat_postMessage(channel=dana.id, text="dressed up", username="Boss")["channel"] != opened
    dana.messages_tab = False
    assert error_of(client.chat_postMessage, channel=dana.id, text="x") == "messages_tab_disabled"


def test_channels_by_name_and_id(slack: FakeSlack, client: WebClient) -> None:
    slack.add_channel("winback")
    slack.add_channel("elsewhere", is_member=False)
    slack.add_channel("secret", is_member=False, is_private=True)
    slack.add_channel("old", is_archived=True)
    channel = client.chat_postMessage(channel="#winback", text="x")["channel"]
    assert channel.startswith("C")
    assert error_of(client.chat_postMessage, channel="#elsewhere", text="x") == "not_in_channel"
    assert error_of(client.chat_postMessage, channel="#secret", text="x") == "channel_not_found"
    assert error_of(client.chat_postMessage, channel="#old", text="x") == "is_archived"
    assert error_of(client.chat_update, channel="#winback", ts="1.0", text="x") == "channel_not_found"
    listed = client.conversations_list(types="public_channel,private_channel", exclude_archived=True)["channels"]
    assert [each["name"] for each in listed] == ["winback", "elsewhere"]
    assert client.conversations_info(channel=channel)["channel"]["is_member"]
    slack.scopes.add("chat:write.public")
    client.chat_postMessage(channel="#elsewhere", text="x")


def test_text_is_needed_and_cut(slack: FakeSlack, client: WebClient, dana: User) -> None:
    for without in ({"blocks": [section("x")]}, {"text": " "}):
        assert (
            error_of(client.api_call, api_method="chat.postMessage", json={"channel": dana.id} | without) == "no_text"
        )
    client.chat_postMessage(channel=dana.id, text="x" * 40_001)
    assert len(slack.messages(dana.id)[0].text) == 40_000


def test_bad_blocks_are_refused_and_why_is_said(slack: FakeSlack, client: WebClient, dana: User) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=dana.id, text="x", blocks=[section("x"), section("")])
    assert caught.value.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/1/text/text]" in caught.value.response["response_metadata"]["messages"][0]
    much = [section("x" * 2900)] * 5
    assert error_of(client.chat_postMessage, channel=dana.id, text="x", blocks=much) == "msg_blocks_too_long"
    assert error_of(client.views_publish, user_id=dana.id, view={"type": "home"}) == "invalid_arguments"
    assert slack.messages(dana.id) == []


def test_metadata_is_read_back_only_when_asked_for(slack: FakeSlack, client: WebClient, dana: User) -> None:
    metadata = {"event_type": "winback", "event_payload": {"key": "8841:ep3"}}
    channel = client.chat_postMessage(channel=dana.id, text="x", metadata=metadata)["channel"]
    assert client.conversations_history(channel=channel)["messages"][0]["metadata"] == {"event_type": "winback"}
    shown = client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert shown["metadata"] == metadata
    wrong = {"event_type": "winback"}
    assert error_of(client.chat_postMessage, channel=dana.id, text="x", metadata=wrong) == "invalid_metadata_format"
    huge = {"event_type": "winback", "event_payload": {"key": "x" * 20_000}}
    assert error_of(client.chat_postMessage, channel=dana.id, text="x", metadata=huge) == "metadata_too_large"


def test_replies_are_in_the_thread_not_in_history(slack: FakeSlack, client: WebClient, dana: User) -> None:
    parent = client.chat_postMessage(channel=dana.id, text="parent")
    channel, ts = parent["channel"], parent["ts"]
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=ts, reply_broadcast=True)["ts"]
    for number in range(3):
        client.chat_postMessage(channel=channel, text=f"more {number}", thread_ts=ts)
    history = client.conversations_history(channel=channel)["messages"]
    assert [(message["text"], message["reply_count"]) for message in history] == [("parent", 4)]
    pages = client.conversations_replies(channel=channel, ts=ts, limit=2)
    assert [m["text"] for page in pages for m in page["messages"]] == ["parent", "reply", "more 0", "more 1", "more 2"]
    assert error_of(client.conversations_replies, channel=channel, ts="1.000000") == "thread_not_found"
    assert error_of(client.chat_postMessage, channel=channel, text="x", thread_ts="1.0") == "thread_not_found"
    assert error_of(client.chat_postMessage, channel=channel, text="x", thread_ts=reply) == "cannot_reply_to_message"
    slack.workspace.broadcasts_in_history = True
    assert len(client.conversations_history(channel=channel)["messages"]) == 2


def test_history_is_bounded_and_paged(slack: FakeSlack, client: WebClient, dana: User) -> None:
    posted = [client.chat_postMessage(channel=dana.id, text=f"{number}") for number in range(5)]
    channel, ts = posted[0]["channel"], [each["ts"] for each in posted]

    def texts(**bounds: Any) -> list[str]:
        return [m["text"] for page in client.conversations_history(channel=channel, **bounds) for m in page["messages"]]

    assert texts() == texts(limit=2) == ["4", "3", "2", "1", "0"]
    assert texts(oldest=ts[1], latest=ts[4]) == ["3", "2"]
    assert texts(oldest=ts[1], latest=ts[4], inclusive=True) == ["4", "3", "2", "1"]
    slack.scopes.remove("im:history")
    assert error_of(client.conversations_history, channel=channel) == "missing_scope"


def test_only_own_messages_are_changed(slack: FakeSlack, client: WebClient, dana: User) -> None:
    metadata = {"event_type": "winback", "event_payload": {}}
    posted = client.chat_postMessage(channel=dana.id, text="x", blocks=[section("x")], metadata=metadata)
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**place, text="y")
    message = slack.messages(dana.id)[0]
    assert (message.text, message.blocks, message.metadata) == ("y", [], metadata)
    assert message.edited
    assert error_of(client.chat_update, **place, text="x" * 4001) == "msg_too_long"
    theirs = slack.post_as(dana.id, posted["channel"], "thanks")
    assert error_of(client.chat_update, channel=posted["channel"], ts=theirs.ts, text="x") == "cant_update_message"
    assert error_of(client.chat_delete, channel=posted["channel"], ts=theirs.ts) == "cant_delete_message"
    assert error_of(client.chat_update, channel=dana.id, ts=posted["ts"], text="x") == "channel_not_found"
    client.chat_delete(**place)
    assert error_of(client.chat_update, **place, text="x") == "message_not_found"
    assert error_of(client.chat_postMessage, channel=dana.id, text="x", thread_ts=place["ts"]) == "thread_not_found"


def test_who_is_pinged_and_where_words_lead(slack: FakeSlack, client: WebClient, dana: User) -> None:
    hostile = f"<@{dana.id}|x> <!channel> <!here|h> <!subteam^S1> <https://evil.example|your account>"
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
    plain = {"type": "header", "text": {"type": "plain_text", "text": "<!everyone>"}}
    client.chat_postMessage(channel=dana.id, text=escaped, blocks=[section(escaped), plain])
    client.chat_postMessage(channel=dana.id, text="x", blocks=[section(hostile)])
    client.chat_postMessage(channel=dana.id, text="@here", link_names=True)
    safe, unsafe, linked = slack.messages(dana.id)
    assert pinged_by(safe) == links_in(safe) == set()
    assert pinged_by(unsafe) == {dana.id, "channel", "here", "S1"}
    assert links_in(unsafe) == {"https://evil.example"}
    assert pinged_by(linked) == {"here"}
    assert show_message(safe, slack.workspace.users).splitlines() == [hostile, "# <!everyone>"]


def test_a_conversation_as_text(slack: FakeSlack, client: WebClient, dana: User) -> None:
    first = client.chat_postMessage(channel=dana.id, text="x", blocks=[section(f"Hello <@{dana.id}> &amp; all")])
    client.chat_postMessage(channel=dana.id, text="Again", thread_ts=first["ts"], reply_broadcast=True)
    slack.post_as(dana.id, first["channel"], "thanks")
    assert show_conversation(slack.messages(dana.id), slack.workspace.users, "Europe/Madrid") == (
        "winback · Fri 15 Jan 09:00\nHello @Dana Ruiz & all\n\n"
        "  ┃ winback · Fri 15 Jan 09:00 · also sent to the conversation\n  ┃ Again\n\n"
        "Dana Ruiz · Fri 15 Jan 09:00\nthanks"
    )


def test_a_trigger_works_once_and_for_three_seconds(slack: FakeSlack, client: WebClient, dana: User) -> None:
    word = {"type": "plain_text", "text": "Hello"}
    view = {"type": "modal", "title": word, "blocks": [section("x")]}
    trigger = slack.workspace.new_trigger(dana.id)
    opened = client.views_open(trigger_id=trigger, view=view)["view"]
    assert error_of(client.views_open, trigger_id=trigger, view=view) == "trigger_exchanged"
    assert error_of(client.views_open, trigger_id="1.2.3", view=view) == "invalid_trigger_id"
    late = slack.workspace.new_trigger(dana.id)
    slack.clock.advance(3.1)
    assert error_of(client.views_open, trigger_id=late, view=view) == "trigger_expired"
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=view)
    assert error_of(client.views_update, view_id=opened["id"], hash=opened["hash"], view=view) == "hash_conflict"
    for _ in range(2):
        client.views_push(trigger_id=slack.workspace.new_trigger(dana.id), view=view)
    again = slack.workspace.new_trigger(dana.id)
    assert error_of(client.views_push, trigger_id=again, view=view) == "push_limit_reached"
    slack.as_user(dana).close()
    assert error_of(client.views_update, view_id="V404", view=view) == "not_found"


def test_a_response_url_works_five_times_and_for_half_an_hour(slack: FakeSlack, dana: User) -> None:
    channel = slack.workspace.open_direct(dana.id)
    keys = [slack.workspace.new_response_url(channel.id, dana.id, None) for _ in range(2)]
    often, late = (WebhookClient(f"{slack.address}/response/{key}") for key in keys)
    assert [often.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    slack.clock.advance(30 * 60 + 1)
    assert late.send(text="x").body == "expired_url"
    assert {message.only_for for message in slack.messages(dana.id)} == {dana.id}


def test_a_token_in_the_address_is_not_read(slack: FakeSlack) -> None:
    def error(url: str, body: bytes | None = None) -> object:
        with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:
            return json.load(answer).get("error")

    assert error(f"{slack.base_url}auth.test?token={slack.bot_token}") == "not_authed"
    assert error(f"{slack.base_url}auth.test", f"token={slack.bot_token}".encode()) is None
    with pytest.raises(HTTPError) as caught:
        error(f"{slack.address}/elsewhere")
    caught.value.close()

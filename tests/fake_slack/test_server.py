"""The real client against the fake: tokens, faults, rate limits."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Clock, FakeSlack
from tests.fake_slack.faults import RANDOM, Kind


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(clock=Clock(start=1_800_000_000)) as slack:
        yield slack


def client_of(slack: FakeSlack, token: str | None = None) -> WebClient:
    return WebClient(token=token or slack.bot_token, base_url=slack.base_url, retry_handlers=[], timeout=1)


def error_of(call: object, **arguments: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)  # type: ignore[operator]
    return str(caught.value.response["error"])


def test_it_starts_at_once() -> None:
    begun = time.monotonic()
    with FakeSlack():
        assert time.monotonic() - begun < 0.1


def test_auth_test_says_who_and_which_scopes(slack: FakeSlack) -> None:
    answer = client_of(slack).auth_test()
    assert answer["user_id"] == "U0WINBACK"
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


def test_a_wrong_token_a_revoked_one_and_none(slack: FakeSlack) -> None:
    assert error_of(client_of(slack, "xoxb-other").auth_test) == "invalid_auth"
    assert error_of(client_of(slack, slack.app_token).auth_test) == "not_allowed_token_type"
    assert error_of(client_of(slack, "xoxb-other").api_call, api_method="no.such") == "unknown_method"
    slack.revoke("account_inactive")
    assert error_of(client_of(slack).auth_test) == "account_inactive"


def test_a_missing_scope_is_named(slack: FakeSlack) -> None:
    slack.scopes.remove("chat:write")
    with pytest.raises(SlackApiError) as caught:
        client_of(slack).chat_postMessage(channel=slack.add_user("Dana Ruiz").id, text="hello")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "chat:write"
    assert "im:write" in caught.value.response["provided"]


def test_one_message_a_second_in_a_channel(slack: FakeSlack) -> None:
    dana, lee = slack.add_user("Dana Ruiz"), slack.add_user("Lee Park")
    client = client_of(slack)
    direct = client.chat_postMessage(channel=dana.id, text="one")["channel"]
    client.chat_postMessage(channel=lee.id, text="another channel")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=direct, text="two")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    slack.clock.advance(1)
    client.chat_postMessage(channel=direct, text="two")
    assert [message.text for message in slack.messages(dana.id)] == ["one", "two"]


def test_the_workspace_has_a_ceiling(slack: FakeSlack) -> None:
    slack.rate_limits.ceiling = 3
    people = [slack.add_user(f"Person {number}") for number in range(4)]
    client = client_of(slack)
    for person in people[:3]:
        client.chat_postMessage(channel=person.id, text="hello")
    assert error_of(client.chat_postMessage, channel=people[3].id, text="hello") == "ratelimited"
    slack.rate_limits.on = False
    client.chat_postMessage(channel=people[3].id, text="hello")


def test_a_method_has_its_tier(slack: FakeSlack) -> None:
    client = client_of(slack)
    for _ in range(20):
        client.users_list(limit=1)
    assert error_of(client.users_list, limit=1) == "ratelimited"
    client.auth_test()


@pytest.mark.parametrize(("kind", "done"), RANDOM)
def test_every_fault_takes_effect_or_not_as_ordered(slack: FakeSlack, kind: Kind, done: bool) -> None:
    client = client_of(slack)
    direct = client.conversations_open(users=[slack.add_user("Dana Ruiz").id])["channel"]["id"]
    slack.faults.order(kind, done=done, seconds=0.3)
    if kind in {"late", "hidden"}:
        client.chat_postMessage(channel=direct, text="hello")
    else:
        with pytest.raises((SlackApiError, TimeoutError, RemoteDisconnected, ConnectionError)):
            client.chat_postMessage(channel=direct, text="hello")
    assert len(slack.messages(direct)) == done
    assert slack.calls("chat.postMessage")[0].done == done
    seen = 0 if kind == "hidden" else done
    assert len(client.conversations_history(channel=direct)["messages"]) == seen
    slack.clock.advance(1)
    assert len(client.conversations_history(channel=direct)["messages"]) == done


def test_a_fault_meets_only_the_calls_it_is_for(slack: FakeSlack) -> None:
    client, dana, lee = client_of(slack), slack.add_user("Dana Ruiz"), slack.add_user("Lee Park")
    slack.faults.order("error", code="channel_not_found", when=lambda call: call.arguments["channel"] == lee.id)
    slack.faults.order("token_revoked", after=2)
    client.chat_postMessage(channel=dana.id, text="hello")
    assert error_of(client.chat_postMessage, channel=lee.id, text="hello") == "channel_not_found"
    slack.clock.advance(1)
    client.chat_postMessage(channel=lee.id, text="hello")
    assert error_of(client.chat_postMessage, channel=lee.id, text="hello") == "token_revoked"
    assert error_of(client.auth_test) == "token_revoked"


def test_many_at_once_each_once(slack: FakeSlack) -> None:
    slack.rate_limits.on = False
    people = [slack.add_user(f"Person {number}").id for number in range(20)]

    def write(person: str) -> None:
        for number in range(10):
            client_of(slack).chat_postMessage(channel=person, text=f"{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, people))
    for person in people:
        assert [message.text for message in slack.messages(person)] == [str(number) for number in range(10)]
    assert len({message.ts for message in slack.messages()}) == 200


def test_a_client_that_dies_half_way_did_nothing(slack: FakeSlack) -> None:
    with socket.create_connection(("127.0.0.1", int(slack.address.rpartition(":")[2]))) as connection:
        connection.sendall(b"POST /api/chat.postMessage HTTP/1.1\r\nContent-Length: 100\r\n\r\nchannel=")
    client_of(slack).auth_test()
    assert [call.method for call in slack.calls()] == ["auth.test"]


def test_a_share_of_calls_fails_as_the_seed_says(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.rate_limits.on = False
    outcomes = []
    for _ in range(2):
        slack.faults.at_random(7, 0.3, kinds=[("http_500", False), ("ratelimited", False)])
        for _ in range(50):
            try:
                outcomes.append(str(client.auth_test()["ok"]))
            except SlackApiError as error:
                outcomes.append(str(error.response.status_code))
    assert outcomes[:50] == outcomes[50:]
    assert set(outcomes) == {"True", "500", "429"}

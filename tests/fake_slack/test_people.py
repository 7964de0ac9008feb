"""People at the fake Slack, and a real Bolt app that serves them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.fake_slack import CannotBeDone, Clock, FakeSlack, Message, User
from tests.fake_slack.shown import show_view


def _word(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Acme stopped ordering"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "log",
                "text": _word("Log outcome"),
                "value": "a1",
            },
            {"type": "button", "action_id": "deaf", "text": _word("Nobody listens")},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "useful",
                "positive_button": {"text": _word("Useful"), "value": "yes"},
                "negative_button": {"text": _word("Not useful"), "value": "no"},
            }
        ],
    },
]


def modal(callback: str = "outcome", **more: Any) -> dict[str, Any]:
    reasons = [{"text": _word(word), "value": word.lower()} for word in ("Won", "Lost")]
    reason = {"type": "static_select", "action_id": "reason", "options": reasons}
    note = {"type": "plain_text_input", "action_id": "note", "max_length": 10}
    blocks = [
        {"type": "input", "block_id": "reason", "label": _word("Outcome"), "element": reason},
        {"type": "input", "block_id": "note", "label": _word("Note"), "element": note, "optional": True},
    ]
    view = {"type": "modal", "callback_id": callback, "title": _word("Outcome"), "submit": _word("Save")}
    return view | {"blocks": blocks} | more


class Bot:
    """An app of a few listeners; `heard` is what it was told."""

    def __init__(self, slack: FakeSlack) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}
        client = WebClient(token=slack.bot_token, base_url=slack.base_url)
        self.app = App(client=client, signing_secret=slack.signing_secret)
        self.app.action("log")(self._open)
        self.app.action("useful")(self._hear)
        self.app.view("outcome")(self._submit)
        self.app.view_closed("outcome")(self._hear)
        self.app.command("/winback")(self._command)
        self.app.event("app_home_opened")(self._home)

    def _hear(self, ack: Callable[..., None], body: dict[str, Any]) -> None:
        ack()
        self.heard.append(body)

    def _open(self, ack: Callable[..., None], body: dict[str, Any], client: WebClient) -> None:
        ack()
        self.heard.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    def _submit(self, ack: Callable[..., None], body: dict[str, Any]) -> None:
        ack(**self.answer)
        self.heard.append(body)

    def _command(self, ack: Callable[..., None], body: dict[str, Any], respond: Callable[..., None]) -> None:
        ack("one moment")
        respond(text=f"you said {body['text']}")

    def _home(self, event: dict[str, Any], client: WebClient) -> None:
        blocks = [{"type": "header", "text": _word("My accounts")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(clock=Clock(), rate_limits=False) as slack:
        yield slack


@pytest.fixture
def dana(slack: FakeSlack) -> User:
    return slack.add_user("Dana Ruiz")


@contextmanager
def by_socket(slack: FakeSlack) -> Iterator[Bot]:
    bot = Bot(slack)
    with slack.connecting(SocketModeHandler(bot.app, slack.app_token)):
        yield bot


@contextmanager
def by_http(slack: FakeSlack) -> Iterator[Bot]:
    bot = Bot(slack)

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = bot.app.dispatch(BoltRequest(body=body, headers={k: [v] for k, v in self.headers.items()}))
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write((answer.body or "").encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        slack.deliveries.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
        try:
            yield bot
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(params=[by_socket, by_http])
def bot(slack: FakeSlack, request: pytest.FixtureRequest) -> Iterator[Bot]:
    with request.param(slack) as bot:
        yield bot


def post(slack: FakeSlack, user: User) -> Message:
    client = WebClient(token=slack.bot_token, base_url=slack.base_url)
    metadata = {"event_type": "winback", "event_payload": {"key": "1"}}
    client.chat_postMessage(channel=user.id, text="Acme", blocks=BLOCKS, metadata=metadata)
    return slack.messages(user.id)[-1]


def test_a_form_is_opened_filled_in_and_taken(slack: FakeSlack, bot: Bot, dana: User) -> None:
    message, person = post(slack, dana), slack.as_user(dana)
    person.click("Log outcome")
    view = person.wait_for_modal("Outcome")
    clicked = bot.heard[0]
    assert (clicked["user"]["id"], clicked["actions"][0]["value"]) == (dana.id, "a1")
    assert clicked["container"]["message_ts"] == message.ts
    assert clicked["message"]["metadata"]["event_payload"] == {"key": "1"}
    assert person.submit({"Outcome": "Won", "note": "at last"}) == {}
    slack.wait_for(lambda: len(bot.heard) == 2)
    values = bot.heard[1]["view"]["state"]["values"]
    assert values["reason"]["reason"]["selected_option"]["value"] == "won"
    assert values["note"]["note"]["value"] == "at last"
    assert person.modal is None
    assert not view.is_open
    assert person.errors == []


def test_an_error_of_the_app_is_shown_at_its_input(slack: FakeSlack, bot: Bot, dana: User) -> None:
    post(slack, dana)
    person = slack.as_user(dana)
    person.click("log")
    person.wait_for_modal()
    bot.answer = {"response_action": "errors", "errors": {"note": "Say more."}}
    assert person.submit({"reason": "lost", "note": "no"}) == {"note": "Say more."}
    assert person.modal is not None
    assert show_view(person.modal, slack.workspace.users) == (
        "╭ Outcome\n│ Outcome\n│   [Lost ▾ Won / Lost]\n│ Note (optional)\n│   [no]\n│   ✗ Say more.\n╰ [Cancel] [Save]"
    )
    bot.answer = {"response_action": "update", "view": modal("second")}
    assert person.submit() == {}
    assert person.modal.content["callback_id"] == "second"


def test_what_a_person_cannot_do(slack: FakeSlack, bot: Bot, dana: User) -> None:
    message, person = post(slack, dana), slack.as_user(dana)
    person.click("log")
    person.wait_for_modal()
    for wrong in ({}, {"reason": "unclear"}, {"reason": "won", "note": "12345678901"}, {"revenue": "1"}):
        with pytest.raises(CannotBeDone):
            person.submit(wrong)
    with pytest.raises(CannotBeDone, match="no message"):
        person.click("Snooze")
    with pytest.raises(CannotBeDone, match="does not see"):
        slack.as_user(slack.add_user("Lee Park")).click("log", within=message)
    with pytest.raises(CannotBeDone, match="no working account"):
        slack.as_user(slack.add_user("Gone", deleted=True)).command("/winback")


def test_feedback_says_which_side(slack: FakeSlack, bot: Bot, dana: User) -> None:
    post(slack, dana)
    person = slack.as_user(dana)
    person.click("Not useful")
    person.click("useful", "positive")
    slack.wait_for(lambda: len(bot.heard) == 2)
    assert [body["actions"][0]["value"] for body in bot.heard] == ["no", "yes"]
    assert bot.heard[0]["actions"][0]["type"] == "feedback_buttons"


def test_a_screen_that_was_not_refreshed(slack: FakeSlack, bot: Bot, dana: User) -> None:
    message, person = post(slack, dana), slack.as_user(dana)
    old = person.as_seen(message)
    client = WebClient(token=slack.bot_token, base_url=slack.base_url)
    client.chat_update(channel=message.channel, ts=message.ts, text="Done")
    with pytest.raises(CannotBeDone, match="no message"):
        person.click("useful", "positive")
    person.click("Useful", within=old)
    slack.wait_for(lambda: bot.heard)


def test_a_command_is_answered_to_who_asked(slack: FakeSlack, bot: Bot, dana: User) -> None:
    lee = slack.add_user("Lee Park")
    room = slack.add_channel("sales", members={dana.id, lee.id}).id
    slack.as_user(dana).command("/winback", "mine", channel=room)
    slack.wait_for(lambda: len(slack.messages(room)) == 2)
    assert {message.text for message in slack.as_user(dana).messages(room)} == {"one moment", "you said mine"}
    assert slack.as_user(lee).messages(room) == []


def test_the_home_tab_is_published_when_it_is_opened(slack: FakeSlack, bot: Bot, dana: User) -> None:
    person = slack.as_user(dana)
    person.open_home()
    slack.wait_for(lambda: person.home)
    assert person.home is not None
    assert show_view(person.home, slack.workspace.users) == "# My accounts"


def test_closing_a_modal_is_heard_of_when_asked_for(slack: FakeSlack, bot: Bot, dana: User) -> None:
    post(slack, dana)
    person = slack.as_user(dana)
    person.click("log")
    person.wait_for_modal()
    person.close()
    slack.wait_for(lambda: len(bot.heard) == 2)
    assert bot.heard[1]["type"] == "view_closed"
    assert person.modal is None


def test_what_is_delivered_twice_is_heard_twice(slack: FakeSlack, bot: Bot, dana: User) -> None:
    post(slack, dana)
    slack.deliveries.times = 2
    slack.as_user(dana).click("useful", "positive")
    slack.wait_for(lambda: len(bot.heard) == 2)
    assert bot.heard[0]["actions"][0]["action_ts"] == bot.heard[1]["actions"][0]["action_ts"]


@pytest.mark.parametrize("signature", ["wrong", "old", "none"])
def test_a_bad_signature_is_refused_by_bolt(slack: FakeSlack, dana: User, signature: Any) -> None:
    with by_http(slack) as bot:
        post(slack, dana)
        person = slack.as_user(dana)
        slack.deliveries.signature = signature
        person.click("useful", "positive")
        assert bot.heard == []
        assert len(person.errors) == 1


def test_what_is_not_acknowledged_is_an_error_that_people_see(slack: FakeSlack, dana: User) -> None:
    post(slack, dana)
    person = slack.as_user(dana)
    person.click("Nobody listens")
    assert person.errors == ["We had some trouble connecting. Try again?"]


def test_bots_connect_anew_when_asked_to(slack: FakeSlack, dana: User) -> None:
    with by_socket(slack) as bot:
        before = slack.sockets.connections[0]
        slack.sockets.disconnect()
        slack.wait_for(lambda: slack.sockets.connections and before not in slack.sockets.connections)
        post(slack, dana)
        slack.as_user(dana).click("useful", "positive")
        slack.wait_for(lambda: bot.heard)


def test_several_bots_share_what_comes(slack: FakeSlack, dana: User) -> None:
    with by_socket(slack) as one, by_socket(slack) as other:
        slack.wait_until_connected(2)
        post(slack, dana)
        for _ in range(4):
            slack.as_user(dana).click("useful", "positive")
        slack.wait_for(lambda: len(one.heard) + len(other.heard) == 4)
        assert one.heard
        assert other.heard

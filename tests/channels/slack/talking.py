"""The channel at work, as a sender would use it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from slack_sdk import WebClient

from tests.channels.slack.examples import SETTINGS, content
from tests.fake_slack import FakeSlack, Message
from winback.channels.slack.channel import Slack
from winback.messages.channel import Letter, Place, Recipient
from winback.messages.content import Content


class Talk:
    """`dana` is the member that letters go to unless it says otherwise."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.dana = slack.add_user("Dana Ruiz", email="dana@shop.example").id
        client = WebClient(slack.bot_token, slack.base_url, timeout=1, retry_handlers=[])
        self.channel = Slack(client, SETTINGS)

    def letter(
        self, key: str = "k1", to: str | None = None, thread: Place | None = None, told: Content | None = None
    ) -> Letter:
        return Letter(key, Recipient(to or self.dana, "Dana Ruiz"), told or content(), thread)

    def deliver(self, key: str = "k1", to: str | None = None, thread: Place | None = None) -> Place:
        self.slack.clock.advance(2)
        return self.channel.deliver(self.letter(key, to, thread))

    def find(self, letter: Letter, since: float = 0.0) -> Place | None:
        """`since`: how many seconds ago it was tried."""
        return self.channel.find(letter, dt.datetime.fromtimestamp(self.slack.clock.now() - since, dt.UTC))

    def again(self, letter: Letter, key: str) -> Letter:
        return replace(letter, key=key)

    def delivered(self, to: str | None = None) -> list[Message]:
        return self.slack.messages(to or self.dana)

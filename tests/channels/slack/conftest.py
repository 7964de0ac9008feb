"""A Slack of our own, and the channel that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.slack.talking import Talk
from tests.fake_slack import Clock, FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(clock=Clock(start=1_800_000_000)) as slack:
        yield slack


@pytest.fixture
def talk(slack: FakeSlack) -> Talk:
    return Talk(slack)

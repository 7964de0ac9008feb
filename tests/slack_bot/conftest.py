"""A Slack, and an office with a bot in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_slack import FakeSlack
from tests.slack_bot.office import Office


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(rate_limits=False) as slack:
        yield slack


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slack: FakeSlack) -> Office:
    return Office(tmp_path, monkeypatch, slack)

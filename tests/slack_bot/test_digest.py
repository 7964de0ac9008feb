"""The daily digest: what it says, and that it is posted once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fake_slack import FakeSlack
from tests.fake_slack.shown import show_message
from tests.slack_bot.office import Office
from winback.store.models import Notice


@pytest.fixture
def posting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slack: FakeSlack) -> Office:
    """Which posts a digest at nine."""
    return Office(tmp_path, monkeypatch, slack, digest='digest = { channel = "#winback", at = "09:00" }')


def test_the_digest_is_posted_once_a_day_however_often_the_bot_starts(posting: Office, slack: FakeSlack) -> None:
    posting.churned()
    for now in (2.05, 2.1, 2.2):
        posting.said.clear()
        with posting.bot(now):
            slack.wait_for(lambda: slack.messages("#winback"))
            time.sleep(0.2)
    (message,) = slack.messages("#winback")
    assert "1 account at risk (+1 since yesterday)" in message.text
    assert "GMV at risk: 1,200" in message.text
    shown = show_message(message, {})
    assert "Revenue recovered" in shown
    assert {block["type"] for block in message.blocks} >= {"data_visualization", "table"}
    with posting.bot(3.05):
        slack.wait_for(lambda: len(slack.messages("#winback")) == 2)


def test_before_its_hour_and_long_after_it_there_is_none(posting: Office, slack: FakeSlack) -> None:
    posting.churned()
    for now in (2.9, 3.3):
        posting.said.clear()
        with posting.bot(now):
            time.sleep(0.3)
            assert Notice.objects.filter(kind="digest").count() == 0
    assert slack.messages("#winback") == []

"""docs/slack.md shows what people see, word for word."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from pathlib import Path

import pytest

from tests.channels.slack.pages import Shop
from tests.fake_slack import Clock, FakeSlack
from tests.slack_bot.pages import EXAMPLES
from winback.channels.slack.channel import Slack
from winback.channels.slack.manifest import SCOPES

PAGE = Path(__file__).parents[3] / "docs" / "slack.md"
pytestmark = pytest.mark.only_on("sqlite")


def pictures() -> dict[str, str]:
    """Heading → what is shown below it."""
    sections = PAGE.read_text().split("\n### ")[1:]
    blocks = {section.partition("\n")[0]: section.partition("```text\n")[2] for section in sections}
    return {title: block.partition("\n```")[0] for title, block in blocks.items() if block}


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_page_shows_what_people_see(tmp_path: Path, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slack, "pause", dt.timedelta(0))
    with FakeSlack(clock=Clock(start=time.time()), rate_limits=False) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        shown = "\n".join(line.rstrip() for line in EXAMPLES[title](Shop(tmp_path, slack)).split("\n"))
    if os.environ.get("WINBACK_WRITE_DOCS"):
        write(title, shown)
    assert pictures().get(title) == shown


def write(title: str, shown: str) -> None:
    text = PAGE.read_text()
    if title in pictures():
        text = text.replace(f"```text\n{pictures()[title]}\n```", f"```text\n{shown}\n```")
    else:
        text += f"\n### {title}\n\n```text\n{shown}\n```\n"
    PAGE.write_text(text)


def test_the_page_shows_nothing_else() -> None:
    assert pictures().keys() - EXAMPLES.keys() == set()


def test_the_page_says_what_each_scope_is_for() -> None:
    said = dict(re.findall(r"^\| `([a-z:.]+)` \| (.+?) \|$", PAGE.read_text(), re.MULTILINE))
    assert said == SCOPES

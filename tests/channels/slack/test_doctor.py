"""What `winback doctor` finds in Slack, and what it does with --live."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fake_slack import Clock, FakeSlack
from tests.settings_files import PRODUCT
from winback.channels.slack.checks import check_slack
from winback.channels.slack.trial import try_slack
from winback.cli import cli
from winback.doctor import examine
from winback.settings import load_settings


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    """In our own time, since it is asked for what was posted just now."""
    with FakeSlack(clock=Clock(start=time.time())) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        monkeypatch.delenv("SLACK_SIGNING_SECRET", raising=False)
        slack.add_channel("winback")
        slack.add_channel("ops")
        yield slack


@pytest.fixture
def shop(tmp_path: Path, slack: FakeSlack) -> Path:
    of_slack = f'[slack]\nbase_url = "{slack.base_url}"\n[alerts]\nto = ["#ops"]'
    path = tmp_path / "winback.toml"
    path.write_text(f'{PRODUCT}[messages]\nchannel = "slack"\n{of_slack}\n')
    return tmp_path


def findings(shop: Path) -> list[tuple[str, str]]:
    return list(check_slack(load_settings(shop)))


def wrong(shop: Path) -> str:
    """The one thing that is wrong."""
    (text,) = [text for verdict, text in findings(shop) if verdict == "wrong"]
    return text


def test_all_is_well(shop: Path, slack: FakeSlack) -> None:
    assert findings(shop) == [
        ("ok", "winback in the workspace Fake"),
        ("ok", "all 8 scopes"),
        ("ok", "messages.fallback: #winback can be posted to"),
        ("ok", "alerts.to: #ops can be posted to"),
        ("ok", "clicks arrive by Socket Mode"),
    ]
    assert slack.messages() == []


def test_doctor_looks_at_slack_where_messages_go_there(shop: Path, slack: FakeSlack) -> None:
    of_slack = [each for each in examine(shop) if each.subject == "channel slack"]
    assert [(each.verdict, each.text) for each in of_slack] == findings(shop)
    slack.workspace.calls.clear()
    path = shop / "winback.toml"
    path.write_text(path.read_text().replace('channel = "slack"', 'channel = "console"'))
    assert not [each for each in examine(shop) if each.subject == "channel slack"]
    assert slack.calls() == []


def test_the_token_is_named(shop: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    slack.revoke()
    assert "token_revoked" in wrong(shop)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-somebody")
    assert "begins with xoxb-" in wrong(shop)
    assert "somebody" not in wrong(shop)
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert "SLACK_BOT_TOKEN is not set" in wrong(shop)


def test_slack_out_of_reach_is_one_line(shop: Path, slack: FakeSlack) -> None:
    path = shop / "winback.toml"
    path.write_text(path.read_text().replace(slack.base_url, "http://127.0.0.1:9/api/"))
    assert "can't be reached" in wrong(shop)


def test_missing_scopes_are_named_with_what_they_are_for(shop: Path, slack: FakeSlack) -> None:
    slack.scopes.difference_update({"im:history", "commands"})
    assert "im:history (to look up" in wrong(shop)
    assert "commands (for /winback)" in wrong(shop)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"is_member": False}, "write /invite @winback there"),
        ({"is_archived": True}, "is archived"),
        ({"is_private": True, "is_member": False}, "there is no channel #winback that the app may see"),
    ],
)
def test_the_fallback_must_be_there_for_the_app(
    shop: Path, slack: FakeSlack, states: dict[str, bool], said: str
) -> None:
    for name, value in states.items():
        setattr(slack.workspace.channel("#winback"), name, value)
    assert said in wrong(shop)
    assert wrong(shop).startswith("messages.fallback: ")


def test_a_private_channel_that_the_app_is_in_is_found(shop: Path, slack: FakeSlack) -> None:
    slack.workspace.channel("#ops").is_private = True
    assert ("ok", "alerts.to: #ops can be posted to") in findings(shop)


def test_channels_that_can_not_be_looked_up_are_named(shop: Path, slack: FakeSlack) -> None:
    slack.scopes.discard("channels:read")
    said = [text for verdict, text in findings(shop) if verdict == "wrong"]
    assert any("#winback, #ops can't be looked up" in text for text in said)


def test_without_a_way_for_clicks_nobody_can_answer(
    shop: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xoxb-wrong")
    assert "nobody can answer: slack.app_token: expected an app-level token" in wrong(shop)
    monkeypatch.delenv("SLACK_APP_TOKEN")
    assert "nobody can answer: the variable SLACK_APP_TOKEN is not set" in wrong(shop)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    assert findings(shop)[-1][0] == "ok"
    assert "clicks arrive by HTTP" in findings(shop)[-1][1]
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-other")
    assert "slack.app_token: Slack says invalid_auth" in wrong(shop)


def test_without_the_packages_of_slack_it_says_how_to_get_them(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.channels.slack.client.find_spec", lambda name: None)
    assert "pip install 'winback[slack]'" in wrong(shop)


def live(shop: Path, slack: FakeSlack, to: str) -> list[str]:
    found = try_slack(load_settings(shop), to, sleep=slack.clock.advance)
    return [f"{verdict} {text}" for verdict, text in found]


@pytest.mark.parametrize("to", ["U0DANA", "dana@shop.example"])
def test_live_posts_finds_edits_and_deletes(shop: Path, slack: FakeSlack, to: str) -> None:
    slack.add_user("Dana Ruiz", id="U0DANA", email="dana@shop.example")
    said = live(shop, slack, to)
    assert [line.split()[0] for line in said] == ["ok"] * 6
    assert "found the message by its key" in said[2]
    assert "found the reply by its key" in said[3]
    assert slack.messages("U0DANA") == []
    called = [call.method for call in slack.calls()]
    assert called.count("chat.postMessage") == 2
    assert called.count("chat.delete") == 2
    assert "chat.update" in called


def test_live_names_what_fails_and_leaves_nothing_behind(shop: Path, slack: FakeSlack) -> None:
    slack.add_user("Dana Ruiz", id="U0DANA")
    slack.scopes.discard("im:history")
    result = CliRunner().invoke(cli, ["--workspace", str(shop), "doctor", "--live", "U0DANA"])
    assert result.exit_code == 1
    assert "wrong channel slack: Slack says missing_scope (im:history)" in result.output
    assert slack.messages("U0DANA") == []


def test_live_says_so_when_slack_has_not_kept_the_key(shop: Path, slack: FakeSlack) -> None:
    slack.add_user("Dana Ruiz", id="U0DANA")
    slack.faults.order("hidden", "chat.postMessage", seconds=3_600, times=None)
    said = live(shop, slack, "U0DANA")
    assert "did not find the message by its key" in said[2]
    assert said[-1] == "ok deleted both"


def test_live_with_somebody_unknown(shop: Path, slack: FakeSlack) -> None:
    assert "there is no such member of Slack" in str(live(shop, slack, "nobody@shop.example"))
    assert "there is no such member of Slack" in str(live(shop, slack, "U0NOBODY"))
    assert 'expected a member ID of Slack (U…), a channel ID (C…) or "#channel"' in str(live(shop, slack, "Dana"))

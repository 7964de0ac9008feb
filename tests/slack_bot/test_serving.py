"""The bot as a process: connecting, a database that is away, stopping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.fake_slack import FakeSlack
from tests.slack_bot.office import Office, blocks_of, is_form, is_running, table
from winback.bot.serving import serve
from winback.errors import SettingsError, WinbackError
from winback.store.models import Activity

LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("rollback")
"""

# What is shown here does not depend on the database, or is of SQLite.
pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def churned(office: Office) -> Office:
    office.churned()
    return office


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """By another process."""
    command = [sys.executable, "-c", LOCK, str(folder / "winback.sqlite3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            with suppress(BrokenPipeError):
                process.stdin.write("\n")
                process.stdin.flush()
            process.stdin.close()


def test_clicks_are_acknowledged_while_the_database_is_locked_and_count_when_it_is_not(
    churned: Office, slack: FakeSlack
) -> None:
    with churned.bot():
        dana = churned.as_user("dana")
        seen = dana.as_seen(dana.messages()[0])
        slack.deliveries.acknowledged_within = 1.0
        with locked(churned.programme.folder):
            # More than there are threads at work.
            for _ in range(12):
                dana.click("I reached out", within=seen)
            dana.click("Log outcome", within=seen)
            assert dana.modal is not None
            dana.command("/winback", "help")
            dana.open_home()
            assert dana.errors == []
            assert all(delivery.acknowledged for delivery in slack.deliveries.seen)
            assert Activity.objects.count() == 0
        slack.wait_for(lambda: len(churned.told()) == 13)
        slack.wait_for(lambda: is_form(dana.modal))
        assert Activity.objects.count() == 1


def test_a_database_that_is_gone_is_said_kindly_and_logged(
    churned: Office, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    with churned.bot():
        path = churned.programme.folder / "winback.sqlite3"
        # Reading the file from here would take the locks away that the bot's first round has in it.
        slack.wait_for(lambda: not is_running("_keep_up"))
        content = path.read_bytes()
        path.write_bytes(b"not a database at all, " * 100)
        dana = churned.as_user("dana")
        dana.click("I reached out")
        slack.wait_for(churned.told)
        assert "Nothing was recorded" in churned.told()[0]
        dana.click("Snooze")
        slack.wait_for(lambda: "Nothing was recorded" in blocks_of(dana.modal))
        path.write_bytes(content)
    assert "database" in caplog.text
    assert "Traceback" not in caplog.text


def test_it_connects_anew_when_slack_wants_it_and_when_the_line_breaks(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        for interrupt in (slack.sockets.disconnect, slack.sockets.cut):
            there = list(slack.sockets.connections)
            interrupt()
            slack.wait_for(lambda there=there: set(slack.sockets.connections) - set(there), 30)  # type: ignore[misc]
        churned.as_user("dana").click("I reached out")
        slack.wait_for(lambda: table(workspace, "activities"), 30)


@pytest.mark.parametrize("signature", ["wrong", "old", "none"])
def test_over_http_what_is_not_signed_by_slack_is_refused(churned: Office, slack: FakeSlack, signature: str) -> None:
    with churned.bot(http=True) as workspace:
        slack.deliveries.signature = signature  # type: ignore[assignment]
        dana = churned.as_user("dana")
        dana.click("I reached out")
        assert dana.errors
        slack.deliveries.signature = "right"
        dana.click("useful", "Useful")
        churned.wait_for("Thank you, that helps")
        assert table(workspace, "activities") == []


def test_it_says_as_whom_it_is_connected_and_that_it_has_stopped(churned: Office) -> None:
    with churned.bot():
        pass
    first, last = churned.said
    assert first.startswith("connected as @")
    assert first.endswith("in Socket Mode")
    assert last == "stopped"


def test_a_token_that_slack_does_not_know_is_one_line(churned: Office, slack: FakeSlack) -> None:
    slack.revoke()
    with pytest.raises(WinbackError, match=r"slack\.bot_token: Slack says token_revoked"), churned.bot():
        pass


def test_an_app_token_that_is_none_is_one_line(churned: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong, match in (("xoxb-no", "begins with xapp-"), ("xapp-other", r"slack\.app_token: Slack says")):
        monkeypatch.setenv("SLACK_APP_TOKEN", wrong)
        with pytest.raises((SettingsError, WinbackError), match=match), churned.bot():
            pass


def test_an_address_that_is_taken_is_one_line(churned: Office, slack: FakeSlack) -> None:
    taken = int(slack.address.rsplit(":", 1)[1])
    with churned.programme.open() as workspace, pytest.raises(WinbackError, match="can't listen on"):
        serve(workspace, threading.Event(), churned.said.append, ("127.0.0.1", taken))


# The command


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_the_command_runs_until_it_is_told_to_stop(churned: Office, slack: FakeSlack, sent: signal.Signals) -> None:
    command = [sys.executable, "-m", "winback", "bot", "--workspace", str(churned.programme.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        slack.wait_until_connected(seconds=20)
        churned.as_user("dana").click("I reached out")
        churned.wait_for("reached out on")
        process.send_signal(sent)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (0, "")
    said = [line.partition(" ")[2] for line in errors.splitlines()]
    assert said[0].startswith("winback.bot: connected as @")
    assert said[-1] == "winback.bot: stopped"


def run_bot(office: Office, *arguments: str, **environment: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "winback", "bot", "--workspace", str(office.programme.folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | environment)
    return done.returncode, done.stderr.strip()


def test_the_command_without_slacks_packages_says_what_to_install(office: Office, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    text = "import sys\nsys.modules['slack_bolt'] = None\n"
    (hidden / "sitecustomize.py").write_text(text, encoding="utf-8")
    status, said = run_bot(office, PYTHONPATH=f"{hidden}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    assert (status, said) == (2, "winback: the bot needs Slack's own packages: pip install 'winback[slack]'")


def test_the_command_refuses_an_address_that_is_none(office: Office) -> None:
    status, said = run_bot(office, "--http", "everywhere")
    assert status == 2
    assert "expected HOST:PORT" in said

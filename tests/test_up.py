"""`winback up` as real processes: what it does, what it survives, and that it ends."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.backing import run_sql
from tests.fake_slack import FakeSlack
from tests.slack_bot.office import Office
from tests.workspaces import NEVER_LOST, Place, accounts, csv_text
from winback import logs, open_workspace, requests, uploads
from winback.errors import SettingsError, WinbackError
from winback.store.models import Request
from winback.up import children, sending, working
from winback.up.children import Child, keep_running

SECONDS = 60.0
# What a person would call at once.
ENDS_WITHIN = 20.0
MIDNIGHT = f'{NEVER_LOST}[schedule]\npayments = "00:00"\n'


def wait_for(happened: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """What it comes to."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := happened():
            return found
        time.sleep(0.05)
    raise AssertionError("it has not happened")


class Up:
    """The command in a process of its own, with what it says in a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self._said, self._out = folder / "said", folder / "out"
        with self._said.open("w") as said, self._out.open("w") as out:
            command = [sys.executable, "-m", "winback", "up", "--workspace", str(folder), *arguments]
            self.process = subprocess.Popen(command, stderr=said, stdout=out)

    def __enter__(self) -> Up:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8")

    def child(self, part: str = "winback.up.working") -> psutil.Process:
        """The living child with this in its command."""
        found: psutil.Process = wait_for(
            lambda: next((each for each in self.children() if part in command(each)), None)
        )
        return found

    def children(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def end(self, sent: signal.Signals = signal.SIGTERM) -> int:
        there = self.children()
        began = time.monotonic()
        self.process.send_signal(sent)
        status = self.process.wait(ENDS_WITHIN)
        assert time.monotonic() - began < ENDS_WITHIN
        assert [each for each in there if is_alive(each)] == []
        return status


def command(process: psutil.Process) -> list[str]:
    try:
        found: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return found


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, MIDNIGHT)
    place.write(f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", accounts(30, {1}))
    return place


def pulls(place: Place) -> list[tuple[Any, ...]]:
    return run_sql(place.folder, "select status, rows from pulls order by id")


def workers(place: Place) -> list[tuple[Any, ...]]:
    return run_sql(place.folder, "select name from workers")


def ask_for_upload(place: Place, key: str, off: set[int], at: dt.datetime) -> int:
    with open_workspace(place.folder) as workspace:
        content = io.BytesIO(csv_text(accounts(30, off)).encode())
        path = uploads.store_upload(workspace.settings, content, "x.csv", 100_000)
        given = {"product": "payments", "path": path, "at": at}
        return requests.ask(workspace.settings, "pull_upload", given, "lee", workspace.now(), key=key)


def ended(place: Place) -> list[tuple[Any, ...]]:
    return run_sql(place.folder, "select id, status, error from requests where ended_at is not null order by id")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_what_is_due_is_pulled_what_is_asked_for_is_done_and_it_ends(place: Place, sent: signal.Signals) -> None:
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: pulls(place))
        wait_for(lambda: workers(place))
        id_ = ask_for_upload(place, "k", {1, 2}, dt.datetime.now(dt.UTC))
        assert wait_for(lambda: ended(place)) == [(id_, "done", None)]
        assert up.end(sent) == 0
    assert pulls(place) == [("applied", 30), ("applied", 30)]
    # The first report makes the history and tells nobody; the second opens a case.
    assert up.out.count("To: ") == 1
    assert workers(place) == []
    lines = up.said.splitlines()
    assert any("winback.schedule: payments " in line and "applied (pull 1), 30 rows" in line for line in lines)
    assert any(line.endswith(f"pull_upload (request {id_}) is done") for line in lines)
    assert "Merchant" not in up.said
    assert lines[-1].endswith("winback.up: stopped")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("by", ["option", "variable"])
def test_it_says_so_in_json_where_that_is_asked_for(place: Place, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "variable":
        monkeypatch.setenv(logs.VARIABLE, "json")
    with Up(place.folder, "--no-web", *(["--log", "json"] if by == "option" else [])) as up:
        wait_for(lambda: "applied" in up.said)
        up.end()
    events = [json.loads(line) for line in up.said.splitlines()]
    assert {event["logger"] for event in events} == {"winback.up", "winback.schedule"}
    assert all(set(event) == {"at", "level", "logger", "text"} for event in events)


def test_a_child_that_is_killed_is_started_again_and_goes_on(place: Place) -> None:
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: pulls(place))
        first = up.child()
        first.kill()
        wait_for(lambda: "was killed by signal 9; it is started again in 1 s" in up.said)
        ask_for_upload(place, "k", {1, 2}, dt.datetime.now(dt.UTC))
        assert wait_for(lambda: ended(place))[0][1] == "done"
        assert up.child().pid != first.pid
        assert up.end() == 0
    # The pull of today was there already.
    assert pulls(place) == [("applied", 30)] * 2


@pytest.mark.only_on("sqlite")
def test_no_child_outlives_a_parent_that_is_killed(place: Place) -> None:
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: pulls(place))
        there = up.children()
        assert there
        up.process.kill()
        wait_for(lambda: not any(map(is_alive, there)), ENDS_WITHIN)


def test_pulls_from_outside_and_requests_at_once_have_one_clear_outcome_each(place: Place) -> None:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: pulls(place))
        for number in range(4):
            ask_for_upload(place, str(number), {1, number}, now + dt.timedelta(minutes=number))
        (place.folder / "other.csv").write_text(csv_text(accounts(30, {7})), encoding="utf-8")
        later = (now + dt.timedelta(hours=1)).isoformat()
        ran = place.run_alone("pull", "--report", "other.csv", "--at", later)
        assert ran.status == 0, ran
        wait_for(lambda: len(ended(place)) == 4)
        statuses = [status for _, status, _ in ended(place)]
        assert up.end() == 0
    # What came after the pull of a later moment is refused, and nothing is half-done.
    applied = statuses.count("done")
    assert statuses == ["done"] * applied + ["failed"] * (4 - applied)
    assert [status for status, _ in pulls(place)] == ["applied"] * (applied + 2)
    assert place.uids("at_risk", "--at", later) == ["m7"]


@pytest.mark.only_on("sqlite")
def test_what_a_pull_has_left_planned_is_sent(place: Place) -> None:
    place.set(NEVER_LOST)
    place.done("pull")
    today = dt.datetime.now(dt.UTC)
    other = place.folder / "other.csv"
    other.write_text(csv_text(accounts(30, {1, 7})), encoding="utf-8")
    place.done("pull", "--report", str(other), "--at", today.isoformat(), "--no-messages")
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: "To: " in up.out)
        wait_for(lambda: "1 message sent" in up.said)
        up.end()


# What would keep it from starting


def refused(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    called = [sys.executable, "-m", "winback", "up", "--workspace", str(folder), *arguments]
    done = subprocess.run(called, capture_output=True, text=True, timeout=60, env=os.environ | variables)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.only_on("sqlite")
def test_a_port_that_is_taken_is_one_line(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place.set(f"{NEVER_LOST}[web]\nport = {port}\n")
        status, said = refused(place.folder)
    assert (status, len(said.splitlines())) == (1, 1)
    assert f"can't listen on 127.0.0.1:{port}, the host and port of [web]: Address already in use" in said


@pytest.mark.only_on("sqlite")
def test_slack_without_a_token_is_one_line(place: Place) -> None:
    place.set(f'{NEVER_LOST}[messages]\nchannel = "slack"\n[slack]\nbot_token = "env:NO_SUCH_TOKEN"\n')
    status, said = refused(place.folder, "--no-web")
    assert (status, len(said.splitlines())) == (2, 1)
    assert "NO_SUCH_TOKEN" in said
    assert said.endswith("or leave the bot out with --no-bot\n")


@pytest.mark.only_on("sqlite")
def test_a_workspace_that_is_none_is_one_line(tmp_path: Path) -> None:
    status, said = refused(tmp_path / "nowhere")
    assert (status, len(said.splitlines())) == (2, 1)


@pytest.mark.only_on("sqlite")
def test_a_database_that_is_not_there_yet_is_waited_for(place: Place) -> None:
    place.database.rename(place.folder / "aside")
    with Up(place.folder, "--no-web") as up:
        wait_for(lambda: "it is started again in 1 s" in up.said)
        (place.folder / "aside").rename(place.database)
        wait_for(lambda: pulls(place))
        assert up.end() == 0
    assert "there is no database" in up.said


# With Slack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        yield slack


@pytest.mark.only_on("sqlite")
def test_the_bot_is_there_where_slack_is_set_up(
    tmp_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, monkeypatch, slack)
    office.churned()
    with Up(tmp_path, "--no-web") as up:
        slack.wait_until_connected(seconds=30)
        office.as_user("dana").click("I reached out")
        office.wait_for("reached out on")
        assert up.end() == 0
    assert "winback.bot: stopped" in up.said
    assert not [token for token in (slack.bot_token, slack.app_token) if token in up.said]
    with Up(tmp_path, "--no-web", "--no-bot") as up:
        up.child()
        wait_for(lambda: run_sql(tmp_path, "select name from workers"))
        assert [each for each in up.children() if "bot" in command(each)] == []


# Looking after children


def script(folder: Path, text: str) -> list[str]:
    """A child that does this; `begun` counts its lives."""
    begun = folder / "begun"
    return [sys.executable, "-c", f"open({str(begun)!r}, 'a').write('x')\nimport signal, sys, time\n{text}"]


def lives(folder: Path) -> int:
    begun = folder / "begun"
    return len(begun.read_text()) if begun.exists() else 0


def test_a_child_that_dies_is_started_again_with_growing_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(children, "_EVERY", 0.01)
    monkeypatch.setattr(children, "_LONGEST_PAUSE", 0.4)
    child = Child("the child", script(tmp_path, "sys.exit(1)"), pause=0.1)
    keep_running([child], lambda: caplog.text.count("ended with exit status 1") == 4)
    assert child.pause == 0.4
    assert lives(tmp_path) == 4


def test_one_that_lived_for_long_is_not_kept_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(children, "_HEALTHY", 0.0)
    keep_running([Child("it", script(tmp_path, ""), pause=60.0)], lambda: "it ended with exit status 0" in caplog.text)
    assert "it is started again in 1 s" in caplog.text


def test_one_that_does_not_start_with_these_settings_ends_all(tmp_path: Path) -> None:
    other = Child("the other", script(tmp_path, "time.sleep(60)"))
    with pytest.raises(SettingsError, match="the child does not start with these settings"):
        keep_running([other, Child("the child", [sys.executable, "-c", "import sys; sys.exit(2)"])], lambda: False)
    assert other.process is not None
    assert other.process.returncode == -signal.SIGTERM


def test_one_that_does_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(children, "_PATIENCE", 0.3)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    ready = tmp_path / "ready"
    child = Child("it", script(tmp_path, f"{deaf}open({str(ready)!r}, 'w')\ntime.sleep(60)"))
    keep_running([child], ready.exists)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
    assert "it is not through after 0 s and is killed" in caplog.text


# The process that works


@pytest.mark.only_on("sqlite")
def test_what_is_under_way_is_ended_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, over = threading.Event(), threading.Event(), threading.Event()

    def approve(*_: object) -> dict[str, Any]:
        begun.set()
        go_on.wait(SECONDS)
        return {"is": "done"}

    monkeypatch.setitem(requests._DOES, "approve", approve)
    with open_workspace(place.folder) as workspace:
        given = {"pull": 1, "reason": "x"}
        requests.ask(workspace.settings, "approve", given, "lee", workspace.now(), key="k")
        worker = threading.Thread(target=working.work, args=(workspace, over.is_set))
        worker.start()
        assert begun.wait(SECONDS)
        over.set()
        worker.join(1)
        assert worker.is_alive()
        go_on.set()
        worker.join(SECONDS)
        assert not worker.is_alive()
        assert Request.objects.get().outcome == {"is": "done"}


@pytest.mark.only_on("sqlite")
def test_a_part_of_it_that_falls_has_all_of_it_started_anew(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "keep_sending", lambda *_: None)
    with open_workspace(place.folder) as workspace, pytest.raises(WinbackError, match="has ended by itself"):
        working.work(workspace, lambda: False)

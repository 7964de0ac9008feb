"""Requests: long work that is asked for, done by whoever works requests off, whatever happens to that."""

from __future__ import annotations

import datetime as dt
import io
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.programme import LENIENT, Programme, csv_text, day, rows
from winback import progress, requests, uploads
from winback.errors import UsageError, WinbackError
from winback.store import requests as stored
from winback.store.models import Notification, Pull, Request, Worker

STRICT = "[products.payments.guard]\nmin_accounts = 1\n"
# A worker that kills itself as it begins a stage of its first request.
DIES = """
import os, signal, sys, threading
from winback import progress, requests
from winback.workspace import open_workspace

stage = sys.argv[2]
begin = progress.begin

def die(name, rows=None):
    begin(name, rows)
    if name == stage:
        os.kill(os.getpid(), signal.SIGKILL)

progress.begin = die
with open_workspace(sys.argv[1]) as workspace:
    requests.work_off(workspace, threading.Event(), once=True)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Programme:
    """Five accounts, as the report of 1 November has them; it is the 2nd now."""
    shop = Programme(tmp_path, LENIENT)
    shop.pull(1, "a+ b+ c+ d+ e-")
    shop.now = day(2)
    return shop


def upload(shop: Programme, report: str, name: str = "r_2026-11-02.csv") -> Path:
    """A report in words, uploaded."""
    with shop.open() as workspace:
        return uploads.store_upload(workspace.settings, io.BytesIO(csv_text(rows(report)).encode()), name, 10_000)


def ask(shop: Programme, kind: str, *, key: str = "k", **arguments: Any) -> int:
    with shop.open() as workspace:
        return requests.ask(workspace.settings, kind, arguments, "lee", workspace.now(), key=key)


def work(shop: Programme) -> None:
    with shop.open() as workspace:
        requests.work_off(workspace, threading.Event(), once=True)


def asked(shop: Programme, id_: int) -> requests.Asked:
    with shop.open():
        found = requests.find(id_)
        assert found is not None
        return found


def done(shop: Programme, kind: str, *, key: str = "k", **arguments: Any) -> dict[str, Any]:
    """What came of a request that had to succeed."""
    id_ = ask(shop, kind, key=key, **arguments)
    work(shop)
    found = asked(shop, id_)
    assert (found.status, found.error) == ("done", None), found
    assert found.outcome is not None
    return found.outcome


def failed(shop: Programme, kind: str, *, key: str = "k", **arguments: Any) -> str:
    id_ = ask(shop, kind, key=key, **arguments)
    work(shop)
    found = asked(shop, id_)
    assert (found.status, found.outcome) == ("failed", None), found
    assert found.error is not None
    return found.error


# What can be asked for


def test_an_upload_is_checked_and_nothing_changes(shop: Programme) -> None:
    before = shop.everything()
    outcome = done(shop, "check_upload", product="payments", path=upload(shop, "a- b+ c+ d+ e+"))
    assert {name: outcome[name] for name in ("verdict", "rows", "churned", "won", "at")} == {
        "verdict": "applied",
        "rows": 5,
        "churned": 1,
        "won": 1,
        "at": "2026-11-02T00:00:00Z",
    }
    assert shop.everything() == before


def test_an_upload_that_would_be_held_says_why(shop: Programme) -> None:
    shop.set(STRICT)
    outcome = done(shop, "check_upload", product="payments", path=upload(shop, "a- b- c- d- e+"))
    assert outcome["verdict"] == "held"
    assert "accounts enabled in the last report that churned: 4 of 4" in outcome["findings"][0]["text"]


def test_an_upload_that_would_be_refused_says_why(shop: Programme) -> None:
    outcome = done(shop, "check_upload", product="payments", path=upload(shop, "a b"))
    assert (outcome["verdict"], "the report has no column" in outcome["reason"]) == ("refused", True)


def test_an_upload_of_what_is_applied_already_changes_nothing(shop: Programme) -> None:
    path = upload(shop, "a+ b+ c+ d+ e-", "2026-11-01T0900Z.csv")
    assert done(shop, "check_upload", product="payments", path=path)["verdict"] == "unchanged"


def test_an_upload_is_pulled_with_its_messages(shop: Programme) -> None:
    outcome = done(shop, "pull_upload", product="payments", path=upload(shop, "a- b+ c+ d+ e-"))
    assert (outcome["status"], outcome["churned"], outcome["sent"]["messages"]) == ("applied", 1, 1)
    assert shop.uids("churns", 2) == ["a"]


def test_an_upload_is_pulled_without_messages(shop: Programme) -> None:
    outcome = done(shop, "pull_upload", product="payments", path=upload(shop, "a- b+"), messages=False)
    assert (outcome["sent"], outcome["planned"]) == (None, 1)


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("r_2026-11-02.csv", None, "2026-11-02T00:00:00Z"),
        ("../x (1) 2026-11-01T12:30Z.csv", None, "2026-11-01T12:30:00Z"),
        ("r.csv", None, "2026-11-02T09:00:00Z"),
        ("r_2026-11-02.csv", "2026-11-01T18:00", "2026-11-01T18:00:00Z"),
        ("r_2026-11-02.csv", dt.datetime(2026, 11, 1, 19, tzinfo=dt.UTC), "2026-11-01T19:00:00Z"),
    ],
)
def test_of_which_moment_an_upload_is(shop: Programme, name: str, at: object, expected: str) -> None:
    path = upload(shop, "a- b+", name)
    given: dict[str, Any] = {} if at is None else {"at": at}
    id_ = ask(shop, "pull_upload", product="payments", path=path, **given)
    # Who does it hours later pulls it as of the same moment.
    shop.now = day(2.3)
    work(shop)
    outcome = asked(shop, id_).outcome
    assert outcome is not None
    assert outcome["at"] == expected


def test_a_held_pull_is_approved_another_rejected_and_one_undone(shop: Programme) -> None:
    shop.set(STRICT)
    held = [shop.pull(2 + number, "a- b- c- d- e-").pull_id for number in range(2)]
    approved = done(shop, "approve", key="1", pull=held[0], reason="checked")
    assert (approved["status"], approved["churned"]) == ("applied", 4)
    assert done(shop, "reject", key="2", pull=held[1], reason="half of it")["status"] == "rejected"
    assert done(shop, "undo", key="3", pull=held[0], reason="wrong file")["status"] == "undone"
    assert {row["pull_id"]: (row["status"], row["decided_by"]) for row in shop.table("pulls", 9)} == {
        1: ("applied", None),
        held[0]: ("undone", "lee"),
        held[1]: ("rejected", "lee"),
    }


def test_claims_are_imported(shop: Programme) -> None:
    shop.pull(2, "a- b+ c+ d+ e-")
    text = "uid,outcome,csm_name,claimed_at\na,won,Dana,2026-11-02T10:00Z\nx,lost,Dana,2026-11-02\n"
    shop.now = day(3)
    with shop.open() as workspace:
        path = uploads.store_upload(workspace.settings, io.BytesIO(text.encode()), "claims.csv", 1_000)
    outcome = done(shop, "import_claims", path=path)
    assert outcome == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "unmatched": [{"line": "line 3", "uid": "x"}],
        "strangers": ["Dana"],
    }


# Asking


def test_what_is_asked_for_twice_with_the_same_key_is_done_once(shop: Programme) -> None:
    path = upload(shop, "a- b+")
    ids = {ask(shop, "pull_upload", key="form", product="payments", path=path) for _ in range(2)}
    assert len(ids) == 1
    other = ask(shop, "check_upload", key="other", product="payments", path=path)
    with shop.open():
        assert [each.id for each in requests.recent(10)] == [other, *ids]
        assert [each.id for each in requests.recent(1)] == [other]


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        ("pull", {}, "expected one of check_upload"),
        ("approve", {"pull": 1}, "found approve with pull"),
        ("approve", {"pull": 1, "reason": "x", "by": "lee"}, "expected one of"),
        ("approve", {"pull": 1, "reason": " "}, "expected a reason"),
        ("pull_upload", {"product": "payments", "path": "/etc/passwd"}, "expected a file that was uploaded"),
        ("import_claims", {"path": "{folder}/data/.uploads/../../winback.toml"}, "expected a file that was uploaded"),
        ("pull_upload", {"product": "other", "path": "{upload}"}, 'there is no product "other"'),
        ("pull_upload", {"product": "payments", "path": "{upload}", "at": "soon"}, "expected a date or moment"),
    ],
)
def test_what_can_not_be_asked_for_is_said(shop: Programme, kind: str, arguments: dict[str, Any], said: str) -> None:
    names = {"{upload}": str(upload(shop, "a+")), "{folder}": str(shop.folder)}
    for short, name in names.items():
        arguments = {key: value.replace(short, name) if key == "path" else value for key, value in arguments.items()}
    with pytest.raises(UsageError, match=said):
        ask(shop, kind, **arguments)


def test_what_can_not_be_done_says_why(shop: Programme) -> None:
    assert (
        failed(shop, "approve", key="1", pull=1, reason="x") == "pull 1 is applied: only a held pull can be decided on"
    )
    path = upload(shop, "a+ b+", "2026-10-01.csv")
    assert "come too late" in failed(shop, "pull_upload", key="2", product="payments", path=path)
    id_ = ask(shop, "import_claims", key="3", path=path)
    path.unlink()
    work(shop)
    assert "uploads are kept for 7 days" in str(asked(shop, id_).error)


def test_a_fault_of_the_program_ends_a_request_and_not_its_worker(
    shop: Programme, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setitem(requests._DOES, "reject", fail)
    ask(shop, "reject", key="1", pull=1, reason="x")
    assert "its log has more" in failed(shop, "reject", key="2", pull=1, reason="x")
    assert caplog.text.count("Traceback") == 2


# Workers


def test_how_far_it_has_got_is_shown(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str | None, float | None]] = []
    begin = progress.begin

    def look(stage: str, rows: int | None = None) -> None:
        begin(stage, rows)
        if stage != "writing":
            return
        for _ in range(500):
            request = Request.objects.get()
            if request.progress and request.progress.startswith("writing"):
                seen.append((request.progress, request.share))
                break
            threading.Event().wait(0.01)

    monkeypatch.setattr(progress, "begin", look)
    id_ = ask(shop, "pull_upload", product="payments", path=upload(shop, "a- b+ c+ d+ e-"))
    planned = asked(shop, id_)
    assert (planned.status, planned.started_at, planned.progress) == ("planned", None, None)
    work(shop)
    assert seen == [("writing, 5 rows read", 0.5)]
    ended = asked(shop, id_)
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert (ended.progress, ended.share) == (None, None)


def test_a_worker_says_that_it_lives_and_goodbye(shop: Programme) -> None:
    stop = threading.Event()
    with shop.open() as workspace:
        worker = threading.Thread(target=requests.work_off, args=(workspace, stop))
        worker.start()
        wait_for(Worker.objects.exists)
        assert stored.last_seen() is not None
        stop.set()
        worker.join(10)
        assert not worker.is_alive()
        assert stored.last_seen() is None


def test_each_request_is_done_by_one_of_several_workers(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    done_by: list[int] = []

    def reject(_: object, request: Request) -> dict[str, Any]:
        done_by.append(request.pk)
        return {}

    monkeypatch.setitem(requests._DOES, "reject", reject)
    ids = [ask(shop, "reject", key=str(number), pull=1, reason="x") for number in range(12)]
    with shop.open() as workspace:
        workers = [
            threading.Thread(target=requests.work_off, args=(workspace, threading.Event()), kwargs={"once": True})
            for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
    assert sorted(done_by) == ids


@pytest.mark.parametrize("stage", progress.STAGES)
def test_a_worker_killed_in_the_middle_is_taken_over_and_the_outcome_is_right(
    shop: Programme, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = ask(shop, "pull_upload", product="payments", path=upload(shop, "a- b+ c+ d+ e-", "now.csv"))
    died = subprocess.run([sys.executable, "-c", DIES, str(shop.folder), stage], timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    work(shop)
    assert asked(shop, id_).status == "working", "nobody knows yet that its worker is dead"
    monkeypatch.setattr(stored, "DEAD", dt.timedelta(0))
    work(shop)
    found = asked(shop, id_)
    assert (found.status, found.error) == ("done", None)
    with shop.open():
        assert Request.objects.get().attempts == 2
        assert [(pull.status, pull.at) for pull in Pull.objects.order_by("pk")] == [
            ("applied", day(1)),
            ("applied", day(2)),
        ]
        assert [(each.stage, each.status) for each in Notification.objects.all()] == [("first", "sent")]
    assert shop.uids("churns", 3) == ["a"]
    assert len(shop.messages) == 1


def test_a_request_that_every_worker_dies_over_is_given_up(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "DEAD", dt.timedelta(0))
    id_ = ask(shop, "approve", pull=1, reason="x")
    with shop.open():
        for _ in range(stored.TRIES):
            assert stored.claim("somebody", dt.datetime.now(dt.UTC)) is not None
    work(shop)
    assert asked(shop, id_).error == "3 workers have begun it, and none came to its end: see their log, then ask again"


def test_a_worker_taken_for_dead_has_no_say_any_more(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "DEAD", dt.timedelta(0))
    id_ = ask(shop, "approve", pull=1, reason="x")
    with shop.open():
        now = dt.datetime.now(dt.UTC)
        first, second = (stored.claim(name, now) for name in ("one", "two"))
        assert first is not None
        assert second is not None
        stored.end(first, now, {"of": "one"}, None)
        stored.end(second, now, {"of": "two"}, None)
    assert asked(shop, id_).outcome == {"of": "two"}


@pytest.mark.only_on("sqlite")
def test_a_database_that_goes_away_is_waited_for(
    shop: Programme, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import OperationalError

    failing = [OperationalError("database is locked")]

    def approve(*_: object) -> dict[str, Any]:
        if failing:
            raise failing.pop()
        return {"is": "done"}

    monkeypatch.setitem(requests._DOES, "approve", approve)
    id_ = ask(shop, "approve", pull=1, reason="x")
    work(shop)
    assert "database is locked" in caplog.text
    assert asked(shop, id_).status == "working"
    monkeypatch.setattr(stored, "DEAD", dt.timedelta(0))
    work(shop)
    assert asked(shop, id_).outcome == {"is": "done"}


def wait_for(happened: Callable[[], object]) -> None:
    for _ in range(1_000):
        if happened():
            return
        threading.Event().wait(0.01)
    raise WinbackError("it has not happened")

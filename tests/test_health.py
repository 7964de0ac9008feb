"""Health and figures for what watches."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.programme import LENIENT, Programme, accounts, day
from winback import __version__, health, requests
from winback.store import requests as stored
from winback.store.models import Notification

OTHER = "[products.cards]\nreport = 'cards'\n"


@pytest.fixture
def shop(tmp_path: Path) -> Programme:
    """Two applied pulls, one of 2 November; one that is held; a request; the worker is alive."""
    shop = Programme(tmp_path, OTHER)
    shop.pull(1, accounts(30))
    shop.pull(2, "m0- " + accounts(29, start=1), messages=False)
    shop.pull(3, accounts(30, "-"))
    with shop.open() as workspace:
        given = {"pull": 3, "reason": "x"}
        requests.ask(workspace.settings, "reject", given, "lee", workspace.now(), key="k")
        stored.beat("here", dt.datetime.now(dt.UTC), None, None, None)
    return shop


def check(shop: Programme, now: float) -> dict[str, Any]:
    with shop.open() as workspace:
        found: dict[str, Any] = json.loads(json.dumps(health.check(workspace.settings, day(now))))
        return found


def test_what_a_probe_is_told(shop: Programme) -> None:
    found = check(shop, 2.5)
    assert found.pop("worker")["is_alive"]
    assert found == {
        "status": "ok",
        "version": __version__,
        "database": "ok",
        "products": {
            "payments": {"last_applied_at": "2026-11-02T09:00:00Z", "hours_since": 12.0, "is_late": False, "held": 1},
            "cards": {"last_applied_at": None, "hours_since": None, "is_late": False, "held": 0},
        },
        "messages": {"planned": 1, "waiting": 0, "unknown": 0, "failed": 0, "unrouted": 0},
        "requests": {"planned": 1, "working": 0},
    }


def test_a_pull_that_is_late_and_a_worker_that_is_silent(shop: Programme) -> None:
    with shop.open():
        stored.leave("here")
        stored.beat("here", dt.datetime.now(dt.UTC) - dt.timedelta(seconds=61), None, None, None)
    found = check(shop, 4)
    assert (found["status"], found["products"]["payments"]["is_late"]) == ("ok", True)
    assert found["worker"]["is_alive"] is False


@pytest.mark.only_on("sqlite")
def test_a_database_that_does_not_answer_is_said(shop: Programme) -> None:
    with shop.open() as workspace:
        (shop.folder / "winback.sqlite3").write_bytes(b"not a database at all, " * 100)
        for left in ("winback.sqlite3-wal", "winback.sqlite3-shm"):
            (shop.folder / left).unlink(missing_ok=True)
        found = health.check(workspace.settings, day(3))
    assert (found["status"], sorted(found)) == ("failing", ["database", "status", "version"])
    assert "is damaged" in found["database"]


def figures(shop: Programme, now: float) -> dict[str, dict[str, float]]:
    """Name → labels → value."""
    with shop.open() as workspace:
        text = health.metrics(workspace.settings, day(now)).decode()
    return {
        family.name: {" ".join(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def test_the_figures_for_prometheus(shop: Programme) -> None:
    found = figures(shop, 3)
    assert found.pop("winback_worker_silent_seconds")[""] < 60
    assert found.pop("winback_notifications") == {
        "planned": 1,
        **dict.fromkeys(("waiting", "sent", "superseded", "skipped", "failed", "unrouted", "unknown"), 0),
    }
    assert found == {
        "winback_build_info": {__version__: 1},
        "winback_pulls": {
            "payments applied": 2,
            "payments held": 1,
            **dict.fromkeys(("payments rejected", "payments undone"), 0),
            **dict.fromkeys(("cards applied", "cards held", "cards rejected", "cards undone"), 0),
        },
        "winback_held_pulls": {"payments": 1, "cards": 0},
        "winback_last_applied_pull_age_seconds": {"payments": 86_400},
        "winback_open_cases": {"payments": 1, "cards": 0},
        "winback_requests": {"planned": 1, "working": 0, "done": 0, "failed": 0},
    }


def test_figures_of_a_new_workspace(tmp_path: Path) -> None:
    found = figures(Programme(tmp_path, LENIENT), 1)
    assert found["winback_last_applied_pull_age_seconds"] == {}
    assert found["winback_open_cases"] == {"payments": 0}
    assert "winback_worker_silent_seconds" not in found


def test_every_status_of_a_notification_has_a_figure() -> None:
    """As the table's own comment lists them."""
    source = inspect.getsource(Notification)
    (line,) = [line for line in source.splitlines() if "status = Text()" in line and "unrouted" in line]
    assert set(line.partition("# ")[2].split()) == set(health._NOTIFICATIONS)

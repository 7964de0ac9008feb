"""Tests that make workspaces run on each of what can stand behind one: see tests/backing.py. In CI a skipped test is a
failed one: what was not run has not been shown."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import backing, server

# Spark for many tiny jobs.
os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "spark"))
IN_CI = bool(os.environ.get("CI"))
_OF_SPARK = {"tests.report.test_engines", "tests.test_engines_switched"}
_LONG = {
    "tests.channels.slack.test_whole_days",
    "tests.crm.test_killed",
    "tests.test_dotgov",
    "tests.test_four_at_once",
    "tests.test_histories",
    "tests.test_kills",
    "tests.test_odd_reports",
    "tests.web.test_demo_history",
}
# In CI the same change gives the same answer twice; new histories are looked for at the desk, and by `make soak`.
settings.register_profile("ci", derandomize=True, deadline=None)
if IN_CI:
    settings.load_profile("ci")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if backing.makes_workspaces(metafunc.module):
        only = metafunc.definition.get_closest_marker("only_on")
        names = [name for name in backing.names_for(metafunc.module) if only is None or name in only.args]
        metafunc.parametrize("stands_on", names, indirect=True, scope="module")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in backing.beyond_spark_sample(items):
        item.add_marker("soak")
    items.sort(key=_place_in_run)


def _place_in_run(item: pytest.Item) -> int:
    """What takes long comes first, so that no process ends a run alone; before it what needs Spark, so that one of
    the processes starts it for all."""
    if isinstance(item, pytest.Function) and (backing.runs_on_spark(item) or item.module.__name__ in _OF_SPARK):
        return 0
    return 1 if isinstance(item, pytest.Function) and item.module.__name__ in _LONG else 2


@pytest.fixture(scope="module", autouse=True)
def stands_on(request: pytest.FixtureRequest) -> Iterator[backing.Backing]:
    """Where nothing is said, a workspace stands on the defaults."""
    chosen = backing.BACKINGS[getattr(request, "param", "sqlite")]
    if chosen.why_not:
        pytest.skip(chosen.why_not)
    with backing.in_use(chosen):
        yield chosen


@pytest.fixture(autouse=True)
def _of_one_test(stands_on: backing.Backing) -> Iterator[None]:
    with stands_on.databases.giving_back():
        yield


def pytest_sessionstart(session: pytest.Session) -> None:
    if is_leading(session):
        # Who ends a run by its id ends the server too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        server.begin()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if is_leading(session):
        server.end()


def is_leading(session: pytest.Session) -> bool:
    """With several processes at work, the one that started the others."""
    return not hasattr(session.config, "workerinput")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file can skip itself, with `pytest.importorskip` say."""
    report = yield
    if IN_CI and report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} may not be skipped in CI: {reason}"

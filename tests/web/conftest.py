"""Pages of a played programme, for a whole module: tests that change it make their own. And a provider of single
sign-on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from tests import backing
from tests.oidc_provider import Provider, running
from tests.web.browsing import launched
from tests.web.opened import DEMO_NOW, Pages, opened, played
from winback import requests
from winback.demo.history import make_history


@pytest.fixture(scope="module")
def pages(stands_on: backing.Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with opened(played(tmp_path_factory.mktemp("pages"))) as found:
        workspace = found.workspace
        requests.ask(workspace.settings, "release", {}, "lee@shop.example", workspace.now(), key="to look at")
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture(scope="session")
def demo_history(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The made-up company's ninety days, made once for all tests of a session, in however many processes they run.
    Nobody changes it: see `demo`."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            beside = folder.with_name("demo_begun")
            shutil.rmtree(beside, ignore_errors=True)
            make_history(beside, DEMO_NOW, lambda: None)
            beside.rename(folder)
    return folder


@pytest.fixture(scope="module")
def demo(demo_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of its own with that history."""
    folder: Path = shutil.copytree(demo_history, tmp_path_factory.mktemp("company") / "demo")
    return folder

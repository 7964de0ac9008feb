"""Pages of a played programme, for a whole module: tests that change it make their own. And a provider of single
sign-on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import backing
from tests.oidc_provider import Provider, running
from tests.web.browsing import launched
from tests.web.opened import Pages, opened, played
from winback import requests


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

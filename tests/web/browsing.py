"""A real browser for the pages: whatever it complains of is a failure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.opened import Pages
from winback.core.roles import Role


@contextmanager
def launched() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def page_of(browser: Browser, pages: Pages, address: str, role: Role | None, **options: Any) -> Iterator[Page]:
    """Signed in, but for no role; whatever the browser complains of, or asks of another machine, is a failure."""
    complaints: list[str] = []
    with browser.new_context(base_url=address, **options) as context:
        if role is not None:
            session = pages.client(role).cookies["winback_session"].value
            context.add_cookies([{"name": "winback_session", "value": session, "url": address}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
        yield page
        assert complaints == []


def amiss(page: Page, address: str, width: int) -> Iterator[str]:
    """What a page of this width does that none should."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        yield f"answered {answer and answer.status}"
    yield from amiss_here(page, width)


def amiss_here(page: Page, width: int) -> Iterator[str]:
    """The same of a page that is shown already."""
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield "scrolls sideways"
    for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html']}"

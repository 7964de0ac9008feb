"""The pictures of the pages, docs/pictures, of the made-up company of `winback demo --serve`: `make screenshots`.

Company, moment and sizes are always the same, so that a picture changes only when its page does, or the fonts of the
machine. Needs Chromium; nothing leaves this machine.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from waitress import create_server

from winback import open_workspace
from winback.access.users import make_user
from winback.demo.history import make_history
from winback.web import serving, site

NOW = dt.datetime(2026, 11, 30, 8, 20, tzinfo=dt.UTC)
FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = (1280, 800), (390, 844)
EMAIL, PASSWORD = "lee.park@northlane.example", "to look at pictures"
Look = Callable[[Page], None]


def overview(page: Page) -> None:
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("img").last.wait_for()


def at_risk(page: Page) -> None:
    page.get_by_role("link", name="At risk", exact=True).click()
    page.get_by_role("link", name="Nobody has contacted in 48 h").click()


def account(page: Page) -> None:
    page.get_by_role("link", name="Won", exact=True).click()
    page.get_by_role("link", name="By CSMs").click()
    page.locator("tbody").get_by_role("link").first.click()


def csms(page: Page) -> None:
    page.get_by_role("link", name="CSMs", exact=True).click()
    page.get_by_role("link", name="Who answers fastest").click()


def pulls(page: Page) -> None:
    page.get_by_role("link", name="Pulls", exact=True).click()


def impact(page: Page) -> None:
    page.get_by_role("link", name="Impact", exact=True).click()


# Name of the file → what is to be seen, on what, in which colours.
PICTURES: dict[str, tuple[Look, tuple[int, int], Literal["light", "dark"]]] = {
    "overview": (overview, DESK, "light"),
    "overview_dark": (overview, DESK, "dark"),
    "at_risk": (at_risk, DESK, "light"),
    "account": (account, DESK, "light"),
    "csms": (csms, DESK, "light"),
    "pulls": (pulls, DESK, "light"),
    "impact": (impact, DESK, "light"),
    "phone": (overview, PHONE, "light"),
    "phone_dark": (account, PHONE, "dark"),
}


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not here: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="winback-pictures-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with company(Path(name) / "demo") as address:
            for picture in PICTURES:
                take(browser, address, picture)
        browser.close()


@contextmanager
def company(folder: Path) -> Iterator[str]:
    """Ninety days of it, and the address of its pages."""
    make_history(folder, NOW, lambda: None)
    with open_workspace(folder, now=NOW) as workspace:
        site.prepare(workspace)
        make_user(EMAIL, "Lee Park", "manager", PASSWORD, "pictures", NOW)
        server = create_server(serving.application(), host="127.0.0.1", port=0, threads=4)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            server.task_dispatcher.shutdown(timeout=5)
            thread.join(5)


def take(browser: Browser, address: str, picture: str) -> None:
    look, (width, height), scheme = PICTURES[picture]
    size = ViewportSize(width=width, height=height)
    with browser.new_context(base_url=address, viewport=size, color_scheme=scheme, locale="en-GB") as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        look(page)
        page.wait_for_load_state("networkidle")
        # Nothing has the focus, and nothing is pointed at.
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.screenshot(path=FOLDER / f"{picture}.png", animations="disabled", caret="hide")
        print(f"{picture}.png written")


if __name__ == "__main__":
    main()

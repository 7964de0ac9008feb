"""A real provider of OpenID Connect, django-oauth-toolkit, in a process of its own on this machine.

`running()` starts it; `Provider.people` says who can sign in there, each with the password `PASSWORD`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

PASSWORD = "a long password of the provider"
CLIENT_ID, CLIENT_SECRET = "winback", "a secret of the client's"
# Name there → what is told of them.
PEOPLE: dict[str, dict[str, object]] = {
    "lee": {"email": "Lee@shop.example", "email_verified": True, "groups": ["staff", "winback-managers"]},
    "dana": {"email": "dana@shop.example", "email_verified": True, "groups": ["winback-csms", "winback-admins"]},
    "kim": {"email": "kim@shop.example", "email_verified": True, "groups": ["staff"]},
    "max": {"email": "max@shop.example", "email_verified": False, "groups": ["winback-admins"]},
    "eve": {"email": "eve@shop.example", "groups": "winback-csms"},
    "nemo": {"groups": ["winback-admins"]},
}


@dataclass(frozen=True)
class Provider:
    url: str

    @property
    def issuer(self) -> str:
        return f"{self.url}/o"

    def send_back_to(self, redirect_uri: str) -> None:
        """From now on the client may be there."""
        requests.post(f"{self.url}/register/", {"redirect_uri": redirect_uri}, timeout=10).raise_for_status()

    def walk(self, address: str, name: str) -> str:
        """Signs in as somebody and consents; the address that the browser is sent back to."""
        browser = requests.Session()
        page = self._submit(browser, browser.get(address, timeout=10), username=name, password=PASSWORD)
        answer = self._submit(browser, page, allow="Authorize")
        return answer.headers["Location"]

    def _submit(self, browser: requests.Session, page: requests.Response, **fields: str) -> requests.Response:
        """The form of a page, with what stands in it; followed as far as it stays here."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        answer = browser.post(page.url, {**hidden, **fields}, allow_redirects=False, timeout=10)
        assert answer.is_redirect, answer.text
        target = urljoin(page.url, answer.headers["Location"])
        return browser.get(target, timeout=10) if target.startswith(self.url) else answer


@contextmanager
def running(folder: Path) -> Iterator[Provider]:
    """Until the end of the block."""
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.oidc_provider", str(folder), json.dumps(PEOPLE)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=root)
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        assert port, (folder / "log").read_text()
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()

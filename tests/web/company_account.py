"""Somebody who signs in to a workspace by single sign-on, at the provider of tests/oidc_provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django.test

from tests.oidc_provider import CLIENT_SECRET, Provider
from tests.programme import Programme
from tests.web.opened import Pages, opened

DONE = "/sign-in/company/done/"
ROLES = 'roles = { "winback-csms" = "csm", "winback-managers" = "manager", "winback-admins" = "admin" }\n'


@dataclass
class Somebody:
    """A browser at the sign-in page of a workspace."""

    pages: Pages
    provider: Provider
    client: django.test.Client

    def begin(self, after: str = "") -> str:
        answer = self.client.get("/sign-in/company/", {"next": after} if after else {})
        assert answer.status_code == 302
        return str(answer["Location"])

    def come_back(self, address: str) -> Any:
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, name: str, after: str = "") -> Any:
        return self.come_back(self.provider.walk(self.begin(after), name))

    @property
    def is_in(self) -> bool:
        return bool(self.client.get("/").status_code == 200)


@contextmanager
def with_single_sign_on(
    folder: Path, provider: Provider, settings: str = ROLES, issuer: str = ""
) -> Iterator[Somebody]:
    secret = folder / "secret"
    secret.write_text(CLIENT_SECRET)
    section = (
        f'[web.oidc]\nissuer = "{issuer or provider.issuer}"\nclient_id = "winback"\nclient_secret = "file:{secret}"\n'
    )
    with opened(Programme(folder, section + settings)) as pages:
        yield Somebody(pages, provider, pages.client(None))

"""The pages of a programme, opened for tests: by requests without a server, or by a real one on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import django.test
from waitress import create_server

from tests.programme import Programme, day, rows
from winback.access.models import User
from winback.access.users import make_user
from winback.core.roles import ROLES, Role
from winback.web import serving, site
from winback.workspace import Workspace

# When the made-up company is looked at: the report of the day before is held.
DEMO_NOW = datetime(2026, 11, 30, 8, 20, tzinfo=UTC)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
# An account of each kind: at risk (b, c), won back (a), lost (d), a new adoption (n); Ana is a CSM who has an account.
SETTINGS = '[messages]\naccount_url = "https://crm.example/{uid}"\n[people."Ana"]\nemail = "csm@shop.example"\n'


def played(folder: Path, settings: str = SETTINGS) -> Programme:
    """Four pulls; the clock is at day 12."""
    guard = "[products.payments.guard]\nmin_accounts = 1000"
    programme = Programme(folder, f"{settings}\n[cases]\nlost_after_days = 5\n", product=guard)
    who = {
        "a": {"merchant_name": "Acorn & Sons", "csm_name": "Ana", "region": "EMEA", "gmv": 12_000, "revenue": 1_200},
        "b": {"merchant_name": "Birch", "csm_name": "Ana", "region": "EMEA", "gmv": 25_000, "revenue": 2_500},
        "c": {"merchant_name": "<b>Cedar</b>", "csm_name": "Ben", "region": "AMER", "gmv": 800, "revenue": 80},
        "d": {"merchant_name": "Dogwood", "csm_name": "Ben", "region": "", "gmv": 5, "revenue": 1},
        "e": {"merchant_name": "Elm", "csm_name": "", "region": "EMEA", "gmv": 10, "revenue": 2},
        "n": {"merchant_name": "Nutmeg", "csm_name": "Ana", "region": "APAC", "gmv": 70, "revenue": 7},
    }
    programme.pull(1, rows("a+ b+ c+ d+ e+ n-", **who))
    programme.pull(3, rows("a- b+ c+ d- e+ n-", **who))
    programme.pull(6, rows("a+ b+ c+ d- e+ n+", **who))
    programme.pull(10, rows("a+ b- c- d- e+ n+", **who))
    programme.now = day(12)
    return programme


class Pages:
    """`get` and `post` as somebody of a role; None is nobody who has signed in."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.users = {role: _user(role, workspace) for role in ROLES}

    def client(self, role: Role | None) -> django.test.Client:
        client = django.test.Client(SERVER_NAME="localhost")
        if role is not None:
            client.force_login(self.users[role], _BACKEND)
        return client

    def get(self, role: Role | None, address: str, **options: Any) -> Any:
        return self.client(role).get(address, **options)

    def post(self, role: Role | None, address: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client(role).post(address, data or {}, **options)


def _user(role: Role, workspace: Workspace) -> User:
    name = "Ana" if role == "csm" else role.capitalize()
    return make_user(f"{role}@shop.example", name, role, None, "test", workspace.now())


@contextmanager
def opened(programme: Programme) -> Iterator[Pages]:
    with programme.open() as workspace:
        site.prepare(workspace)
        yield Pages(workspace)


@contextmanager
def listening(pages: Pages) -> Iterator[str]:
    """A real server; where it listens."""
    server = create_server(serving.application(), host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.task_dispatcher.shutdown(timeout=timedelta(seconds=5).total_seconds())
        thread.join(5)

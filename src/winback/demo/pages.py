"""`winback demo --serve`: the made-up company, with somebody of each role who may sign in."""

from __future__ import annotations

import datetime as dt
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from winback.access.users import make_user
from winback.core.roles import Role
from winback.demo.history import make_history
from winback.demo.world import DAYS
from winback.up.children import keep_running, worker_of
from winback.web.serving import serve
from winback.workspace import open_workspace

# The name of a CSM is as the reports have it.
_PEOPLE: tuple[tuple[Role, str, str], ...] = (
    ("manager", "Lee Park", "lee.park@northlane.example"),
    ("csm", "Dana Ortiz", "dana.ortiz@northlane.example"),
    ("viewer", "Vera Lind", "vera.lind@northlane.example"),
    ("admin", "Alex Admin", "alex.admin@northlane.example"),
)


def serve_history(folder: Path | None, port: int) -> None:
    """Until ended. In a folder, which it keeps, or in a temporary one."""
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="winback-demo-")))
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        with click.progressbar(length=DAYS, label=f"Pulling {DAYS} days of reports") as bar:
            make_history(home, now, lambda: bar.update(1))
        workspace = stack.enter_context(open_workspace(home))
        password = secrets.token_urlsafe(9)
        click.echo(f"\nThe workspace is in {home}. Sign in with the password {password} as")
        for role, name, email in _PEOPLE:
            make_user(email, name, role, password, "demo", now)
            click.echo(f"  {email:32} {role}")
        stack.enter_context(_worker(home))
        serve(workspace, lambda text: click.echo(f"winback demo: {text}"), port=port)


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """Who works off what is asked for on the pages: uploads, decisions, undoing."""
    over = threading.Event()
    thread = threading.Thread(target=keep_running, args=([worker_of(folder)], over.is_set))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

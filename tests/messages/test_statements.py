"""What the database is asked grows with the messages, not with the accounts that they tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.messages.post_office import PostOffice, workspace_with
from tests.programme import LENIENT, Programme, day, rows
from winback import Workspace
from winback.bot.accounts import entries_at_risk
from winback.sending import run_now

OF_DANA = {"csm_name": "Dana"}
OTHERS = " ".join(f"z{number}+" for number in range(20))
FEW, MANY = 7, 70
# What is counted here is the same on both databases.
pytestmark = pytest.mark.only_on("sqlite")
# All day on Monday alone: day 2 is one.
MONDAYS = '[quiet_hours]\nopen = "00:00"\nclose = "23:59"\ndays = ["mon"]\n'


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield asked


def churned(folder: Path, accounts: int, settings: str = "") -> Programme:
    """On day 2; nobody was told yet."""
    folder.mkdir()
    programme = Programme(folder, settings + LENIENT)
    words = [f"a{number}" for number in range(accounts)]
    for number, sign in ((1, "+"), (2, "-")):
        report = rows(f"{sign} ".join(words) + f"{sign} {OTHERS}", OF_DANA)
        programme.pull(number, report, messages=False)
    return programme


def send(workspace: Workspace) -> None:
    assert workspace.notify().messages == 1


def hold(workspace: Workspace) -> None:
    assert workspace.notify().held >= FEW


def edit(workspace: Workspace) -> None:
    send(workspace)
    for case in workspace.table("cases").to_pylist()[:2]:
        workspace.void(case["case_id"], "wrong data")
    assert workspace.notify().edited == 1


def look(workspace: Workspace) -> None:
    run = run_now(workspace.settings, workspace.now())
    entries, _ = entries_at_risk(workspace.settings, "Dana", run, 100)
    assert len(entries) >= FEW


@pytest.mark.parametrize(
    ("do", "now", "settings"),
    [(send, 2, ""), (hold, 3, MONDAYS), (edit, 2, ""), (look, 2, "")],
    ids=["sending", "holding", "editing", "looking"],
)
def test_many_accounts_cost_no_more_statements_than_few(
    tmp_path: Path, do: Callable[[Workspace], None], now: int, settings: str
) -> None:
    asked: list[int] = []
    for accounts in (FEW, MANY):
        programme = churned(tmp_path / str(accounts), accounts, settings)
        with workspace_with(programme, PostOffice(edits=True), now=day(now)) as workspace, counted() as statements:
            do(workspace)
        asked.append(len(statements))
    assert asked[0] == asked[1] > 0

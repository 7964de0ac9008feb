"""What was read for one question serves for the next one, as long as it is right."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection

import winback
from tests.programme import Programme, accounts, day, rows
from winback.store import at_hand, columns, copies


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_MANY", 0)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The copies that were opened."""
    opened: list[Any] = []

    class Counting(columns.Columns):
        def __init__(self, engine: Any, data: Path, copy: copies.Copy | None) -> None:
            opened.append(copy)
            super().__init__(engine, data, copy)

    monkeypatch.setattr(columns, "Columns", Counting)
    return opened


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    programme = Programme(tmp_path)
    cells = {"csm_name": "Dana", "region": "EMEA"}
    programme.pull(1, rows(accounts(50), cells))
    programme.pull(2, rows(f"{accounts(5, '-')} {accounts(45, start=5)}", cells, m0={"region": "APAC"}))
    programme.now = day(2.5)
    return programme


@pytest.fixture
def workspace(programme: Programme) -> Iterator[winback.Workspace]:
    with programme.open() as workspace:
        yield workspace


def at_risk(workspace: winback.Workspace, **asked: Any) -> int:
    # A region is never answered from what was kept.
    return int(workspace.kpis(**{"region": "EMEA", **asked})["at_risk"]["accounts"])


def test_it_is_read_once_until_something_is_written(workspace: winback.Workspace, read: list[Any]) -> None:
    assert [at_risk(workspace), at_risk(workspace, at=day(1)), at_risk(workspace, region="LATAM")] == [5, 0, 0]
    assert len(read) == 1
    workspace.claim("m0", "lost", csm="Dana", at=day(2.25))
    assert [at_risk(workspace), at_risk(workspace, at=day(2))] == [4, 5]
    assert len(read) == 2


def test_a_copy_that_was_deleted_is_missed(workspace: winback.Workspace, read: list[Any]) -> None:
    assert at_risk(workspace) == 5
    shutil.rmtree(copies.folder_in(workspace.settings.data_path))
    assert at_risk(workspace) == 5
    assert read[-1] is None


def test_a_copy_that_was_damaged_is_given_up(workspace: winback.Workspace, read: list[Any]) -> None:
    assert at_risk(workspace) == 5
    for path in copies.folder_in(workspace.settings.data_path).glob("*/cases.parquet"):
        path.write_bytes(b"")
    assert at_risk(workspace) == 5
    assert read[-1] is None


def test_an_engine_that_broke_down_is_not_asked_again(workspace: winback.Workspace, read: list[Any]) -> None:
    assert at_risk(workspace) == 5
    with (
        pytest.raises(duckdb.FatalException, match="broke down"),
        columns.read_columns(workspace.settings.data_path),
    ):
        raise duckdb.FatalException("broke down")
    assert at_risk(workspace) == 5
    assert len(read) == 2


def test_it_is_given_back_with_the_workspace(programme: Programme, read: list[Any]) -> None:
    for _ in range(2):
        with programme.open() as workspace:
            assert at_risk(workspace) == 5
            assert at_hand._kept is not None
        assert at_hand._kept is None
    assert len(read) == 2


def test_threads_that_ask_at_once_do_not_disturb_each_other(workspace: winback.Workspace) -> None:
    asked = [{"region": "EMEA"}, {"region": "LATAM"}, {"at": day(1)}, {"csm": "Dana"}, {"csm": "Lee"}] * 6

    def ask(question: dict[str, Any]) -> int:
        try:
            return at_risk(workspace, **question)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as beside:
        assert list(beside.map(ask, asked)) == [5, 0, 0, 5, 0] * 6


def test_a_forked_process_reads_for_itself(workspace: winback.Workspace) -> None:
    assert at_risk(workspace) == 5
    connection.close()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(_asked_by_a_child).get(60) == (None, 5)
    assert at_risk(workspace) == 5


def _asked_by_a_child() -> tuple[object, int]:
    workspace = winback.Workspace._open
    assert workspace is not None
    return at_hand._kept, at_risk(workspace)

"""The columns that figures are made of, copied beside the database: a copy answers as the database does."""

from __future__ import annotations

import errno
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import backing
from tests.databases import OnServer
from tests.programme import Programme, accounts, day, rows
from winback.store import columns, copies, kpis, postgresql


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_MANY", 0)
    monkeypatch.setattr(copies, "_MANY_TOUCHED", 0)
    monkeypatch.setattr(copies, "_IN_USE", -1)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The moments whose figures are counted, and not answered from what was kept."""
    moments: list[int] = []
    count = kpis.kpis

    def counting(asked: columns.Columns, values: dict[str, Any]) -> dict[str, Any]:
        moments.append(int(values["at"]))
        return count(asked, values)

    monkeypatch.setattr(kpis, "kpis", counting)
    return moments


DANA = {"csm_name": "Dana"}


def off(count: int) -> list[dict[str, object]]:
    """A report in which so many of fifty accounts are off."""
    return rows(f"{accounts(count, '-')} {accounts(50 - count, start=count)}", DANA)


def at_risk(programme: Programme, at: float) -> int:
    return int(programme.kpis(day(at))["at_risk"]["accounts"])


def copied(programme: Programme) -> list[str]:
    return sorted(path.name for path in folder_of(programme).glob(f"{copies._FORMAT}-*"))


def folder_of(programme: Programme) -> Path:
    return copies.folder_in(programme.folder / "data")


def test_each_pull_makes_a_copy_and_the_last_two_are_there(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    assert copied(programme) == []
    programme.pull(2, off(1))
    (first,) = copied(programme)
    programme.pull(3, off(2))
    assert first in copied(programme)
    assert len(copied(programme)) == 2
    programme.pull(4, off(3))
    assert first not in copied(programme)
    assert len(copied(programme)) == 2
    assert [at_risk(programme, at) for at in (1, 2, 3, 4)] == [0, 1, 2, 3]


def test_few_cases_are_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_MANY", 2)
    programme = Programme(tmp_path)
    for at, count in ((1, 0), (2, 2), (3, 3)):
        assert copied(programme) == []
        programme.pull(at, off(count))
    assert len(copied(programme)) == 1


def test_a_copy_serves_until_much_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    (first,) = copied(programme)
    monkeypatch.setattr(copies, "_MANY_TOUCHED", 1_000)
    programme.pull(3, off(4))
    assert copied(programme) == [first]
    assert at_risk(programme, 3) == 4


def test_what_was_counted_is_answered_until_a_case_is_older_than_a_band(tmp_path: Path, counted: list[int]) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    counted.clear()
    found = [programme.kpis(day(at)) for at in (2, 2.25, 2.5)]
    assert [each["time_since_churn_hours"]["mean"] for each in found] == [0, 6, 12]
    assert [each["time_since_churn_hours"]["median"] for each in found] == [0, 6, 12]
    assert [each["at_risk"]["by_time"]["L24HRS"]["accounts"] for each in found] == [1, 1, 1]
    assert counted == []
    programme.now = day(3.01)
    later = programme.kpis()
    assert later["at_risk"]["by_time"]["L24HRS"]["accounts"] == 0
    assert later["at_risk"]["by_time"]["L48HRS"]["accounts"] == 1
    assert programme.kpis() == later
    assert len(counted) == 1


def test_figures_of_a_moment_before_a_change_stay_and_others_are_counted_anew(
    tmp_path: Path, counted: list[int]
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    programme.pull(4, off(0))
    counted.clear()
    with programme.open(5) as workspace:
        workspace.claim("m0", "won", csm="Dana", at=day(4))
    assert programme.kpis(2)["at_risk"]["accounts"] == 1
    assert counted == []
    programme.now = day(4.1)
    assert programme.kpis()["credit"]["csm_true_wins"]["accounts"] == 1
    assert programme.kpis()["credit"]["csm_true_wins"]["accounts"] == 1
    assert len(counted) == 1


def test_a_void_case_leaves_the_figures_of_every_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(2))
    programme.pull(3, off(2))
    assert [at_risk(programme, at) for at in (2, 3)] == [2, 2]
    programme.void("m0")
    assert [at_risk(programme, at) for at in (2, 3)] == [1, 1]


def test_an_undo_takes_cases_out_of_a_copy(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(2))
    outcome = programme.pull(3, off(5))
    assert at_risk(programme, 3) == 5
    programme.undo(outcome)
    assert at_risk(programme, 3) == 2


@pytest.mark.only_on("sqlite")
def test_a_backup_put_back_is_not_answered_by_what_was_counted_of_its_future(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    before = (programme.folder / "winback.sqlite3").read_bytes()
    programme.pull(3, off(2))
    assert at_risk(programme, 3) == 2
    (programme.folder / "winback.sqlite3").write_bytes(before)
    programme.pull(3, off(7))
    assert at_risk(programme, 3) == 7


def test_a_copy_that_is_gone_is_not_missed(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    shutil.rmtree(folder_of(programme))
    assert at_risk(programme, 2) == 1
    programme.pull(3, off(2))
    assert at_risk(programme, 3) == 2
    assert len(copied(programme)) == 1


def test_a_pull_counts_also_where_its_figures_can_not_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    folder_of(programme).write_text("in the way")
    assert programme.pull(2, off(1)).status == "applied"
    assert "figures will take longer to ask for" in capsys.readouterr().err
    assert at_risk(programme, 2) == 1


@pytest.mark.only_on("postgresql")
def test_what_another_has_written_and_not_committed_is_in_no_copy_and_not_lost(tmp_path: Path) -> None:
    """A copy is begun when everybody who was in the middle of a transaction has ended it."""
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    shutil.rmtree(folder_of(programme))
    databases = backing.current().databases
    assert isinstance(databases, OnServer)
    sql, url = "update cases set voided_at = churned_at + 1", databases.url(programme.folder)
    with psycopg.connect(url) as other:
        other.execute(sql.encode())
        with ThreadPoolExecutor(1) as beside:
            pulled = beside.submit(programme.pull, 3, off(1))
            time.sleep(2)
            other.commit()
            pulled.result()
    assert at_risk(programme, 3) == 0


@pytest.mark.parametrize("name", ["cases.parquet", "csms.parquet"])
def test_a_copy_that_is_damaged_is_given_up(tmp_path: Path, name: str) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    for path in folder_of(programme).glob(f"*/{name}"):
        path.write_bytes(b"")
    for path in folder_of(programme).glob("*/*.json.gz"):
        path.write_bytes(b"")
    assert at_risk(programme, 2) == 1
    assert copied(programme) == []
    programme.pull(3, off(2))
    assert at_risk(programme, 3) == 2
    assert len(copied(programme)) == 1


@pytest.mark.parametrize("name", ["region=EMEA", "s[1]", "what*is?this", "o'clock"])
def test_a_workspace_whose_folder_looks_like_something_else(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    programme = Programme(tmp_path / name)
    programme.pull(1, rows(accounts(50), DANA, m0={"region": "APAC"}))
    programme.pull(2, rows("m0- " + accounts(49, start=1), DANA, m0={"region": "APAC"}))
    assert len(copied(programme)) == 1
    assert programme.kpis(day(2.2), region="APAC")["at_risk"]["accounts"] == 1


def test_where_another_machine_has_made_a_copy_meanwhile_that_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    (first,) = copied(programme)
    finish = copies._finish

    def beside(*arguments: Any) -> None:
        finish(*arguments)
        backing.run_sql(programme.folder, "update columns_copy set mark = mark + 1")

    monkeypatch.setattr(copies, "_finish", beside)
    programme.pull(3, off(2))
    ((name,),) = backing.run_sql(programme.folder, "select name from columns_copy")
    assert name == first


def test_where_the_first_copy_can_not_be_written_nothing_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    monkeypatch.setattr(columns.Columns, "write", broken)
    programme.pull(2, off(1))
    assert backing.run_sql(programme.folder, "select * from columns_copy") == []
    programme.pull(3, off(2))
    assert backing.run_sql(programme.folder, "select * from touched") == []
    assert copied(programme) == []


def broken(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.only_on("postgresql")
def test_a_pull_does_not_wait_for_somebody_who_writes_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_SHORT_PATIENCE", 1)
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    (first,) = copied(programme)
    databases = backing.current().databases
    assert isinstance(databases, OnServer)
    with psycopg.connect(databases.url(programme.folder)) as other:
        other.execute(b"delete from feedback")
        assert programme.pull(3, off(2)).status == "applied"
    assert copied(programme) == [first]
    assert at_risk(programme, 3) == 2


def test_every_table_that_figures_are_made_of_is_watched(tmp_path: Path) -> None:
    """A migration that makes a table of SQLite anew loses its triggers."""
    programme = Programme(tmp_path)
    programme.pull(1, off(0))
    programme.pull(2, off(1))
    backing.run_sql(programme.folder, "delete from touched")
    watched = {model._meta.db_table for model in columns._READ}
    assert watched == {"cases", "adoptions", "owners", "claims", "activities", "notifications", "feedback"}
    names = "select name from sqlite_master where type = 'trigger' and name like 'touch%'"
    if backing.current().name == "postgresql":
        names = "select tgname from pg_trigger where tgname like 'touch%'"
    found = {name for (name,) in backing.run_sql(programme.folder, names)}
    kinds = ("",) if backing.current().name == "postgresql" else ("_insert", "_update", "_delete")
    assert found == {f"touch_{table}{kind}" for table in watched for kind in kinds}

"""Activities that a query gives, from where it was left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.crm.office import activities, churned, gather
from tests.programme import Programme

QUERY = """
select id as external_id, kind, account as uid, who as owner_email, at as occurred_at, stamp as modified_at,
    gone as is_deleted
from crm where stamp >= :since order by stamp
"""
SETTINGS = f'[crm.sql]\nurl = "sqlite:///crm.sqlite3"\nquery = """{QUERY}"""\n'
Row = tuple[object, ...]


def fill(programme: Programme, *rows: Row) -> None:
    with closing(sqlite3.connect(programme.folder / "crm.sqlite3")) as connection:
        connection.execute(
            "create table if not exists crm (id integer primary key, kind, account, who, at, stamp, gone)"
        )
        connection.executemany("insert or replace into crm values (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


def call(number: int, hour: int, stamp: str, gone: int = 0) -> Row:
    return number, "call", "a", "dana@shop.example", f"2026-11-02 {hour}:00:00", stamp, gone


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return churned(tmp_path, SETTINGS)


def test_only_what_changed_is_read_with_ten_minutes_of_overlap(programme: Programme) -> None:
    fill(
        programme,
        call(1, 10, "2026-11-02 10:00:00"),
        call(2, 11, "2026-11-02 10:55:00"),
        call(3, 11, "2026-11-02 11:00:00"),
    )
    assert gather(programme, 3)["sql"].read == 3
    fill(
        programme,
        call(1, 12, "2026-11-02 10:51:00"),
        call(2, 13, "2026-11-02 10:49:59"),
        call(4, 14, "2026-11-02 12:00:00"),
    )
    assert gather(programme, 3)["sql"].read == 3
    hours = {each: row[3] for each, row in activities(programme).items()}
    assert hours == {"1": "02 12", "2": "02 11", "3": "02 11", "4": "02 14"}, "2 was changed before the overlap"
    assert gather(programme, 3, since=1)["sql"].read == 4


def test_what_is_deleted_in_the_warehouse_goes(programme: Programme) -> None:
    fill(programme, call(1, 10, "2026-11-02 10:00:00"))
    gather(programme, 3)
    fill(programme, call(1, 10, "2026-11-02 10:05:00", gone=1))
    assert gather(programme, 3)["sql"].deleted == 1
    assert activities(programme) == {}


def test_a_moment_to_come_does_not_hide_what_comes_before_it(programme: Programme) -> None:
    fill(programme, call(1, 10, "2099-01-01 00:00:00"))
    gather(programme, 3)
    fill(programme, call(2, 10, "2026-11-03 09:00:00"))
    gather(programme, 4)
    assert sorted(activities(programme)) == ["1", "2"]


def test_what_was_done_before_the_first_churn_is_not_read(programme: Programme) -> None:
    fill(programme, call(1, 10, "2026-11-01 10:00:00"), call(2, 10, "2026-11-02 10:00:00"))
    assert gather(programme, 3)["sql"].read == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select 1 as kind", "crm.sql: expected a column external_id; there are: kind. Name it in the query"),
        ("select x from nowhere", "no such table: nowhere"),
    ],
)
def test_a_query_that_does_not_do_is_named(programme: Programme, query: str, said: str) -> None:
    fill(programme)
    programme.set(SETTINGS.replace(QUERY, query))
    assert said in str(gather(programme, 3)["sql"].failed)


def test_a_database_that_is_not_there_leaves_other_sources_to_be_read(programme: Programme) -> None:
    (programme.folder / "calls.csv").write_text(
        "external_id,kind,uid,owner_email,occurred_at\n1,call,a,dana@shop.example,2026-11-02T10:00Z\n"
    )
    programme.set(SETTINGS + '[crm.files]\npath = "calls.csv"\n')
    gathered = gather(programme, 3)
    assert "no database at" in str(gathered["sql"].failed)
    assert (gathered["files"].failed, len(activities(programme))) == (None, 1)

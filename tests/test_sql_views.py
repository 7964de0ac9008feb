"""The views for other programs say what `winback show` says."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests import backing, databases
from tests.histories import scripts
from tests.playing import Player, rows_of, timed
from tests.programme import Programme, day, rows
from tests.steps import Script
from winback import demo, open_workspace, sql_views
from winback.core.moments import to_micros
from winback.settings.sections import QuietHours
from winback.store import database, views
from winback.store.tables import TABLES
from winback.workspace import Workspace

READ: dict[str, Callable[[Any], object]] = {
    "money": lambda cell: Decimal(str(round(cell, 4))) if isinstance(cell, float) else cell,
    "moment": lambda cell: datetime.fromisoformat(cell) if isinstance(cell, str) else cell.astimezone(UTC),
    # The views have hours in full.
    "hours": lambda cell: round(float(cell), 2),
    "flag": bool,
}


def seen(name: str) -> Counter[tuple[object, ...]]:
    columns = TABLES[name]
    with connection.cursor() as cursor:
        cursor.execute(f"select * from winback_{name}")
        assert [column[0] for column in cursor.description] == [column for column, _ in columns]
        found = cursor.fetchall()
    kinds = [kind for _, kind in columns]
    return Counter(tuple(read(cell, kind) for cell, kind in zip(row, kinds, strict=True)) for row in found)


def read(cell: Any, kind: str) -> object:
    return cell if cell is None or kind not in READ else READ[kind](cell)


def differing(workspace: Workspace, at: datetime) -> list[str]:
    """The tables whose view says something else, were it `at` now."""
    clock = {"sqlite": f"{to_micros(at)}", "postgresql": f"{to_micros(at)}::bigint"}
    with mock.patch.object(views, "_NOW", clock):
        views.make()
    try:
        shown = {name: Counter(tuple(row.values()) for row in rows_of(workspace, name, at=at)) for name in TABLES}
        return [name for name in TABLES if shown[name] != seen(name)]
    finally:
        views.make()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(scripts(), st.integers(0, 2**32))
def test_each_view_is_its_table_in_any_history(script: Script, seed: int) -> None:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        player = Player(Path(folder), script.settings)
        now = datetime.min.replace(tzinfo=UTC)
        for now, step in timed(script.steps):
            player.take(now, step)
        with player.open(now) as workspace:
            hours = rng.choice([None, QuietHours()])
            workspace.settings = structs.replace(workspace.settings, quiet_hours=hours)
            sql_views.tell(workspace.settings, now)
            for later in (timedelta(0), timedelta(days=rng.randrange(120))):
                assert differing(workspace, now + later) == []


def test_each_view_is_its_table_of_the_demo(tmp_path: Path) -> None:
    backing.make_database(tmp_path)
    backing.write_settings(tmp_path, demo._SETTINGS.format(folder=demo.data_folder().as_posix()))
    now = datetime(2026, 11, 7, 9, tzinfo=UTC)
    with open_workspace(tmp_path, now=now) as workspace:
        for report, at, _ in demo._PULLS:
            workspace.pull("payments", demo.data_folder() / report, at)
        demo._hear_csms(workspace)
        assert differing(workspace, now) == []
        assert {name for name in TABLES if not seen(name)} == {"feedback"}


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    found = Programme(tmp_path, "[cases]\nlost_after_days = 5")
    found.pull(1, rows("a+ b+ c+ d+", {"gmv": "12345678901.2345", "csm_name": "Ana"}))
    found.pull(3, rows("a- b+ c+ d-", {"gmv": "12345678901.2345", "csm_name": "Ana"}))
    found.pull(4, rows("a+ b- c+ d-", {"gmv": "12345678901.2345", "csm_name": "Ana"}))
    return found


def test_the_views_are_of_now(programme: Programme) -> None:
    with programme.open():
        # Both cases are older than five days by the clock of the database, though not by that of this workspace.
        assert len(seen("churns")) == 2
        assert not seen("at_risk")
        assert len(seen("wins")) == 1


def test_a_changed_setting_is_in_the_views_after_the_next_pull(programme: Programme) -> None:
    programme.set("[cases]\nlost_after_days = 36500")
    with programme.open():
        assert not seen("at_risk")
    programme.pull(5, rows("a+ b- c+ d-", {"csm_name": "Ana"}))
    with programme.open():
        assert len(seen("at_risk")) == 2


def test_a_database_that_is_brought_up_to_date_has_them_anew(programme: Programme) -> None:
    with programme.open() as workspace:
        address = workspace.settings.database
        with connection.cursor() as cursor:
            cursor.execute("drop view winback_wins")
            cursor.execute("update views_made set made_of = 'an older program'")
    assert database.migrate(address) == []
    with programme.open():
        assert len(seen("wins")) == 1


def test_a_migration_that_died_between_is_mended_by_the_next(programme: Programme) -> None:
    with programme.open() as workspace:
        address = workspace.settings.database
        views.drop()
    assert database.migrate(address) == []
    with programme.open():
        assert len(seen("wins")) == 1


def test_what_is_in_other_columns_stays_out(programme: Programme) -> None:
    with programme.open(), connection.cursor() as cursor:
        cursor.execute("select gmv from winback_churns where uid = 'b'")
        ((gmv,),) = cursor.fetchall()
    assert Decimal(str(gmv)) == Decimal("12345678901.2345")


@pytest.mark.only_on("postgresql")
def test_a_role_that_may_read_the_views_alone(programme: Programme) -> None:
    """As docs/sql-views.md has it."""
    page = (Path(__file__).parent.parent / "docs" / "sql-views.md").read_text(encoding="utf-8")
    sql = page.partition("```sql\n")[2].partition("```")[0].replace("winback_reader", "reader_of_test")
    chosen = backing.current().databases
    assert isinstance(chosen, databases.OnServer)
    url = chosen.url(programme.folder)
    try:
        with psycopg.connect(url) as owner:
            owner.execute(sql.encode())
        with psycopg.connect(url, autocommit=True) as reader:
            reader.execute("set role reader_of_test")
            assert reader.execute("select count(*) from winback_churns").fetchone() == (2,)
            for refused in ("select * from cases", "select * from users", "delete from pulls"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute(refused.encode())
    finally:
        with psycopg.connect(url) as owner:
            owner.execute(b"drop owned by reader_of_test; drop role reader_of_test")


def test_numbers_of_days(programme: Programme) -> None:
    with programme.open() as workspace:
        assert differing(workspace, day(4)) == []
        assert differing(workspace, day(9)) == []

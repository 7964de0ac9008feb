"""A backup of one kind of database is restored into the other, and is the same there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import backing
from tests.backing import BACKINGS
from tests.workspaces import NEVER_LOST, Place, account, accounts

pytestmark = pytest.mark.only_on("sqlite")
TABLES = ("history", "cases", "churns", "wins", "readopted", "notifications", "rejected", "pulls")

WORKER = "insert into workers (name, seen_at) values ('here', 1)"
REQUEST = (
    "insert into requests (kind, arguments, key, status, asked_by, asked_at, share)"
    " values ('undo', '{}', 'k', 'done', 'lee', 1, 0.5)"
)


def tables(place: Place) -> dict[str, str]:
    return {name: place.done("show", name, "--at", "2024-04-01", "--format", "csv").out for name in TABLES}


@pytest.mark.parametrize(
    ("source", "target"), [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
)
def test_a_backup_of_one_database_restored_into_another(source: str, target: str, tmp_path: Path) -> None:
    for name in (source, target):
        if why := BACKINGS[name].why_not:
            pytest.skip(why)
    backup = tmp_path / "backup.tar.zst"
    with backing.in_use(BACKINGS[source]):
        place = Place(tmp_path / "place", NEVER_LOST + '[alerts]\nto = ["#ops"]\n')
        for day, off in ((1, {1, 2}), (2, {2, 3, 4})):
            place.write(f"2024-03-0{day}", [*accounts(60, off), account("odd", "perhaps"), account("é\u2028", True)])
            place.done("pull", *(["--no-messages"] if day == 2 else []))
        place.write("2024-03-03", accounts(60, range(60)))
        assert place.run("pull").status == 3
        backing.run_sql(place.folder, REQUEST)
        backing.run_sql(place.folder, WORKER)
        place.done("backup", str(backup))
        expected = tables(place)
    with backing.in_use(BACKINGS[target]):
        other = Place(tmp_path / "other", NEVER_LOST)
        # Of a process that was killed: nothing that could be lost.
        backing.run_sql(other.folder, WORKER)
        other.done("restore", str(backup))
        assert tables(other) == expected
        assert backing.run_sql(other.folder, "select count(*) from winback_at_risk") == [(len(other.show("at_risk")),)]
        assert len(backing.run_sql(other.folder, "select * from view_settings")) == 1
        assert backing.run_sql(other.folder, "select kind, arguments, share from requests") == [("undo", "{}", 0.5)]
        assert "not empty" in other.run("restore", str(backup)).line
        other.write("2024-03-04", accounts(60, {3, 4, 5}))
        assert "applied (pull 4)" in other.done("pull").out
        other.done("pulls", "reject", "3", "--reason", "wrong file")
        assert "2 messages sent" not in other.done("notify").out
        assert len(other.show("cases")) == 3

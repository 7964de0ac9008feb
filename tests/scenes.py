"""Commands to be killed: what they find, and how one ends that nobody disturbs."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import winback
from tests import backing
from tests.killed import Death, Job, Killer
from tests.workspaces import NEVER_LOST, Place, Row, account, accounts
from winback.store.outbox import LEASE

SETTINGS = f"""{NEVER_LOST}
[workspace]
keep = 2
[messages]
bundle_over = 2
[alerts]
to = ["#ops"]
no_pull_for_hours = 36500
"""
TABLES = ("history", "cases", "churns", "at_risk", "wins", "readopted", "notifications", "rejected", "pulls")
# Numbers that are given anew, and moments of the clock.
NOT_COMPARED = {"case_id", "pull_id", "message_id", "sent_at", "read_at"}
# PostgreSQL gives the number of a pull that was not committed to no other.
_NUMBER = re.compile(r"\b(pull|approve|reject) \d+")
_MESSAGE = re.compile(r"^\+-+\n(.*?)^\+-+\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Scene:
    """`arguments`: the command; `find`: makes what it finds, and returns further arguments; `status`: how it exits."""

    arguments: tuple[str, ...]
    find: Callable[[Place], object]
    status: int = 0


def day(number: int) -> str:
    return f"2024-03-{number:02}"


def report(off: set[int], *more: Row) -> list[Row]:
    return [*accounts(60, off), *more]


def two_pulls(place: Place) -> None:
    """Accounts that are won and lost, and a row that is rejected; the next pull deletes the oldest history."""
    for number, off in enumerate(({1, 2, 3}, {2, 4, 5, 6}), start=1):
        place.write(day(number), report(off, account("odd", "perhaps")))
        place.done("pull")


def another_report(place: Place) -> None:
    """Churns of two CSMs, a win-back whose CSM was told, new adoptions, a missing and a new account, rejected rows."""
    two_pulls(place)
    rows = report({7, 8, 9, 10}, account("n1"), account("odd", "perhaps"), account("b", False, csm="Lee Park"))
    place.write(day(3), rows[1:])


def all_flags_flipped(place: Place) -> None:
    two_pulls(place)
    place.write(day(3), report(set(range(7, 60))))


def no_report_at_all(place: Place) -> None:
    two_pulls(place)
    place.write_text(day(3), "<html>Sign in</html>")


def many_reports(place: Place) -> None:
    """The fourth of seven is held."""
    for number in range(1, 8):
        off = {number, number + 1, 20 + number} if number != 4 else set(range(60))
        place.write(day(number), report(off, account("odd", "perhaps")))


def held_pull(place: Place) -> None:
    """Numbered 3."""
    all_flags_flipped(place)
    assert place.run("pull").status == 3


def last_pull(place: Place) -> None:
    """Numbered 3; what it told is to be corrected."""
    another_report(place)
    place.done("pull")


def planned_messages(place: Place) -> None:
    another_report(place)
    place.done("pull", "--no-messages")


def nothing_yet(place: Place) -> None:
    place.write(day(1), report({1, 2}, account("odd", "perhaps")))


SCENES = {
    "first pull": Scene(("pull",), nothing_yet),
    "pull": Scene(("pull",), another_report),
    "held pull": Scene(("pull",), all_flags_flipped, status=3),
    "refused pull": Scene(("pull",), no_report_at_all, status=1),
    "backfill": Scene(("backfill", "payments", "reports/payments_{date}.csv"), many_reports, status=3),
    "approve": Scene(("pulls", "approve", "3", "--reason", "checked"), held_pull),
    "reject": Scene(("pulls", "reject", "3", "--reason", "wrong file"), held_pull),
    "undo": Scene(("pulls", "undo", "3", "--reason", "wrong file"), last_pull),
    "notify": Scene(("notify",), planned_messages),
}


@dataclass(frozen=True)
class End:
    """What is there in the end. `messages`: how often each was printed; `released`: by a person."""

    tables: dict[str, Any]
    messages: Counter[str]
    released: int
    files: list[str]


class Stage:
    """Where a scene is played, again and again, always in the same folder."""

    def __init__(self, scene: Scene, folder: Path, killer: Killer) -> None:
        self._scene = scene
        self._killer = killer
        self._start = folder / "start"
        self._folder = folder / "place"
        scene.find(Place(self._folder, SETTINGS))
        backing.copy_workspace(self._folder, self._start)
        self.undisturbed = self.play()
        assert self.undisturbed.status == scene.status, self.undisturbed
        self.expected = self.end(self.undisturbed)

    def play(self, call: int = 0, *, after: bool = False, seconds: float | None = None) -> Death:
        """From the start on."""
        shutil.rmtree(self._folder)
        backing.copy_workspace(self._start, self._folder)
        return self._run(call, after, seconds)

    def again(self) -> Death:
        """The same command, on what the first left."""
        return self._run()

    def _run(self, call: int = 0, after: bool = False, seconds: float | None = None) -> Death:
        return self._killer.run(Job(str(self._folder), list(self._scene.arguments), call, after, seconds))

    def end(self, *deaths: Death) -> End:
        """Reads everything, after a person released what a sender that died left unknown."""
        now = dt.datetime.now(dt.UTC) + LEASE + dt.timedelta(minutes=1)
        output = io.StringIO()
        with winback.open_workspace(self._folder, now=now, output=output) as workspace:
            workspace.notify(release=True)
            tables: dict[str, Any] = {name: sorted(map(repr, compared(workspace, name))) for name in TABLES}
            tables["kpis"] = workspace.kpis(at="2024-04-01")
        printed = Counter(_NUMBER.sub(r"\1 N", message) for death in deaths for message in _MESSAGE.findall(death.out))
        released = len(_MESSAGE.findall(output.getvalue()))
        return End(tables, printed, released, shape_of(self._folder / "data"))


def compared(workspace: winback.Workspace, name: str) -> list[dict[str, Any]]:
    table = workspace.table(name, at="2024-04-01")
    rows: list[dict[str, Any]] = table.drop_columns(sorted(NOT_COMPARED & set(table.column_names))).to_pylist()
    return rows


def shape_of(folder: Path) -> list[str]:
    """Folders and files of the histories, without what makes the name of a folder its own."""
    paths = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    return sorted(re.sub(r"Z-[0-9a-f]{8}", "Z", path) for path in paths)

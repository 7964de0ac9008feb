"""What stands behind the workspaces of a test: which engine compares, which database remembers.

Every test of a module that makes workspaces (`Programme`, `Place`, `Player`, `Stage`) runs once on each of `BACKINGS`,
by the fixture `stands_on` of conftest.py. A test that is about one of them says so: `@pytest.mark.only_on("sqlite")`. A
fixture of a whole module that makes a workspace names `stands_on` among its arguments, to be made anew for each.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import server
from tests.databases import Databases, Files, OnServer

# Modules whose things make workspaces.
_MAKERS = {"tests.programme", "tests.slack_bot.office", "tests.workspaces", "tests.playing", "tests.scenes"}


@dataclass(frozen=True)
class Backing:
    """`engine`: as `[workspace] engine` has it."""

    name: str
    databases: Databases
    engine: str = "duckdb"

    @property
    def why_not(self) -> str | None:
        """Why nothing can run on it here."""
        if self.engine != "duckdb" and (lacking := lacking_for_spark()):
            return f"Spark lacks {lacking}"
        return server.why_not() if isinstance(self.databases, OnServer) else None

    def lines(self, folder: Path) -> str:
        """What `[workspace]` says of it; nothing where the defaults will do."""
        engine = "" if self.engine == "duckdb" else f'engine = "{self.engine}"\n'
        return engine + self.databases.line(folder)


_ALL = (Backing("sqlite", Files()), Backing("postgresql", OnServer()), Backing("spark", Files(), engine="local[2]"))
BACKINGS = {each.name: each for each in _ALL}
# A tiny pull takes Spark seconds: every run takes a sample, and `make soak` the rest, tests of many pulls among it. Of
# modules whose rules an engine decides it is the first case of every test, of others that ask an engine the first of
# all; what the rest of them is about comes after the engine, in the database. Other literals in the same statements are
# left to tests/report/test_engines.py, which asks of all of them at once.
_DECIDED_BY_ENGINE = {f"tests.test_rules_{name}" for name in ("changes", "words", "reading")}
_ASKS_ENGINE = {f"tests.test_rules_{name}" for name in ("alerts", "guard", "moments", "states", "undo")}
_in_use = [BACKINGS["sqlite"]]


def lacking_for_spark() -> str:
    """What Spark would need on this machine."""
    packages = [name for name in ("pyspark", "sqlglot") if find_spec(name) is None]
    return ", ".join([*packages, *(["Java"] if shutil.which("java") is None else [])])


def names_for(module: ModuleType) -> list[str]:
    return [name for name in BACKINGS if name != "spark" or module.__name__.startswith("tests.test_rules_")]


def beyond_spark_sample(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Of these tests, those on Spark that not every run takes."""
    rest: list[pytest.Item] = []
    shown: set[tuple[str, str]] = set()
    for item in items:
        if not isinstance(item, pytest.Function) or not runs_on_spark(item):
            continue
        name = item.module.__name__
        reason = (name, item.originalname if name in _DECIDED_BY_ENGINE else "")
        if reason in shown or name not in _DECIDED_BY_ENGINE | _ASKS_ENGINE or item.get_closest_marker("many_pulls"):
            rest.append(item)
        shown.add(reason)
    return rest


def runs_on_spark(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("stands_on") == "spark"


def makes_workspaces(module: ModuleType) -> bool:
    return any(getattr(value, "__module__", None) in _MAKERS for value in vars(module).values())


@contextmanager
def in_use(backing: Backing) -> Iterator[Backing]:
    """Workspaces made from now on stand on this."""
    _in_use.append(backing)
    try:
        with backing.databases.giving_back():
            yield backing
    finally:
        _in_use.pop()


def current() -> Backing:
    return _in_use[-1]


def write_settings(folder: Path, text: str) -> None:
    """winback.toml with this text and what says on what the workspace stands."""
    before, section, after = text.partition("[workspace]\n")
    if not section:
        before, section, after = "", "[workspace]\n", text
    (folder / "winback.toml").write_text(before + section + current().lines(folder) + after, encoding="utf-8")


def make_database(folder: Path) -> None:
    """An empty one for the workspace of a folder, in the place of what it had; to be called before `write_settings`."""
    current().databases.make(folder)


def has_database(folder: Path) -> bool:
    return current().databases.has(folder)


def copy_workspace(source: Path, target: Path) -> None:
    """A second workspace like the first, with a database of its own."""
    shutil.copytree(source, target)
    current().databases.copy(source, target)


def run_sql(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the program itself would never do to the database of a workspace, or ask of it."""
    return current().databases.run(folder, sql)


def rows_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of their keys; but for a number that says only whether something was
    written."""
    names = set(current().databases.tables(folder)) - {"data_state"}
    return {name: run_sql(folder, f'select * from "{name}" order by 1') for name in sorted(names)}

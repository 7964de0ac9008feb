"""The benchmarks keep working: the input is as described, the floor and winback are measured, the peers can be read."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

BENCH = Path(__file__).parent.parent / "bench"
ACCOUNTS = 20_000
# Of all accounts, from one day to the next.
SHARES = {"churned": 0.004, "won": 0.003, "new": 0.001, "missing": 0.001, "changed": 0.05}
COUNTED = """
    select
        count(*) filter (a.is_product_enabled and not b.is_product_enabled)  as churned,
        count(*) filter (not a.is_product_enabled and b.is_product_enabled)  as won,
        count(*) filter (a.uid is null)                                      as new,
        count(*) filter (b.uid is null)                                      as missing,
        count(*) filter (a.gmv <> b.gmv)                                     as changed
    from '{0}/day_1.{1}' as a full join '{0}/day_2.{1}' as b using (uid)
"""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    run("generate.py", str(ACCOUNTS), str(folder))
    return folder


def run(script: str, *arguments: str) -> str:
    ran = subprocess.run([sys.executable, str(BENCH / script), *arguments], check=True, capture_output=True, text=True)
    return ran.stdout


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_two_days_differ_as_described(days: Path, form: str) -> None:
    with duckdb.connect() as connection:
        counted = connection.execute(COUNTED.format(days, form))
        names = [column[0] for column in counted.description or ()]
        found = dict(zip(names, counted.fetchall()[0], strict=True))
    assert {name: pytest.approx(share * ACCOUNTS, rel=0.5) for name, share in SHARES.items()} == found


def test_the_same_seed_makes_the_same_days(days: Path, tmp_path: Path) -> None:
    run("generate.py", str(ACCOUNTS), str(tmp_path))
    for name in ("day_1.csv", "day_2.csv"):
        assert (tmp_path / name).read_bytes() == (days / name).read_bytes()


def test_a_pull_is_measured_beside_the_floor(tmp_path: Path) -> None:
    table = run("run.py", "2000", "--only", "csv,help", "--runs", "1", "--markdown", "--dir", str(tmp_path))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert [row[0] for row in rows[2:]] == ["the floor F(2,000)", "`pull` of 2,000 from CSV", "`winback --help`"]
    assert re.fullmatch(r"[0-9.]+", rows[3][2])
    assert list(tmp_path.iterdir()) == []


def test_figures_are_asked_of_a_copy_of_many_cases() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in run("figures.py", "2000").splitlines()]
    assert [row[0] for row in rows if row[2] == "≤ 100 ms"] == ["now", "at a pull", "90 days, now"]
    assert all(re.fullmatch(r"[0-9.]+ s", row[1]) for row in rows[2:])


@pytest.mark.parametrize("script", sorted(path.name for path in BENCH.glob("peers/*.py")))
def test_a_peer_can_be_read_and_its_environment_is_pinned(script: str) -> None:
    tree = ast.parse((BENCH / "peers" / script).read_text(encoding="utf-8"))
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    foreign = imported - sys.stdlib_module_names
    pins = (BENCH / "peers" / script).with_suffix(".txt")
    pinned = dict(line.split("==") for line in pins.read_text().splitlines()) if pins.exists() else {}
    assert foreign <= pinned.keys()

"""The dummy script runs as it stands, from any folder, and prints what the dummy data shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "examples" / "product_churn_dummy_script.py"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT)],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "churn    M-1004  Halvorsen Fjordkeramikk, EMEA",
        "win      M-1069  みなも苔玉堂, APAC",
        "missing  M-1003  Panadería El Cometa Zurdo, LATAM",
        "new      42      Kiosko Brújula Descalza, LATAM",
    ],
)
def test_it_compares_two_reports(printed: str, line: str) -> None:
    assert line in printed.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "historical_data_set.csv: applied, 0 churned, 0 won, 0 missing",
        "day_2.csv: applied, 9 churned, 2 won, 2 missing",
        "day_3.csv: applied, 5 churned, 5 won, 1 missing",
    ],
)
def test_it_pulls_three_reports(printed: str, line: str) -> None:
    assert line in printed.splitlines()


def test_it_prints_the_messages(printed: str) -> None:
    assert printed.count("| To: ") == 22


def test_it_prints_the_tables(printed: str) -> None:
    lines = printed.splitlines()
    assert sum(line.startswith("at risk ") for line in lines) == 12
    assert sum(line.startswith(("win_back ", "new_adoption ")) for line in lines) == 6


@pytest.mark.parametrize(
    "line",
    [
        "at_risk    12 accounts, GMV  697223.62, revenue  11078.07",
        "churned     0 accounts, GMV       0.00, revenue      0.00",
        "won         6 accounts, GMV  336588.71, revenue   8839.77",
        "recovered   2 accounts, GMV   76810.44, revenue   1650.54",
    ],
)
def test_it_prints_the_kpis(printed: str, line: str) -> None:
    assert line in printed.splitlines()


def test_it_can_be_read_at_one_sitting() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 60

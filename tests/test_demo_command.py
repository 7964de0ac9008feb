"""`winback demo`: the dummy data, each step explained."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_winback_demo_plays_it_and_explains_each_step(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    command = [sys.executable, "-m", "winback", "demo", "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    for part in (
        "1. winback pull payments --report historical_data_set.csv",
        "The first report makes the history",
        "2. winback pull payments --report day_2.csv",
        "9 churned, 2 won, 2 missing",
        "3. winback pull payments --report day_3.csv",
        "5 churned, 5 won, 1 missing",
        "6 accounts without payments need you",
        "winback show at_risk",
        "winback show readopted",
        "Halvorsen Fjordkeramikk",
        "conflicting duplicate",
        "4 claims added",
        "Dana Ortiz won Commercial offer",
        "winback show at_risk --uncontacted-for 48h",
        "winback kpis",
        "CSM true wins 1 64,803 1,371 50 %",
        "claimed 1 2 2",
        "to engage, from the churn 3",
        "At risk 12 697,224 11,078",
        "Impact: too few cases to say",
    ):
        assert part in said
    again = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert again.returncode == 2
    assert "nothing is ever overwritten" in again.stderr

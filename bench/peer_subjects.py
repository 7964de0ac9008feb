"""Other tools at the same job, each a script in `peers/` with an environment of its own where it needs one."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from inputs import Inputs
from measure import OUTPUT, Subject, timed

FOLDER = Path(__file__).with_name("peers")
ENVIRONMENTS = Path(__file__).parent.parent / ".cache" / "bench"
PEERS = {
    "polars": ("polars_join.py", "Polars"),
    "pandas": ("pandas_merge.py", "pandas"),
    "datacompy": ("datacompy_compare.py", "datacompy"),
    "sqlite3": ("sqlite3_join.py", "csv and sqlite3"),
}


def peers(inputs: Inputs, accounts: int, wanted: Callable[[str], bool]) -> Iterator[Subject]:
    """Only the wanted ones, since an environment takes a while to make."""
    days = inputs.days(accounts)
    for key, (script, name) in PEERS.items():
        if wanted(key):
            command = [python_for(FOLDER / script), str(FOLDER / script)]
            after_day_1 = inputs.empty()
            timed([*command, str(days / "day_1.csv")], after_day_1)
            yield Subject(
                key,
                f"{name}, {accounts:,} from CSV",
                [*command, str(days / "day_2.csv")],
                inputs.copy_of(after_day_1),
                check=found(inputs.counts(accounts)),
            )


def found(counts: dict[str, int]) -> Callable[[Path], None]:
    def check(folder: Path) -> None:
        printed = json.loads((folder / OUTPUT).read_text(encoding="utf-8"))
        assert printed == counts, f"{printed} found of {counts}"

    return check


def python_for(script: Path) -> str:
    """The interpreter of an environment with what stands in the .txt beside the script, made where it is not there
    yet; this one for a script that has none."""
    pins = script.with_suffix(".txt")
    if not pins.exists():
        return sys.executable
    stamp = hashlib.sha256(pins.read_bytes()).hexdigest()[:8]
    folder = ENVIRONMENTS / f"{script.stem}-{stamp}"
    if not (folder / "complete").exists():
        print(f"making the environment of {script.name} in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(pins)]
        subprocess.run([str(folder / "bin" / "python"), *install], check=True)
        (folder / "complete").touch()
    return str(folder / "bin" / "python")

"""`winback demo --serve`, as somebody starts it who wants to look: pages, and a worker behind them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from winback import open_workspace, requests
from winback.up.children import PYTHON


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and where it listens."""
    command = [sys.executable, *PYTHON[1:], "winback", "demo", "--serve", "--port", "0", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        address = next(line.split("listening on ")[1].strip() for line in lines if "listening on " in line)
        yield process, address
    finally:
        process.kill()
        process.communicate()


@pytest.mark.timeout(300)
def test_what_is_asked_for_is_done_and_nothing_is_left_at_the_end(tmp_path: Path) -> None:
    with served(tmp_path / "demo") as (process, address):
        with urlopen(f"{address}healthz", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok"}
        with open_workspace(tmp_path / "demo") as workspace:
            last = max(pull["pull_id"] for pull in workspace.table("pulls").to_pylist() if pull["status"] == "applied")
            asked = requests.ask(
                workspace.settings, "undo", {"pull": last, "reason": "to look"}, "lee", workspace.now(), key="k"
            )
            give_up = time.monotonic() + 60
            while (found := requests.find(asked)) and found.status not in ("done", "failed"):
                assert time.monotonic() < give_up, found
                time.sleep(0.1)
            assert found
            assert found.status == "done"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert str(tmp_path) not in subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout

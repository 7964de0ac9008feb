"""The sessions on these pages are real: each is played beside the examples, and prints what the page shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import sessions

PAGES = ("README.md", "docs/first-report.md", "docs/kpis.md", "docs/operations.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_sessions_of_a_page_run_as_they_are_written(tmp_path: Path, page: str) -> None:
    clone = tmp_path / "winback"
    shutil.copytree(sessions.ROOT / "examples", clone / "examples")
    # What a reader makes of files of their own stands at home.
    sessions.play(sessions.ROOT / page, tmp_path, None if page == "docs/first-report.md" else clone)

"""The tutorial does what it says: its files are made, its commands run, and they print what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import sessions

TUTORIAL = sessions.ROOT / "docs" / "tutorial.md"


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path) -> None:
    sessions.play(TUTORIAL, tmp_path)


def test_a_page_that_shows_what_is_not_printed_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ winback --version\nwinback 0.0.0\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="winback 0\\.0\\.0"):
        sessions.play(page, tmp_path)


@pytest.mark.parametrize(
    ("shown", "found", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a  …\n", "a  b  c\n", True),
        ("…\n", "", True),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_a_page_leaves_out_may_be_anything(shown: str, found: str, same: bool) -> None:
    assert sessions.fits(shown, found) is same

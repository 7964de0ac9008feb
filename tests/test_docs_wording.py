"""docs/wording.md says what messages/wording.toml says."""

from __future__ import annotations

from pathlib import Path

from docs import make_wording

PAGE = Path(__file__).parent.parent / "docs" / "wording.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_wording.render(), "run `make docs`"

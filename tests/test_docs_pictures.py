"""Every picture in README and docs is there, is small, and says in words what it shows; none is there for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from docs.make_screenshots import FOLDER, PICTURES
from tests.sessions import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST_BYTES = 200_000


def shown() -> Iterator[tuple[str, str, str | None]]:
    """Page, path of the picture, and the words for it; of a `<source>` those are its `<img>`'s."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for words, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
            yield page.name, str((page.parent / path).resolve()), words
        for path in re.findall(r'srcset="([^"]+)"', text):
            yield page.name, str((page.parent / path).resolve()), None
        for image in re.findall(r"<img [^>]*>", text):
            (path,), words = re.findall(r'src="([^"]+)"', image), "".join(re.findall(r'alt="([^"]+)"', image))
            yield page.name, str((page.parent / path).resolve()), words


def test_every_picture_shown_is_there_with_words_for_it() -> None:
    pictures = [(page, path, words) for page, path, words in shown() if not path.startswith("http")]
    assert len(pictures) > len(PICTURES)
    for page, path, words in pictures:
        assert (ROOT / path).is_file(), f"{page} shows {path}"
        assert words is None or len(words) > 20, f"{page}: what does {path} show?"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_taken_is_shown_and_small(name: str) -> None:
    path = FOLDER / f"{name}.png"
    assert 0 < path.stat().st_size <= MOST_BYTES
    assert str(path.resolve()) in {path for _, path, _ in shown()}


def test_no_other_picture_lies_beside_them() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.png" for name in PICTURES}

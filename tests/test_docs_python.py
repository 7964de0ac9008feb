"""The examples of docs/python.md run one after the other and print what the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests import sessions

PAGE = sessions.ROOT / "docs" / "python.md"
_EXAMPLE = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)
_END = "— end of an example —"


def examples() -> list[tuple[str, str]]:
    """Code, and what the page says it prints."""
    return [(match[1], match[2] or "") for match in _EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each example prints, all run by one process."""
    folder = tmp_path_factory.mktemp("python")
    shutil.copytree(sessions.ROOT / "examples" / "data", folder / "data")
    code = "".join(f"{example}\nprint({_END!r})\n" for example, _ in examples())
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-c", code],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [text.replace(str(folder), sessions.HOME) for text in done.stdout.split(f"{_END}\n")]


@pytest.mark.parametrize("place", range(len(examples())))
def test_an_example_prints_what_the_page_shows(printed: list[str], place: int) -> None:
    code, shown = examples()[place]
    assert sessions.fits(shown, printed[place]), f"{code}\n--- the page\n{shown}\n--- found\n{printed[place]}"

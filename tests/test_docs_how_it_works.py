"""docs/how-it-works.md names files and functions that exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests import sessions

PAGE = sessions.ROOT / "docs" / "how-it-works.md"
SOURCE = sessions.ROOT / "src" / "winback"
# Files of a workspace, which the page names beside those of the code.
OF_A_WORKSPACE = {"winback.toml", "report.parquet"}
_NAME = re.compile(r"`([\w/]+\.(?:py|sql|toml|parquet)|[\w/]+/|[A-Za-z_]\w*\(\)|Comparison)`")


def names() -> Iterator[tuple[str, str]]:
    """Every file, folder, function or class that the page names, with the Python file named last before it."""
    last = ""
    for name in _NAME.findall(PAGE.read_text(encoding="utf-8")):
        yield name, last
        if name.endswith(".py"):
            last = name


def defined_in(path: str) -> set[str]:
    tree = ast.parse((SOURCE / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def is_path(name: str) -> bool:
    return "/" in name or "." in name


@pytest.mark.parametrize("name", sorted({name for name, _ in names() if is_path(name)} - OF_A_WORKSPACE))
def test_a_file_named_exists(name: str) -> None:
    assert (SOURCE / name).exists()


@pytest.mark.parametrize(("name", "file"), sorted({pair for pair in names() if not is_path(pair[0])}))
def test_a_function_named_is_in_the_file_named_before_it(name: str, file: str) -> None:
    assert name.removesuffix("()") in defined_in(file)


def test_every_step_of_the_day_stands_where_daily_says() -> None:
    """The table of contents at the top of daily.py: step, file."""
    docstring = ast.get_docstring(ast.parse((SOURCE / "daily.py").read_text(encoding="utf-8"))) or ""
    files = re.findall(r"^\s*\|? ?\w+\s+((?:report|core|store|messages)/\w+)", docstring, flags=re.MULTILINE)
    assert len(files) >= 8
    assert [file for file in files if not (SOURCE / f"{file}.py").exists()] == []

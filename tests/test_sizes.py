"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 60
MAX_MEDIAN_FUNCTION_LINES = 12


def source_files(pattern: str) -> list[Path]:
    """Without migrations, which Django writes."""
    return [file for file in SOURCE.rglob(pattern) if "migrations" not in file.parts]


def function_lengths() -> dict[str, int]:
    """`file:line name` → lines, without decorators (those of a command hold its options)."""
    lengths = {}
    for file in source_files("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place = f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
                lengths[place] = (node.end_lineno or node.lineno) - node.lineno + 1
    return lengths


def test_no_file_is_long() -> None:
    files = source_files("*.py") + source_files("*.sql")
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {file: length for file, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_no_function_is_long() -> None:
    assert {place: length for place, length in function_lengths().items() if length > MAX_FUNCTION_LINES} == {}


def test_most_functions_are_short() -> None:
    assert median(function_lengths().values()) <= MAX_MEDIAN_FUNCTION_LINES

"""Every rule of the domain has a test that names it, or stands in the list of those that come later."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SPECIFICATION = TESTS.parent.parent / "shared" / "spec" / "rules.md"


def read_lines(name: str) -> list[str]:
    lines = (TESTS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def rules() -> dict[str, str]:
    """Number → first words."""
    return {number: words for number, _, words in (line.partition(" ") for line in read_lines("rules.txt"))}


def later() -> set[str]:
    return set(read_lines("rules_later.txt"))


def numbers_marked(source: str) -> Iterator[str]:
    """The arguments of each `pytest.mark.rule(…)`; one that is no plain text is an error."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
            yield from (ast.literal_eval(argument) for argument in node.args)


def rules_shown() -> set[str]:
    files = TESTS.rglob("test_*.py")
    return {number for file in files for number in numbers_marked(file.read_text(encoding="utf-8"))}


def test_every_rule_has_a_test_or_comes_later() -> None:
    assert sorted(rules().keys() - rules_shown() - later()) == []


def test_a_rule_with_a_test_leaves_the_list_of_later_ones() -> None:
    assert sorted(later() & rules_shown()) == []


def test_tests_and_list_name_rules_that_exist() -> None:
    assert sorted((rules_shown() | later()) - rules().keys()) == []


@pytest.mark.skipif(not SPECIFICATION.exists(), reason=f"no {SPECIFICATION} to check rules.txt against")
def test_the_rules_listed_are_those_of_the_specification() -> None:
    text = re.sub("[*`]", "", SPECIFICATION.read_text(encoding="utf-8"))
    specified = dict(re.findall(r"^ (R\d+\.\d+) (.*)$", text, flags=re.MULTILINE))
    listed = rules()
    assert listed.keys() == specified.keys()
    assert [number for number, words in listed.items() if not specified[number].startswith(words)] == []


def test_marks_are_found_on_functions_cases_and_files() -> None:
    source = """
pytestmark = pytest.mark.rule("R1.1")

@pytest.mark.rule("R1.2", "R1.3")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("R2.1"))])
def test_it(x): ...
"""
    assert set(numbers_marked(source)) == {"R1.1", "R1.2", "R1.3", "R2.1"}

"""A small language for what JSON may look like. A rule looks at a value and writes down what is wrong, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Problems = list[str]
Rule = Callable[[Any, str, Problems], None]


def say(problems: Problems, where: str, what: str) -> None:
    """As Slack words it in `response_metadata.messages`."""
    problems.append(f"[ERROR] {what} [json-pointer:{where or '/'}]")


def words(most: int, least: int = 1) -> Rule:
    def check(value: Any, where: str, problems: Problems) -> None:
        if not isinstance(value, str):
            say(problems, where, "must be a string")
        elif len(value) > most:
            say(problems, where, f"must be less than {most + 1} characters")
        elif len(value) < least:
            say(problems, where, f"must be more than {least - 1} characters")

    return check


def number(least: float | None = None, most: float | None = None, *, whole: bool = False, above: bool = False) -> Rule:
    """`above`: more than `least`, not that itself."""

    def check(value: Any, where: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            say(problems, where, f"must be a{' whole' if whole else ''} number")
            return
        too_small = least is not None and (value < least or (above and value == least))
        if too_small or (most is not None and value > most):
            say(problems, where, f"must lie between {least} and {most}")

    return check


def one_of(*allowed: Any) -> Rule:
    def check(value: Any, where: str, problems: Problems) -> None:
        if value not in allowed:
            say(problems, where, f"must be one of {', '.join(map(str, allowed))}, not {value!r}")

    return check


def truth(value: Any, where: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        say(problems, where, "must be true or false")


def anything(value: Any, where: str, problems: Problems) -> None:
    pass


def several(rule: Rule, least: int, most: int) -> Rule:
    def check(value: Any, where: str, problems: Problems) -> None:
        if not isinstance(value, list):
            say(problems, where, "must be a list")
            return
        if not least <= len(value) <= most:
            say(problems, where, f"must have {least} to {most} items, not {len(value)}")
        for number_, item in enumerate(value):
            rule(item, f"{where}/{number_}", problems)

    return check


def shape(fields: Mapping[str, Rule], *needed: str) -> Rule:
    """An object with these fields and no others. `type` has been looked at before."""

    def check(value: Any, where: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            say(problems, where, "must be an object")
            return
        for name in needed:
            if name not in value:
                say(problems, where, f"missing required field: {name}")
        for name, item in value.items():
            if name in fields:
                fields[name](item, f"{where}/{name}", problems)
            elif name != "type":
                say(problems, f"{where}/{name}", f"invalid additional property: {name}")

    return check


def by_type(shapes: Mapping[str, Rule]) -> Rule:
    def check(value: Any, where: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            say(problems, where, f"unsupported type: {kind}")
        else:
            shapes[kind](value, where, problems)

    return check

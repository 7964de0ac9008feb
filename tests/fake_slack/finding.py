"""What in blocks can be clicked or filled in."""

from __future__ import annotations

from collections.abc import Iterator

from .things import Json

STATIC = frozenset({"image", "mrkdwn", "plain_text", "rich_text_section"})


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with each of its elements that a person can use."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        yield from ((block, each) for each in inside if isinstance(each, dict) and each.get("type") not in STATIC)


def label(element: Json) -> str:
    """What is written on it."""
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return [option for group in groups for option in group["options"]]

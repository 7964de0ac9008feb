"""Somebody else's text, made fit to be shown."""

from __future__ import annotations

import unicodedata

_LONGEST_NAME = 60


def shown(text: str) -> str:
    """Report content on one line, its control characters visible instead of acting on the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def quoted(name: str) -> str:
    """A column's name or a value within a sentence."""
    return f'"{shown(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…")}"'


def listed(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    """`"A", "B" and 3 more`"""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(quoted, names[:most])) + more


def name_key(name: str) -> str:
    """What names have in common that differ by white space, case and ways to write a character alone."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def toml_text(text: str) -> str:
    """A TOML string in quotes, with everything escaped that could be taken for something else."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(each) or _escaped(each) for each in text) + '"'


def _escaped(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"

"""Prints docs/wording.md, every sentence that can be said in other words, from messages/wording.toml: `make docs`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from winback.settings.wording import placeholders, standard_text, standard_wording

HEAD = """\
# Wording

Every sentence that winback says to a CSM, a manager or an operator, with the `{placeholders}` it may have.
[How to say it in your own words](messages.md#in-your-own-words). `make docs` writes this page.
"""


def sections() -> Iterator[tuple[str, str]]:
    """Each with the comment above it."""
    for comment, name in re.findall(r"((?:^#.*\n)*)^\[(\w+)\]$", standard_text(), flags=re.MULTILINE):
        yield name, " ".join(line.strip("# ") for line in comment.splitlines())


def row(key: str, text: str) -> str:
    listed = " ".join(f"`{{{name}}}`" for name in sorted(placeholders(key)))
    shown = text.replace("|", "\\|").replace("<", "&lt;")
    return f"| `{key.partition('.')[2]}` | {shown} | {listed or '–'} |"


def section(name: str, comment: str) -> str:
    rows = [row(key, text) for key, text in standard_wording().items() if key.startswith(f"{name}.")]
    above = f"{comment}\n\n" if comment else ""
    return f"## `[{name}]`\n\n{above}| Entry | Text | Placeholders |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def render() -> str:
    return "\n".join([HEAD, *(section(name, comment) for name, comment in sections())])


if __name__ == "__main__":
    print(render(), end="")

"""The channel `console`: prints each message in full, as its CSM would read it."""

from __future__ import annotations

import sys
from typing import TextIO

from winback.messages.channel import Channel, Letter, Place
from winback.messages.wording import one_line

_WIDTH = 78
# Report content may hold control characters; on a terminal they would act instead of being shown.
_CONTROLS = {
    code: "\N{REPLACEMENT CHARACTER}" for code in [*range(0x00, 0x20), *range(0x7F, 0xA0)] if chr(code) not in "\n\t"
}


class Console(Channel):
    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def deliver(self, letter: Letter) -> Place:
        lines = [f"To: {one_line(letter.recipient.shown)}", *letter.content.text.split("\n")]
        framed = "\n".join(f"| {line}".rstrip() for line in lines)
        rule = "+" + "-" * _WIDTH
        print(f"{rule}\n{framed}\n{rule}".translate(_CONTROLS), file=self._stream, flush=True)
        return Place()

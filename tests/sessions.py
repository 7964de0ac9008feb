"""Plays the sessions that a page shows: makes its files, runs its commands, compares what they print.

A page is read from top to bottom. A ```csv block becomes the file named last in the paragraph above it; a ```toml
block changes single lines of the file named there, as a reader would. A ```console block holds commands (`$ …`) and
what they print, standard output before standard error. In it `…` stands for anything, a line of `…` alone for any
lines, and /home/ana for the folder in which the page is played.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from tests.workspaces import run_here

ROOT = Path(__file__).parent.parent
HOME = "/home/ana"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"`([\w./-]+\.\w+)`")


class Block(NamedTuple):
    kind: str
    text: str
    file_name: str | None


class Step(NamedTuple):
    command: str
    shown: str


@dataclass
class Session:
    """Where the reader is: their home, the folder they are in, how the last command ended."""

    home: Path
    folder: Path
    status: int = 0

    def play(self, page: str) -> None:
        for block in blocks(page):
            if block.kind == "csv":
                self._write(block)
            elif block.kind == "toml" and block.file_name:
                self._change(block)
            elif block.kind == "console":
                for step in steps(block.text):
                    self._check(step)

    def _write(self, block: Block) -> None:
        assert block.file_name, f"no file is named above {block.text}"
        path = self.folder / block.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def _change(self, block: Block) -> None:
        path = self.folder / str(block.file_name)
        text = path.read_text(encoding="utf-8")
        for line in block.text.splitlines():
            key = line.partition("=")[0].strip()
            text, found = re.subn(rf"^#?{re.escape(key)} *=.*$", line.replace("\\", r"\\"), text, flags=re.MULTILINE)
            assert found == 1, f"{path.name} has {found} lines for {key}"
        path.write_text(text, encoding="utf-8")

    def _check(self, step: Step) -> None:
        found = self._run(step.command).replace(str(self.home), HOME)
        assert fits(step.shown, found), f"$ {step.command}\n--- the page\n{step.shown}\n--- found\n{found}"

    def _run(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.status}\n"
        name, *arguments = shlex.split(command)
        if name == "cd":
            self.folder = (self.folder / arguments[0]).resolve()
            return ""
        assert name == "winback", f"only winback is played, not {name}"
        with contextlib.chdir(self.folder), mock.patch.dict(os.environ, COLUMNS="110"):
            ran = run_here(*arguments)
        self.status = ran.status
        return ran.out + ran.err


def play(page: Path, home: Path, folder: Path | None = None) -> None:
    Session(home, folder or home).play(page.read_text(encoding="utf-8"))


def blocks(page: str) -> Iterator[Block]:
    for match in _BLOCK.finditer(page):
        above = page[: match.start()].rstrip().rpartition("\n\n")[2]
        names = _FILE_NAME.findall(above)
        yield Block(match[1], match[2], names[-1] if names else None)


def steps(text: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield Step(command, shown)


def fits(shown: str, found: str) -> bool:
    """Blank lines at the end and blanks at line ends don't count."""
    lines = [line.rstrip() for line in shown.rstrip().splitlines()]
    pattern = "".join(_pattern(line) for line in lines)
    text = "".join(f"{line.rstrip()}\n" for line in found.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None


def _pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part.rstrip() if part != line else part) for part in line.split("…")) + r"\n"

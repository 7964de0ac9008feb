"""docs/cli.md says what the commands say, and every command and option explains itself."""

from __future__ import annotations

from pathlib import Path

import click

from docs import make_cli
from winback.cli import cli

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_cli.render(), "run `make docs`"


def test_every_command_has_a_help_text() -> None:
    silent = [context.command_path for context, command in make_cli.walk(cli, "winback") if not command.help]
    assert silent == []


def test_every_option_has_a_help_text() -> None:
    silent = [
        f"{context.command_path} {option.opts[0]}"
        for context, command in make_cli.walk(cli, "winback")
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []

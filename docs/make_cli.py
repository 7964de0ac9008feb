"""Prints docs/cli.md, the reference of every command, from the commands' own help: `make docs`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from winback.cli import cli

HEAD = """\
# Commands

Each command's own help, as `winback COMMAND --help` shows it. `make docs` writes this page.
"""


def walk(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[click.Context, click.Command]]:
    """The command and all below it, each with the context that its help is formatted in."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, **command.context_settings)
    yield context, command
    if isinstance(command, click.Group):
        for child_name in command.list_commands(context):
            if child := command.get_command(context, child_name):
                yield from walk(child, child_name, context)


def section(context: click.Context, command: click.Command) -> str:
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {context.command_path}\n\n```text\n{text}\n```\n"


def render() -> str:
    return "\n".join([HEAD, *(section(context, command) for context, command in walk(cli, "winback"))])


if __name__ == "__main__":
    print(render(), end="")

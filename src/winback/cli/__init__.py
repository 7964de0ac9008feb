"""The commands: thin, and instant, since the engine and the database are loaded inside them."""

from __future__ import annotations

import os
import sys

import click

from winback import __version__
from winback.cli import activities, backups, bot, claims, daily, decide, people, read, setup, up, web
from winback.cli.opening import workspace_option
from winback.errors import WinbackError
from winback.faults import in_plain_words


class Commands(click.Group):
    def invoke(self, context: click.Context) -> object:
        """Whoever read the output, such as `head`, has seen enough: that is no failure."""
        try:
            result = super().invoke(context)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            # Nothing more may be written, not even at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="winback %(version)s")
@workspace_option
@click.pass_context
def cli(context: click.Context) -> None:
    """Win lost accounts back: from a daily report to cases, messages, tables and KPIs."""
    context.obj = context.obj or os.environ.get("WINBACK_WORKSPACE")


_ROOMS = (setup, daily, decide, read, people, claims, activities, bot, up, web, backups)
for command in (command for room in _ROOMS for command in room.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """Exit status: 0 done, 1 failed, 2 wrong usage or settings, 3 held, 130 interrupted."""
    try:
        with in_plain_words():
            status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted; what was done stands, and the same command goes on from there", file=sys.stderr)  # noqa: T201
        status = 130
    except WinbackError as error:
        print(f"winback: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        status = error.exit_status
    sys.exit(status or 0)

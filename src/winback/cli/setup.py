"""init, migrate, doctor, demo: setting a workspace up, and finding out what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from winback.cli.opening import workspace_folder, workspace_option


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option(
    "--from",
    "report",
    metavar="REPORT",
    help="A report's file: what it tells is filled in, and shown as understood, to be checked.",
)
def init(folder: str, report: str | None) -> None:
    """Make a workspace: a commented winback.toml and an empty database. Never overwrites.

    \b
    Examples:
      winback init shop
      winback init shop --from exports/payments_2026-11-03.csv
    """
    from winback.beginning import make_workspace

    if report is not None:
        _init_from(folder, report)
        return
    path = make_workspace(folder)
    click.echo(
        f"made {path} and an empty database beside it; next: fill in the path of your report in {path}, then"
        " `winback doctor`"
    )


def _init_from(folder: str, report: str) -> None:
    from winback.beginning import make_workspace, refuse_existing
    from winback.discovery.understand import understand_report
    from winback.terminal.understanding import next_steps, told_understanding

    refuse_existing(folder)
    understanding = understand_report(report, folder)
    click.echo("\n".join(told_understanding(understanding)))
    path = make_workspace(folder, understanding.settings)
    click.echo(f"made {path} and an empty database beside it. Next:")
    click.echo("\n".join(next_steps(understanding, folder)))


@click.command()
@workspace_option
def migrate() -> None:
    """Make the database, or bring an older one up to this program."""
    from winback import open_workspace, sql_views
    from winback.settings import find_workspace, load_settings
    from winback.store import database

    settings = load_settings(find_workspace(workspace_folder()))
    applied = database.migrate(settings.database)
    with open_workspace(settings.folder) as workspace:
        sql_views.tell(settings, workspace.now())
    click.echo(
        f"{settings.database}: " + (f"brought up to date ({', '.join(applied)})" if applied else "is up to date")
    )


@click.command()
@click.option(
    "--live",
    metavar="TO",
    help="Try Slack for real instead, once, with yourself: your member ID or e-mail address. A message and a reply are"
    " posted to you, found again by their keys, edited and deleted.",
)
@workspace_option
@click.pass_context
def doctor(context: click.Context, live: str | None) -> None:
    """Check settings, database, history, report and Slack; say what is wrong, what waits and why, and how to mend it.
    Nothing is sent.

    Exit status 1 when something is wrong.
    """
    from winback.doctor import examine, examine_live

    is_wrong = False
    for finding in examine(workspace_folder()) if live is None else examine_live(workspace_folder(), live):
        click.echo(f"{finding.verdict:<5} {finding.subject}: {finding.text}")
        is_wrong = is_wrong or finding.verdict == "wrong"
    context.exit(1 if is_wrong else 0)


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Where the workspace is made and kept; a temporary folder without it.",
)
@click.option("--serve", "serves", is_flag=True, help="Instead: 90 days of a made-up company, and its web pages.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, metavar="PORT", help="Of the pages.")
def demo(folder: str | None, serves: bool, port: int) -> None:
    """Play the dummy data through three pulls, and explain each step as it goes.

    \b
    Examples:
      winback demo --dir shop
      winback demo --serve
    """
    home = None if folder is None else Path(folder)
    if serves:
        from winback.demo.pages import serve_history

        serve_history(home, port)
    else:
        from winback.demo import play

        play(home)


@click.group()
def slack() -> None:
    """Set up Slack; docs/slack.md leads through it."""


@slack.command()
@click.option(
    "--http",
    metavar="URL",
    help="For a bot that Slack reaches at this address, instead of Socket Mode, which needs none.",
)
def manifest(http: str | None) -> None:
    """Print the app manifest, to be pasted at https://api.slack.com/apps?new_app=1, "From a manifest".

    \b
    Examples:
      winback slack manifest
      winback slack manifest --http https://winback.shop.example
    """
    from winback.channels.slack.manifest import manifest_text

    click.echo(manifest_text(http))


COMMANDS = (init, demo, migrate, doctor, slack)

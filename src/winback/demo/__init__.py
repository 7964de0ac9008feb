"""The demo: the dummy data through three pulls, each step explained as it goes."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from winback.beginning import make_workspace
from winback.claiming import told as claims_told
from winback.terminal.activities import told_gathered
from winback.terminal.kpis import print_moment
from winback.terminal.pulls import told
from winback.terminal.tables import print_table
from winback.workspace import Workspace, open_workspace

# The dummy data stands in examples/data; an installed package carries it beside this file.
_HOMES = (Path(__file__).parent / "data", Path(__file__).parents[3] / "examples" / "data")
_SETTINGS = """\
# The settings of the demo. `winback init` makes a file with every setting explained.
[products.payments]
report = "{folder}/day_3.csv"
mode = "flag"

[products.payments.columns]
uid = "UID"
is_product_enabled = "is_product_enabled"
merchant_name = "Merchant"
csm_name = "CSM"
csm_email = "CSM email"
region = "Region"
gmv = "GMV"
revenue = "Revenue"
changed_at = "Status changed"

[cases]
holdout = 0.02

[messages]
show = ["Plan"]

[alerts]
to = ["#winback-operators"]

[crm.files]
path = "{folder}/activities.csv"
"""
_PULLS = (
    (
        "historical_data_set.csv",
        "2026-11-02T09:00Z",
        "The first report makes the history: the last known row of every account. Nothing to compare it with, so"
        " nobody is told anything.",
    ),
    (
        "day_2.csv",
        "2026-11-05T09:00Z",
        "Three days later. Accounts that were enabled and are not any more have churned: a case opens for each, and"
        " its CSM gets a first"
        " message. Rows that can't be read are rejected and kept for you to look at; an account that is missing is"
        " neither churned nor won.",
    ),
    (
        "day_3.csv",
        "2026-11-07T09:00Z",
        "Two days later. Some accounts are back: win-backs. The others' CSMs get a second message, or the final one"
        " where the account has"
        " been off for more than three days. Dana has more than five cases due, so hers share one message.",
    ),
)


def play(folder: Path | None) -> None:
    """Plays the demo in a folder, which it keeps, or in a temporary one. Raises UsageError where there is a
    workspace."""
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="winback-demo-")))
        make_workspace(home, _SETTINGS.format(folder=data_folder().as_posix()))
        now = dt.datetime(2026, 11, 7, 9, tzinfo=dt.UTC)
        workspace = stack.enter_context(open_workspace(home, now=now))
        for number, (report, at, explanation) in enumerate(_PULLS, start=1):
            _explain(f"{number}. winback pull payments --report {report} --at {at}", explanation)
            for line in told(workspace.pull("payments", data_folder() / report, at)):
                click.echo(line)
        _show_tables(workspace)
        _hear_csms(workspace)
        _explain(
            "The KPIs: winback kpis",
            "In a band of time, and within it; the same at any past moment with --at.",
        )
        print_moment(workspace.kpis())
        if folder is not None:
            _explain(f"The workspace is in {folder}", f"Go on there: cd {folder} && winback show at_risk")


def data_folder() -> Path:
    return next(home for home in _HOMES if home.is_dir())


def _show_tables(workspace: Workspace) -> None:
    tables = {
        "at_risk": "Who is off, since when, and how far the follow-ups have come.",
        "wins": "Win-backs, with the time they were away, and new adoptions.",
        "readopted": "The log of every win-back, churned again since or not.",
        "rejected": "Rows that could not be used, with line and reason.",
        "pulls": "The log of the pulls.",
    }
    for name, explanation in tables.items():
        _explain(f"winback show {name}", explanation)
        print_table(workspace.read(name), limit=None)


def _hear_csms(workspace: Workspace) -> None:
    _explain(
        "winback activities",
        "What the CSMs did stands in the CRM: here a file of calls, e-mails and meetings. A robot's mail and a note are"
        " no engagement.",
    )
    for gathered in workspace.gather_activities():
        for line in told_gathered(gathered):
            click.echo(line)
    _explain("winback claims import claims.csv", "What they say of their cases; in Slack there is a form for it.")
    for line in claims_told(workspace.import_claims(data_folder() / "claims.csv")):
        click.echo(line)
    _explain(
        "winback show claims",
        "The reports show what is true: M-1004 came back after the claim, which makes it Ingrid's. M-1022 came back as"
        " well, by itself, though Bruno had given it up. The other two can still come true, within 14 days.",
    )
    print_table(workspace.read("claims"), limit=None)
    _explain(
        "winback show claims --at 2026-11-22", "Had no further report shown them back by then, they would be false."
    )
    print_table(workspace.read("claims", at="2026-11-22"), limit=None)
    _explain(
        "winback show at_risk --uncontacted-for 48h",
        "A list to act on: off for at least two days, and nobody has contacted them.",
    )
    print_table(workspace.read("at_risk", uncontacted_for=dt.timedelta(hours=48)), limit=None)


def _explain(title: str, text: str) -> None:
    click.echo("\n" + click.style(title, bold=True))
    click.echo(click.wrap_text(text, width=100, initial_indent="  ", subsequent_indent="  ") + "\n")

"""Plays a script step by step through the product, in a workspace made for it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests import backing, histories
from tests.naive.settings import Settings
from tests.saying import say
from tests.steps import ApproveStep, NotifyStep, PullStep, RejectStep, Step, UndoStep, VoidStep
from winback import Workspace, open_workspace
from winback.errors import WinbackError

TIDY = timedelta(seconds=1)


def timed(steps: Iterable[Step]) -> Iterator[tuple[datetime, Step]]:
    """Each step with the moment it is taken at: not before what it tells of, and always later than the step before."""
    now = histories.STARTS[0] - timedelta(days=100)
    for step in steps:
        told_of = step.now if isinstance(step, NotifyStep) else step.at if isinstance(step, PullStep) else now
        now = max(now + TIDY, told_of)
        yield now, replace(step, now=now) if isinstance(step, NotifyStep) else step


class Player:
    """A workspace in `folder` with a product for each of `programmes`, which share what belongs to the workspace."""

    def __init__(self, folder: Path, *programmes: Settings) -> None:
        self._folder = folder
        self._steps = 0
        backing.make_database(folder)
        backing.write_settings(folder, settings_file(programmes))

    def open(self, now: datetime) -> Workspace:
        return open_workspace(self._folder, now=now, output=io.StringIO())

    def take(self, now: datetime, step: Step, product: str = "payments") -> str:
        """As `tests.naive.play.take`: the status of the pull that the step is about, "done" or "refused"."""
        self._steps += 1
        with self.open(now) as workspace:
            try:
                return self._take(workspace, step, product)
            except WinbackError:
                return "refused"

    def _take(self, workspace: Workspace, step: Step, product: str) -> str:
        match step:
            case PullStep():
                return self._pull(workspace, step, product)
            case ApproveStep():
                return workspace.approve(newest_pull(workspace, product, step.at), "it is right").status
            case RejectStep():
                return workspace.reject(newest_pull(workspace, product, step.at), "it is wrong").status
            case UndoStep():
                return workspace.undo(last_applied(workspace, product), "it was wrong").status
            case VoidStep():
                workspace.void(newest_case(workspace, product, step.uid), "no churn at all")
            case NotifyStep():
                workspace.notify()
            case _:
                return say(workspace, product, step)
        return "done"

    def _pull(self, workspace: Workspace, step: PullStep, product: str) -> str:
        """Only a backfill is silent; reports that come too late it passes over, naming the pulls that are held."""
        folder = self._folder / f"step_{self._steps}"
        folder.mkdir()
        report = folder / f"{product}_{step.at:%Y%m%dT%H%M%SZ}.{form_of(step)}"
        WRITERS[form_of(step)](report, step)
        if not step.silent:
            return workspace.pull(product, report, at=step.at, messages=step.send).status
        pattern = folder / f"{product}_{{date}}.{form_of(step)}"
        outcomes = [outcome for _, outcome in workspace.backfill(product, str(pattern))]
        return outcomes[0].status if outcomes and outcomes[0].is_new else "passed over"


def newest_pull(workspace: Workspace, product: str, at: datetime) -> int:
    pulls = [pull for pull in rows_of(workspace, "pulls", product=product) if pull["at"] == at]
    return chosen(sorted(int(str(pull["pull_id"])) for pull in pulls))


def last_applied(workspace: Workspace, product: str) -> int:
    pulls = [pull for pull in rows_of(workspace, "pulls", product=product) if pull["status"] == "applied"]
    return chosen(pull["pull_id"] for pull in sorted(pulls, key=lambda pull: str(pull["at"])))


def newest_case(workspace: Workspace, product: str, uid: str) -> int:
    cases = [case for case in rows_of(workspace, "cases", product=product) if case["uid"] == uid]
    valid = [case for case in cases if case["voided_at"] is None]
    return chosen(case["case_id"] for case in sorted(valid, key=lambda case: str(case["churned_at"])))


def chosen(ids: Iterable[object]) -> int:
    """The last; the product refuses a number that nothing has."""
    last = next(reversed(list(ids)), 0)
    assert isinstance(last, int)
    return last


def rows_of(
    workspace: Workspace,
    table: str,
    *,
    product: str | None = None,
    at: datetime | None = None,
    region: str | None = None,
    csm: str | None = None,
) -> list[dict[str, object]]:
    found = workspace.read(table, product=product, at=at, region=region, csm=csm)
    return [dict(zip(found.names, row, strict=True)) for batch in found.batches for row in batch]


def settings_file(programmes: tuple[Settings, ...]) -> str:
    shared = programmes[0]
    days = '"never"' if shared.lost_after is None else shared.lost_after.days
    lines = [
        "[workspace]",
        f'timezone = "{shared.tz.key}"',
        "keep = 1000",
        f"[cases]\nlost_after_days = {days}\nholdout = {shared.holdout}",
        f"[follow_ups]\nsecond = {list(shared.second)}\nfinal = {list(shared.final)}",
        f"stop_when_engaged = {str(shared.stop_when_engaged).lower()}",
        f"[claims]\nrecovery_within_days = {shared.recovery_days}\nclaim_within_days = {shared.claim_days}",
    ]
    return "\n".join([*lines, *map(product_section, programmes)])


def product_section(settings: Settings) -> str:
    """A list of accounts that are not enabled has no vanished ones: leaving it means re-adopted."""
    guard = settings.guard
    vanished = f'vanished = "{settings.vanished}"' if settings.mode == "flag" else ""
    return f"""
[products.{settings.product}]
report = "none.csv"
mode = "{settings.mode}"
{vanished}
at_time = "{settings.at_time:%H:%M}"
decimal = "{settings.decimal}"
[products.{settings.product}.guard]
max_rejected = {guard.max_rejected}
max_missing = {settings.max_missing}
max_churn = {guard.max_churn}
max_wins = {guard.max_wins}
max_new = {guard.max_new}
max_group = {guard.max_group}
min_accounts = {guard.min_accounts}
"""


def form_of(step: PullStep) -> str:
    """Without a row NDJSON has no header."""
    return form_at(step.at) if step.rows else "csv"


def form_at(at: datetime) -> str:
    """Every report of a moment has the same form, so that its lines can be told."""
    return ("csv", "csv", "ndjson", "parquet", "tsv")[at.toordinal() % 5]


def write_delimited(path: Path, step: PullStep) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, step.columns, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writeheader()
        writer.writerows(step.rows)


def write_ndjson(path: Path, step: PullStep) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in step.rows), encoding="utf-8")


def write_parquet(path: Path, step: PullStep) -> None:
    schema = pa.schema([(name, pa.string()) for name in step.columns])
    pq.write_table(pa.Table.from_pylist(list(step.rows), schema), path)


WRITERS: dict[str, Callable[[Path, PullStep], None]] = {
    "csv": write_delimited,
    "tsv": write_delimited,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
}

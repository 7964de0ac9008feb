"""Real daily reports through the product and the naive model: some of them in every run, all by `make soak`."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import backing
from tests.naive.episodes import Filter
from tests.naive.programme import Programme
from tests.naive.settings import Mode, Settings
from tests.playing import settings_file
from tests.sameness import View, differences, flow_differences
from winback import Workspace, open_workspace

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "dotgov"
COLUMNS = {
    "uid": "Domain name",
    "merchant_name": "Organization name",
    "region": "State",
    "csm_name": "Domain type",
    "is_product_enabled": "Has security contact",
}

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"THE REAL REPORTS ARE NOT THERE: no folder {FOLDER}"),
    pytest.mark.rule("R1.2", "R2.1", "R2.2", "R2.5", "R3.9", "R3.10", "R3.11", "R3.12"),
    pytest.mark.rule("R4.1", "R4.4", "R4.5", "R4.8", "R4.9", "R5.1", "R5.3", "R5.5"),
    pytest.mark.rule("R7.1", "R7.2", "R7.4", "R7.5", "R7.7"),
]


# Every n-th report, and every n-th view of what they came to.
@pytest.mark.parametrize(
    ("mode", "every"),
    [
        ("flag", 2),
        ("presence", 3),
        pytest.param("flag", 1, marks=pytest.mark.soak),
        pytest.param("presence", 1, marks=pytest.mark.soak),
    ],
)
def test_dotgov(mode: Mode, every: int, tmp_path: Path) -> None:
    programme = Programme(Settings(product="domains", mode=mode))
    reports = list(dated_reports())[::every]
    make_workspace(tmp_path, programme.settings)
    with open_workspace(tmp_path, now=datetime(2026, 1, 1, tzinfo=UTC), output=io.StringIO()) as workspace:
        fill(workspace, programme, reports[: len(reports) // 2], tmp_path / "first")
        pull(workspace, programme, reports[len(reports) // 2 :])
        assert {pull.status for pull in programme.pulls} <= {"applied", "rejected"}
        for view in list(views([at for at, _ in reports]))[::every]:
            assert list(differences(workspace, [programme], view)) == []
            start = view.at - timedelta(days=10)
            assert list(flow_differences(workspace, [programme], start, view)) == []


def views(moments: list[datetime]) -> Iterator[View]:
    yield View(moments[-1])
    yield View(moments[-1] + timedelta(days=100), "domains")
    yield View(moments[len(moments) // 3])
    yield View(moments[len(moments) * 2 // 3] + timedelta(hours=30), None, Filter(region="VA"))
    yield View(moments[-4], None, Filter(csm="City"))


def dated_reports() -> Iterator[tuple[datetime, Path]]:
    for path in sorted(FOLDER.glob("*.csv.gz")):
        yield datetime.fromisoformat(path.name[len("dotgov_") :][:10]).replace(tzinfo=UTC), path


def make_workspace(folder: Path, settings: Settings) -> None:
    mapped = {ours: theirs for ours, theirs in COLUMNS.items() if is_mapped(ours, settings)}
    lines = [f'{ours} = "{theirs}"' for ours, theirs in mapped.items()]
    columns = "\n".join(["[products.domains.columns]", *lines])
    backing.make_database(folder)
    backing.write_settings(folder, f"{settings_file((settings,))}\n{columns}\n")


def is_mapped(ours: str, settings: Settings) -> bool:
    return ours != "is_product_enabled" or settings.mode == "flag"


def fill(workspace: Workspace, programme: Programme, reports: list[tuple[datetime, Path]], folder: Path) -> None:
    folder.mkdir()
    for at, path in reports:
        (folder / path.name).symlink_to(path)
        programme.pull(at, rows_of(path, programme.settings), silent=True)
    outcomes = [outcome for _, outcome in workspace.backfill("domains", str(folder / "dotgov_{date}.csv.gz"))]
    assert [outcome.status for outcome in outcomes] == [pull.status for pull in programme.pulls]
    assert {pull.status for pull in programme.pulls} == {"applied"}


def pull(workspace: Workspace, programme: Programme, reports: list[tuple[datetime, Path]]) -> None:
    """Of the reports that are held every other one is approved."""
    held = 0
    for at, path in reports:
        outcome = workspace.pull(report=path, at=at)
        assert outcome.status == programme.pull(at, rows_of(path, programme.settings))
        if outcome.status == "held":
            decide(workspace, programme, outcome.pull_id, at, approves=held % 2 == 0)
            held += 1


def decide(workspace: Workspace, programme: Programme, pull_id: int | None, at: datetime, *, approves: bool) -> None:
    assert pull_id is not None
    if approves:
        assert workspace.approve(pull_id, "as published").status == programme.approve(programme.pull_at(at))
    else:
        assert workspace.reject(pull_id, "too odd").status == programme.reject(programme.pull_at(at))


def rows_of(path: Path, settings: Settings) -> list[dict[str, str | None]]:
    ours = {theirs: ours for ours, theirs in COLUMNS.items() if is_mapped(ours, settings)}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return [{ours.get(name, name): cell for name, cell in row.items()} for row in csv.DictReader(stream)]

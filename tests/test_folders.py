"""Folders whose names look like something else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.programme import Programme, accounts, csv_text, rows

REPORT = rows("a+ b- " + accounts(20), {"region": "APAC"})


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(REPORT), path)
    elif path.suffix == ".ndjson":
        path.write_text(pa.Table.from_pylist(REPORT).to_pandas().to_json(orient="records", lines=True))
    else:
        path.write_text(csv_text(REPORT))
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet", "ndjson"])
def test_a_folder_that_looks_like_the_value_of_a_column_is_none(tmp_path: Path, ending: str) -> None:
    (tmp_path / "region=EMEA").mkdir()
    programme = Programme(tmp_path / "region=EMEA")
    pull = programme.pull(1, written(tmp_path / "day=1" / f"report.{ending}"))
    for found in (programme.table("history"), programme.table("report", pull=pull.pull_id)):
        assert {row["region"] for row in found} == {"APAC"}
        assert "day" not in found[0]

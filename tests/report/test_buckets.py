"""Reports in object storage, on a local S3 server that checks signatures."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests import s3
from tests.report.reports import product
from tests.workspaces import Place, accounts, csv_text
from winback.errors import ReportRefused
from winback.report.fetch import fetched
from winback.report.sources import find_report

UTC = ZoneInfo("UTC")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[s3.Server]:
    with s3.running() as server:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_REGION", s3.REGION)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield server


def found(pattern: str) -> str | None:
    return find_report(pattern, UTC, dt.time(0)).address


def test_the_daily_job_on_a_bucket(tmp_path: Path, server: s3.Server) -> None:
    for day, off in ((1, {1, 2}), (2, {1, 3})):
        text = gzip.compress(csv_text(accounts(30, off)).encode())
        server.objects[f"crm/payments_2026-11-0{day}.csv.gz"] = (text, s3.at(day))
    server.objects["crm/other.txt"] = (b"x", s3.at(5))
    place = Place(tmp_path, report="s3://exports/crm/payments_{date}.csv.gz")
    place.done("pull", "--at", "2026-11-01")
    place.done("doctor")
    assert "1 churned, 1 won" in place.done("pull").out
    assert [row["source"] for row in place.show("pulls")] == [
        "s3://exports/crm/payments_2026-11-02.csv.gz",
        "s3://exports/crm/payments_2026-11-01.csv.gz",
    ]
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("payments_2026")]


def test_which_object(server: s3.Server) -> None:
    for day, name in enumerate(("crm/b.csv", "crm/a.xlsx", "crm/notes.txt", "crm/old/z.csv", "crm/~$a.xlsx"), start=1):
        server.objects[name] = (b"uid\n", s3.at(day))
    assert found("s3://exports/crm/b.csv") == "s3://exports/crm/b.csv"
    assert found("s3://exports/crm/") == found("s3://exports/crm") == "s3://exports/crm/a.xlsx"
    assert found("s3://exports/crm/*.csv") == "s3://exports/crm/b.csv"
    assert found("s3://exports/*/old/?.csv") == "s3://exports/crm/old/z.csv"


@pytest.mark.parametrize("pattern", ["nothing.csv", "crm/*.parquet", "crm_{date}.csv", "empty/"])
def test_no_such_object(server: s3.Server, pattern: str) -> None:
    with pytest.raises(ReportRefused, match=r"^no report (at|fits) s3://exports/[^\n]+$"):
        found(f"s3://exports/{pattern}")


def test_backfill_from_a_bucket(tmp_path: Path, server: s3.Server) -> None:
    for day in (1, 2, 3):
        server.objects[f"crm/p_2026110{day}.csv"] = (csv_text(accounts(30, {day})).encode(), s3.at(day))
    place = Place(tmp_path)
    place.done("backfill", "payments", "s3://exports/crm/p_{date}.csv")
    assert len(place.show("pulls")) == 3


def test_an_object_is_streamed_up_to_the_limit(tmp_path: Path, server: s3.Server) -> None:
    server.objects["big.csv"] = (b"x" * 30_000_000, s3.at(1))
    source = find_report("s3://exports/big.csv", UTC, dt.time(0))
    with pytest.raises(ReportRefused, match=r"^big\.csv has more than 2,000,000 bytes"):
        fetched(source, product(max_report_bytes=2_000_000), tmp_path)
    assert (tmp_path / "big.csv").stat().st_size <= 2_000_000


def test_a_wrong_key_is_told_in_a_line(tmp_path: Path, server: s3.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong+secret")
    ran = Place(tmp_path, report="s3://exports/crm/a.csv").run("pull")
    assert ran.status == 1
    assert ran.line.startswith("s3://exports/crm/a.csv can't be read: ")
    assert "wrong+secret" not in ran.line


def test_options_of_an_address_are_not_shown(
    tmp_path: Path, server: s3.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.objects["a.csv"] = (csv_text(accounts(5)).encode(), s3.at(1))
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    options = f"?endpoint_override=127.0.0.1%3A{server.server_port}&scheme=http&region={s3.REGION}"
    place = Place(tmp_path, report=f"s3://exports/a.csv{options}")
    place.done("pull")
    assert [row["source"] for row in place.show("pulls")] == ["s3://exports/a.csv"]

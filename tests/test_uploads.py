"""Uploads: whatever a file is called and holds, it is read as a report and reaches nothing else."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.programme import LENIENT, Programme, day
from winback import kept, uploads
from winback.errors import ReportRefused, UsageError, WinbackError
from winback.readers import OneReport
from winback.report.sources import Source
from winback.settings import Settings

SECRET = "it-is-a-secret"
pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def shop(tmp_path: Path) -> Programme:
    (tmp_path / "secret.csv").write_text(f"uid,is_product_enabled\n{SECRET},true\n", encoding="utf-8")
    return Programme(tmp_path, LENIENT)


@pytest.fixture
def settings(shop: Programme) -> Settings:
    with shop.open() as workspace:
        return workspace.settings


def store(settings: Settings, content: bytes, name: str, most_bytes: int = 100_000) -> Path:
    return uploads.store_upload(settings, io.BytesIO(content), name, most_bytes)


# Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("payments_2026-11-03.csv", "payments_2026-11-03.csv"),
        ("Q3 (final) 2026-11-03T09:30+01:00.CSV.GZ", "Q3__final__2026-11-03T0930+0100.csv.gz"),
        ("../../etc/cron.d/x.csv", "x.csv"),
        ("..\\..\\winback.toml.csv", "winback_toml.csv"),
        ("/etc/passwd.json", "passwd.json"),
        ("*.csv", "upload.csv"),
        ("[a-z]?{date}.parquet", "a-z___date_.parquet"),
        ("--help.tsv", "help.tsv"),
        (".csv", "upload.csv"),
        ("a\0b\n'; drop.ndjson.zst", "a_b____drop.ndjson.zst"),
        ("ÄÖ.xlsx", "upload.xlsx"),
        (f"{'x' * 300}.csv", f"{'x' * 100}.csv"),
    ],
)
def test_of_a_name_the_ending_and_plain_characters_are_kept(settings: Settings, name: str, expected: str) -> None:
    path = store(settings, b"uid\na\n", name)
    assert path.name == expected
    assert path.parent.parent == settings.data_path / ".uploads"
    assert path.read_bytes() == b"uid\na\n"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("name", ["x", "x.exe", "x.csv.exe", "x.parquet.gz", "x.sqlite3", "csv", "x.csv/", ""])
def test_another_kind_of_file_is_refused(settings: Settings, name: str) -> None:
    with pytest.raises(ReportRefused):
        store(settings, b"uid\na\n", name)
    assert left(settings) == []


def left(settings: Settings) -> list[Path]:
    return list((settings.data_path / ".uploads").rglob("*"))


def test_more_bytes_than_may_be_are_refused_and_nothing_is_left(settings: Settings) -> None:
    store(settings, b"x" * 10, "x.csv", 10)
    before = left(settings)
    with pytest.raises(ReportRefused, match="more than 10 bytes"):
        store(settings, b"x" * 11, "x.csv", 10)
    assert left(settings) == before


def test_what_breaks_off_leaves_nothing(settings: Settings) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(WinbackError):
        uploads.store_upload(settings, Breaking(), "x.csv", 10)
    assert left(settings) == []


def test_what_is_a_week_old_is_removed_by_the_next_upload(settings: Settings) -> None:
    old, young = (store(settings, b"uid\na\n", "x.csv") for _ in range(2))
    now = dt.datetime.now(dt.UTC)
    for path, age in ((old, dt.timedelta(days=7, minutes=1)), (young, dt.timedelta(days=6))):
        os.utime(path.parent, ((now - age).timestamp(),) * 2)
    store(settings, b"uid\na\n", "y.csv")
    assert (old.parent.exists(), young.exists()) == (False, True)


def test_only_what_was_uploaded_can_be_named(settings: Settings) -> None:
    path = store(settings, b"uid\na\n", "x.csv")
    assert uploads.path_of(settings, uploads.name_of(settings, path)) == path
    outside = [
        settings.folder / "secret.csv",
        settings.data_path / ".uploads" / ".." / "secret.csv",
        path.parent / ".." / path.parent.name / "x.csv",
        path.parent,
        Path("x.csv"),
    ]
    for other in outside:
        with pytest.raises(UsageError, match="expected a file that was uploaded"):
            uploads.name_of(settings, other)


# Content


def contents(shop: Programme) -> dict[str, bytes]:
    """Files that try to have another one read, or to reach the network."""
    secret = shop.folder / "secret.csv"
    orders = [
        str(secret),
        f"'; copy (select * from '{secret}') to '{shop.folder}/stolen.csv'; --",
        f"read_text('{secret}')",
        f"file://{secret}",
        "http://127.0.0.1:1/x.csv",
        f"../../../{secret.name}",
    ]
    others = {f"x\") from read_csv('{secret}') --": orders, "filename": orders}
    parquet = io.BytesIO()
    pq.write_table(pa.table({"uid": orders, "is_product_enabled": ["true"] * len(orders), **others}), parquet)
    lines = [f'"{order}",true' for order in orders]
    return {
        "x.parquet": parquet.getvalue(),
        "x.csv": "\n".join(["uid,is_product_enabled", *lines]).encode(),
        "x.csv.gz": gzip.compress("\n".join(["uid,is_product_enabled", *lines]).encode()),
        "x.json": json.dumps(
            [{"uid": order, "is_product_enabled": "true", **dict.fromkeys(others, order)} for order in orders]
        ).encode(),
    }


@pytest.mark.parametrize("name", ["x.parquet", "x.csv", "x.csv.gz", "x.json"])
def test_what_an_upload_says_is_content_and_nothing_else(shop: Programme, settings: Settings, name: str) -> None:
    path = store(settings, contents(shop)[name], name)
    outcome = shop.pull(1, path)
    assert (outcome.status, outcome.accepted) == ("applied", 6)
    assert str(shop.folder / "secret.csv") in shop.uids("history", 1)
    assert SECRET not in repr(shop.table("history", 1))
    assert not (shop.folder / "stolen.csv").exists()


@pytest.mark.parametrize("name", ["link.csv", "link.parquet"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(shop: Programme, settings: Settings, name: str) -> None:
    path = store(settings, f"@{shop.folder / 'secret.csv'}".encode(), name)
    with pytest.raises(ReportRefused):
        shop.pull(1, path)


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('{folder}/secret.csv')",
        "from '{folder}/secret.csv'",
        "from read_blob('/etc/hostname')",
        "from glob('{folder}/*')",
        "copy (select 1) to '{folder}/stolen.csv'",
        "attach '{folder}/winback.sqlite3'",
        "from 'http://127.0.0.1:1/x.csv'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
    ],
)
def test_the_engine_that_reads_an_upload_reaches_no_other_file_and_no_network(
    shop: Programme, settings: Settings, sql: str
) -> None:
    """Even if what it says were run, by a fault of ours."""
    path = store(settings, b"uid,is_product_enabled\na,true\n", "x.csv")
    product = settings.products["payments"]
    with (
        shop.open(),
        kept.at_work(settings, product),
        OneReport(settings, product).read(Source(path), day(1), None) as read,
    ):
        assert read.checked.accepted == 1
        assert read.engine.fetch(f"from '{path}'") == [("a", True)]
        with pytest.raises((duckdb.Error, WinbackError)) as refused:
            read.engine.fetch(sql.format(folder=shop.folder))
    said = str(refused.value)
    assert re.search("disabled|locked|[Pp]ermission|not allowed", said), said

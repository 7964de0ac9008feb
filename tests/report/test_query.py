"""Reports that are queries, of a real PostgreSQL and of SQLite."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import psycopg
import pyarrow.parquet as pq
import pytest

from tests import server as running
from tests.report.reports import product
from tests.settings_files import refusal
from tests.workspaces import Place
from winback.errors import ReportRefused
from winback.report.fetch import fetched
from winback.report.sources import Source

ACCOUNTS = """
create table accounts (
    id bigint, code text, name text, gmv numeric(18, 2), exact numeric, revenue float8, is_on boolean,
    changed timestamptz, day date, plan text, settings jsonb, key uuid, tags text[]
);
insert into accounts values
    (7, '007', 'Müller, "Söhne"', 1234.50, 12345678901234567890.123, 0.1, true,
     '2026-11-03T10:30+01', '2026-11-03', 'gold', '{"a": 1}', '00000000-0000-0000-0000-000000000007', '{x,y}'),
    (8, '8', 'Zürich', -0.10, 0.5, 12000000, false, null, null, null, null, null, null)
"""
MAPPED = """
[products.payments.columns]
uid = "id"
merchant_name = "name"
is_product_enabled = "is_on"
changed_at = "changed"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if said := running.why_not():
        pytest.skip(said)
    name = f"reports_{os.getpid()}"
    with psycopg.connect(running.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        address = running.url_with_password(name)
        with psycopg.connect(address, autocommit=True) as inside:
            inside.execute(ACCOUNTS)
        yield address
        connection.execute(f"drop database {name} with (force)")


def setting(address: str) -> str:
    """A report whose address, with its password, stands in a variable."""
    os.environ["PAYMENTS_REPORT"] = address
    return "env:PAYMENTS_REPORT"


@pytest.mark.rule("R1.1", "R3.1", "R3.5")
@pytest.mark.parametrize("decimal", [".", ","])
def test_a_query_of_postgresql(tmp_path: Path, server: str, decimal: str) -> None:
    place = Place(tmp_path)
    query = "select * from accounts order by id"
    place.set(f'query = "{query}"\ndecimal = "{decimal}"\n{MAPPED}', report=setting(server))
    place.done("doctor")
    place.done("pull", "--at", "2026-11-04")
    rows = {row["uid"]: row for row in place.show("history")}
    assert list(rows) == ["7", "8"]
    assert (rows["7"]["gmv"], rows["8"]["gmv"]) == ("1234.50", "-0.10")
    assert (rows["7"]["revenue"], rows["8"]["revenue"]) == ("0.10", "12000000.00")
    assert [row["is_product_enabled"] for row in rows.values()] == [True, False]
    assert (rows["7"]["code"], rows["7"]["exact"]) == ("007", "12345678901234567890.123")
    assert (rows["7"]["merchant_name"], rows["7"]["day"], rows["7"]["plan"]) == (
        'Müller, "Söhne"',
        "2026-11-03",
        "gold",
    )
    assert json.loads(rows["7"]["settings"]) == {"a": 1}
    assert rows["7"]["key"] == "00000000-0000-0000-0000-000000000007"
    (pull,) = place.show("pulls")
    assert pull["source"] == f"postgresql://{running.USER}@127.0.0.1:{running.port()}/reports_{os.getpid()}"


@pytest.mark.rule("R1.1")
def test_a_whole_number_of_any_type_is_a_uid(tmp_path: Path, server: str) -> None:
    place = Place(tmp_path)
    query = "select 7.0::numeric as uid, true as is_product_enabled union all select 8.50, true"
    place.set(f'query = "{query}"\n[products.payments.columns]\n', report=setting(server))
    place.done("pull")
    assert place.uids("history") == ["7", "8.50"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("selec 1", "syntax error at or near"),
        ("select * from nowhere", 'relation "nowhere" does not exist'),
        ("delete from accounts", "cannot execute DELETE in a read-only transaction"),
        ("select 1; select 2", "cannot insert multiple commands into a prepared statement"),
        ("select 12.5::money as gmv", "the column 'gmv' is of the type money: cast it to numeric in the query"),
        ("select '10.0.0.1'::inet as ip", "the column 'ip' is of the type inet: cast it to text in the query"),
        ("select interval '1 day' as age", "the column 'age' is of the type interval: cast it to text in the query"),
        ("select 1/0 as x", "division by zero"),
        ("select 1 as id", "the report has no column 'is_on' for is_product_enabled; it has: id"),
    ],
)
def test_a_query_that_gives_no_report(tmp_path: Path, server: str, query: str, said: str) -> None:
    place = Place(tmp_path)
    place.set(f'query = "{query}"\n{MAPPED}', report=setting(server))
    ran = place.run("pull")
    assert ran.status == 1
    assert said in ran.line
    assert_no_password(ran.err)
    with psycopg.connect(server) as connection:
        assert connection.execute("select count(*) from accounts").fetchone() == (2,)


def assert_no_password(text: str) -> None:
    for secret in (running.PASSWORD, quote(running.PASSWORD, safe="")):
        assert secret not in text


def test_a_wrong_password_and_a_server_that_is_not_there(tmp_path: Path, server: str) -> None:
    place = Place(tmp_path)
    right = quote(running.PASSWORD, safe="")
    for address, said in (
        (server.replace(right, "wr%40ng"), "password authentication failed"),
        (f"postgresql://{running.USER}:{right}@127.0.0.1:1/x", "Connection refused"),
        (server + "x", 'x" does not exist'),
    ):
        place.set(f'query = "select 1"\n{MAPPED}', report=setting(address))
        for command in ("pull", "doctor"):
            ran = place.run(command)
            assert ran.status == 1
            assert said in ran.out + ran.err
            assert_no_password(ran.out + ran.err)
            assert "wr@ng" not in ran.out + ran.err


def test_a_password_as_libpq_takes_it(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", running.PASSWORD)
    place = Place(tmp_path)
    address = server.replace(":" + quote(running.PASSWORD, safe=""), "")
    place.set(f'query = "select * from accounts"\n{MAPPED}', report=address)
    place.done("pull")
    assert place.uids("history") == ["7", "8"]


def test_a_query_is_streamed_up_to_the_limit(tmp_path: Path, server: str) -> None:
    query = "select generate_series(1, 200000)::text as uid, repeat('x', 1000) as note"
    with pytest.raises(ReportRefused, match=r"^the query gives more than 20,000,000 bytes: the most that products\."):
        fetched(Source(Path("q.parquet"), address=server), product(query=query, max_report_bytes=20_000_000), tmp_path)
    assert (tmp_path / "q.parquet").stat().st_size < 20_000_000
    fetched(Source(Path("q.parquet"), address=server), product(query=query), tmp_path, head_only=True)
    assert pq.read_metadata(tmp_path / "q.parquet").num_rows > 0


def lite(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_a_query_of_sqlite(tmp_path: Path) -> None:
    lite(
        tmp_path / "crm.sqlite3",
        "create table accounts (id integer, name text, gmv real, is_on integer, changed text)",
        "insert into accounts values (7, 'Müller', 1234.5, 1, '2026-11-03T09:30:00Z'), (8, 'x', null, 0, null)",
    )
    place = Place(tmp_path)
    place.set(f'query = "select * from accounts"\n{MAPPED}', report="sqlite:///crm.sqlite3")
    place.done("doctor")
    place.done("pull")
    rows = {row["uid"]: row for row in place.show("history")}
    assert [(uid, row["gmv"], row["is_product_enabled"]) for uid, row in rows.items()] == [
        ("7", "1234.50", True),
        ("8", None, False),
    ]
    (pull,) = place.show("pulls")
    assert pull["source"] == f"sqlite:///{tmp_path}/crm.sqlite3"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("delete from accounts", "readonly database"),
        ("select * from nowhere", "no such table: nowhere"),
        ("select id from mixed", "the cells of a column are of several types; cast it to text in the query"),
    ],
)
def test_a_query_of_sqlite_that_gives_no_report(tmp_path: Path, query: str, said: str) -> None:
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 70000) select i from n"
    lite(
        tmp_path / "crm.sqlite3",
        "create table accounts (id integer)",
        "insert into accounts values (1)",
        "create table mixed (id)",
        f"insert into mixed {numbers}",
        "insert into mixed values ('M-1')",
    )
    place = Place(tmp_path)
    place.set(f'query = "{query}"\n{MAPPED}', report="sqlite:///crm.sqlite3")
    ran = place.run("pull")
    assert ran.status == 1
    assert said in ran.line
    with closing(sqlite3.connect(tmp_path / "crm.sqlite3")) as connection:
        assert connection.execute("select count(*) from accounts").fetchone() == (1,)


TWO = '[products.payments.columns]\nuid = "id"\nis_product_enabled = "is_on"\n'


def with_fractions(path: Path, others: str) -> None:
    """`others`: what stands in the columns beside numbers with a fraction."""
    lite(
        path,
        "create table accounts (id, gmv, is_on)",
        "insert into accounts values (12345671.0, 12345678.91, 1), (12345672.0, -0.0625, 1)",
        f"insert into accounts {others}",
    )


@pytest.mark.rule("R1.1", "R3.5")
@pytest.mark.parametrize(
    ("others", "column"),
    [
        ("values ('M-1', 5.5, 0)", "id"),
        ("values (7, 'none', 0)", "gmv"),
        ("values (7, 1, 0), (8, 'none', 1), (9, 1e300, 1)", "gmv"),
    ],
)
def test_numbers_of_sqlite_that_have_lost_digits(tmp_path: Path, others: str, column: str) -> None:
    """Two accounts would be one, and no amount could be read."""
    with_fractions(tmp_path / "crm.sqlite3", others)
    place = Place(tmp_path)
    place.set(f'query = "select * from accounts"\n{TWO}', report="sqlite:///crm.sqlite3")
    said = (
        f"the column '{column}' has numbers with a fraction among texts, of which SQLite's driver gives seven digits:"
        " cast it to text in the query"
    )
    assert place.run("pull").line == said
    assert said in place.run("doctor").out


@pytest.mark.rule("R1.1", "R3.5")
def test_numbers_of_sqlite_that_are_cast_to_text(tmp_path: Path) -> None:
    with_fractions(tmp_path / "crm.sqlite3", "values ('M-1', 'none', 0)")
    place = Place(tmp_path)
    query = "select cast(id as text) as id, cast(gmv as text) as gmv, is_on from accounts"
    place.set(f'query = "{query}"\n{TWO}', report="sqlite:///crm.sqlite3")
    place.done("pull")
    amounts = {row["uid"]: row["gmv"] for row in place.show("history")}
    assert amounts == {"12345671.0": "12345678.91", "12345672.0": "-0.0625", "M-1": None}


def test_only_sqlite_shortens_numbers(tmp_path: Path, server: str) -> None:
    place = Place(tmp_path)
    query = "select '1.234568e+07' as id, true as is_on"
    place.set(f'query = "{query}"\n{TWO}', report=setting(server))
    place.done("pull")
    assert place.uids("history") == ["1.234568e+07"]


def test_a_database_of_sqlite_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.set(f'query = "select 1"\n{MAPPED}', report="sqlite:///nowhere.sqlite3")
    assert place.run("pull").line == f"no database at {tmp_path}/nowhere.sqlite3: expected a file of SQLite"
    assert not (tmp_path / "nowhere.sqlite3").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('report = "postgresql://h/db"', "products.p.query is missing: the report is a database; write the select"),
        ('report = "sqlite:///x.db"', "products.p.query is missing"),
        ('report = "a.csv"\nquery = "select 1"', "products.p.query is for a report in a database, such as"),
        ('report = "s3://b/a.csv"\nquery = "select 1"', "products.p.query is for a report in a database, such as"),
        ('report = "postgresql://u:pw@h/db"\nquery = "x"', "products.p.report: a password or key stands in it"),
        ('report = "postgresql://h/db?password=x"\nquery = "x"', "products.p.report: a password or key stands in it"),
        ('report = "s3://key:secret@bucket/a.csv"', "products.p.report: a password or key stands in it"),
        ('report = "https://h/a.csv"', 'products.p.report: "https://" is not known; expected a path, or an address'),
        ('report = "mysql://h/a"\nquery = "x"', 'products.p.report: "mysql://" is not known; expected a path, or'),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, settings: str, said: str) -> None:
    found = refusal(tmp_path, f"[products.p]\n{settings}\n")
    assert found.startswith(said)
    assert "pw" not in found


def test_numbers_are_exact(tmp_path: Path, server: str) -> None:
    query = "select gmv, exact from accounts order by id"
    source = fetched(Source(Path("q.parquet"), address=server), product(query=query), tmp_path)
    assert [Decimal(text) for text in pq.read_table(source.path)["exact"].to_pylist()] == [
        Decimal("12345678901234567890.123"),
        Decimal("0.5"),
    ]

"""Measures the KPIs of many cases: `python bench/figures.py [CASES]`, with `--postgres` on a server of its own.

Half of the cases are won back, every fourth account has churned twice; there are claims, activities, messages and
answers. Each question is asked in this process, several times; what a new process needs to start comes on top. For
comparison the same is asked without a copy of the columns, everything read from the database, once.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from django.db import connection
from server import Server

from winback import figures, open_workspace
from winback.accounts import read_account
from winback.pages import Wanted, read_page
from winback.searching import find_accounts
from winback.settings import load_settings
from winback.store import copies, database, remembered
from winback.store.models import Pull
from winback.store.pages import Order
from winback.tables import Query
from winback.workspace import Workspace

DAY = 86_400_000_000
BEGUN = datetime(2024, 11, 1, 9, tzinfo=UTC)
DAYS = 730
NOW = BEGUN + timedelta(days=DAYS, minutes=5)
RUNS = 5
_LARGEST, _ANY = Order(), Wanted()
SETTINGS = """
[workspace]
{database}
[products.payments]
report = "reports"
[messages]
channel = "console"
"""
_ACCOUNT = "'payments' as product, 'm' || account as uid, 'Merchant ' || account as merchant_name"
_CSM = "'Csm ' || {0} % 500 as csm_name, 'csm' || {0} % 500 || '@example.com' as csm_email"
# Table → the rows that are made of `cases`, or of numbers.
TABLES = {
    "cases": "id, product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, other_columns, churned_at,"
    " readopted_at, voided_at, void_reason, baseline, silent, arm, holdout_share, opened_by_id, closed_by_id",
    "adoptions": "id, product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, won_at, pull_id",
    "owners": "id, case_id, since_at, csm_name, csm_email, pull_id",
    "claims": "id, product, uid, case_id, csm_name, csm_email, outcome, claimed_at, recorded_at, source, answer",
    "activities": "id, source, external_id, product, uid, csm_name, csm_email, kind, occurred_at, logged_at, is_done,"
    " counts",
    "notifications": "id, product, uid, case_id, stage, channel, status, planned_at, sent_at, pull_id",
    "feedback": "id, notification_id, csm_name, csm_email, answered_by, useful, answered_at",
}
MADE = {
    "cases": f"""
        select i + 1 as id, {_ACCOUNT}, {_CSM.format("account")}, 'Region ' || account % 8 as region,
            (h % 100000)::bigint * 10000 as gmv, (h % 1000)::bigint * 10000 as revenue,
            null as other_columns, churned_at,
            case when is_back then churned_at + (1 + (h >> 8) % 60)::bigint * {DAY} end as readopted_at,
            null as voided_at, null as void_reason, false as baseline, false as silent,
            case when (h >> 20) % 10 = 0 then 'held_out' else 'messaged' end as arm, 0.1 as holdout_share,
            1 as opened_by_id, case when is_back then 1 end as closed_by_id
        from (
            select *, $begun + ((hash(account) % {DAYS // 2})::bigint + nth * {DAYS // 2}) * {DAY} as churned_at,
                nth = 0 and account < $cases // 5 or h % 100 < 40 as is_back
            from (
                select i, hash(i) as h, i % ($cases * 4 // 5) as account, i // ($cases * 4 // 5) as nth
                from range($cases) as t(i)
            )
        )""",
    "adoptions": f"""
        select i + 1 as id, 'payments' as product, 'n' || i as uid, 'Merchant n' || i as merchant_name,
            {_CSM.format("i")}, 'Region ' || i % 8 as region, 1000000 as gmv, 20000 as revenue,
            $begun + i % {DAYS} * {DAY} as won_at, 1 as pull_id
        from range($cases // 10) as t(i)""",
    "owners": f"""
        select id, id as case_id, churned_at + {DAY} as since_at, {_CSM.format("(id * 7)")}, 1 as pull_id
        from cases where id % 20 = 0""",
    "claims": f"""
        select id, product, uid, id as case_id, csm_name, csm_email,
            case when id % 3 = 0 then 'lost' else 'won' end as outcome, churned_at + 3 * {DAY} as claimed_at,
            churned_at + 3 * {DAY} as recorded_at, 'cli' as source, 'claim ' || id as answer
        from cases where id % 10 = 0""",
    "activities": """
        select id, 'crm' as source, 'a' || id as external_id, product, uid, csm_name, csm_email, 'call' as kind,
            churned_at + id % 72 * 3600000000 as occurred_at, churned_at + id % 72 * 3600000000 as logged_at,
            true as is_done, true as counts
        from cases where id % 5 = 0""",
    "notifications": f"""
        select id, product, uid, id as case_id, 'first' as stage, 'console' as channel, 'sent' as status,
            churned_at as planned_at, churned_at + {DAY // 24} as sent_at, 1 as pull_id
        from cases where arm = 'messaged' and id % 3 = 0""",
    "feedback": """
        select id, id as notification_id, csm_name, csm_email, 'U' || id % 500 as answered_by, id % 4 > 0 as useful,
            churned_at + 7200000000 as answered_at
        from cases where arm = 'messaged' and id % 60 = 0""",
}


def fill(cases: int) -> None:
    """The database that is open."""
    Pull.objects.create(
        product="payments", at=BEGUN, status="applied", rows=0, accepted=0, rejected=0, source="made", read_at=BEGUN,
        mode="flag", uid_columns=["uid"], other_columns=[], fingerprint="", silent=True, sends=False, findings=[],
    )  # fmt: skip
    engine = duckdb.connect()
    begun = int(BEGUN.timestamp()) * 1_000_000
    with without_indexes():
        for table, columns in TABLES.items():
            known = {"begun": begun, "cases": cases}
            given = {name: value for name, value in known.items() if f"${name}" in MADE[table]}
            engine.execute(f"create table {table} as {MADE[table]}", given)
            with database.writing():
                database.load(table, columns, batches(engine.execute(f"select {columns} from {table}")))


@contextmanager
def without_indexes() -> Iterator[None]:
    """SQLite makes an index of all rows in much less time than of one row after the other."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("select name, sql from sqlite_master where type = 'index' and sql is not null")
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'drop index "{name}"')
        yield
        for _, sql in indexes:
            cursor.execute(sql)


def batches(found: duckdb.DuckDBPyConnection) -> Iterator[list[database.Row]]:
    while batch := found.fetchmany(50_000):
        yield batch


def ask(workspace: Workspace) -> Iterator[tuple[str, str, float]]:
    """Question, target, seconds."""
    yield "everything read from the database, once", "", timed(lambda: workspace.kpis(at=NOW), 1)
    yield "making the copy", "", timed(lambda: renewed(workspace), 1)
    yield "keeping the figures of a pull", "", timed(lambda: figures.keep(workspace.settings, BEGUN, NOW), 1)
    yield "now", "≤ 100 ms", timed(lambda: workspace.kpis(at=NOW + timedelta(minutes=1)))
    yield "at a pull", "≤ 100 ms", timed(lambda: workspace.kpis(at=BEGUN))
    past = NOW - timedelta(days=200, minutes=7)
    yield "one region now", "≤ 1.5 s", timed(lambda: workspace.kpis(at=NOW, region="Region 3"))
    yield "one CSM now", "≤ 1.5 s", timed(lambda: workspace.kpis(at=NOW, csm="Csm 7"))
    yield "one region, 200 days ago", "≤ 1.5 s", timed(lambda: workspace.kpis(at=past, region="Region 3"))
    yield "any other moment", "≤ 1.5 s", timed(others(workspace, past))
    yield "90 days, now", "≤ 100 ms", timed(workspace.trend)
    yield "90 days, any other moment", "≤ 1.5 s", timed(lambda: workspace.trend(at=past))
    yield "90 days, one CSM", "≤ 1.5 s", timed(lambda: workspace.trend(at=NOW, csm="Csm 7"))
    yield "a month", "", timed(lambda: workspace.flows(past - timedelta(days=30), past))
    yield "every month of two years", "≤ 2 s", timed(workspace.months)
    yield "impact", "≤ 2 s", timed(lambda: workspace.impact(at=NOW + timedelta(minutes=1)))
    for table in ("at_risk", "lost", "wins", "readopted"):
        yield f"a page of {table}, the largest first", "≤ 2 s", timed(page_of(workspace, table))
    yield "the same by merchant", "≤ 2 s", timed(page_of(workspace, "readopted", Order("merchant_name")))
    yield "a search", "≤ 2 s", timed(page_of(workspace, "wins", Order(), Wanted(search="m12345")))
    yield "an account by its name", "≤ 2 s", timed(lambda: find_accounts(workspace.settings, "m12345", NOW, None))
    yield "an account", "≤ 2 s", timed(lambda: read_account(workspace.settings, "payments", "m7", NOW, None))


def page_of(workspace: Workspace, table: str, order: Order = _LARGEST, wanted: Wanted = _ANY) -> Callable[[], object]:
    return lambda: read_page(workspace.settings, table, Query(NOW), wanted, order, 50)


def renewed(workspace: Workspace) -> None:
    assert remembered.renew_copy(workspace.settings.data_path), "no copy was made"


def others(workspace: Workspace, first: datetime) -> Callable[[], object]:
    """Another day at each call: what was counted is answered from what was kept."""
    moments = iter(first - timedelta(days=day) for day in range(RUNS))
    return lambda: workspace.kpis(at=next(moments))


def timed(question: Callable[[], object], runs: int = RUNS) -> float:
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        question()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def measure(cases: int, url: str | None) -> None:
    with tempfile.TemporaryDirectory(prefix="winback-bench-") as name:
        folder = Path(name)
        (folder / "winback.toml").write_text(SETTINGS.format(database=f'database = "{url}"' if url else ""))
        database.migrate(load_settings(folder).database)
        with open_workspace(folder, now=NOW) as workspace:
            fill(cases)
            for question, target, seconds in ask(workspace):
                print(f"| {question} | {seconds:.3f} s | {target} |", flush=True)


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    # So that it can be tried with few.
    copies._MANY = min(copies._MANY, given.cases - 1)
    print(f"| {given.cases:,} cases | Median | Target |\n|---|---|---|")
    if not given.postgres:
        measure(given.cases, None)
        return
    server = Server()
    try:
        measure(given.cases, server.url(server.database()))
    finally:
        server.stop()


if __name__ == "__main__":
    main()

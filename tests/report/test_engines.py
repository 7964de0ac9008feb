"""Text of every kind means the same on both engines, and so does every statement."""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backing import lacking_for_spark
from tests.report import hostile
from tests.report.engines import NAMES, Both, both_engines
from winback.report.check import Checked, check_report
from winback.report.clean import amount_of, moment_of, trimmed
from winback.report.compare import Comparison
from winback.report.engine import Engine, open_engine
from winback.report.history import Kept, see_history, see_report
from winback.report.meet import fingerprint_of
from winback.report.sources import Source
from winback.report.statements import Sql, literal, statement
from winback.settings import Product

pytestmark = pytest.mark.skipif(bool(lacking_for_spark()), reason=f"Spark lacks {lacking_for_spark()}")
CELL = Sql("cell")
SPELLED = Sql(statement("spelled", cell=CELL))
FIRST, SECOND = (dt.datetime(2026, 11, day, tzinfo=dt.UTC) for day in (3, 4))


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with both_engines(tmp_path_factory.mktemp("engines")) as both:
        yield both


def test_cells_are_trimmed_alike(engines: Both) -> None:
    cell = trimmed("cell")
    assert engines.differences(hostile.cells(), cell, f"lower({cell})", f"hash({cell}) is null") == []


def test_every_character_is_trimmed_and_lowered_alike(engines: Both) -> None:
    """Alone, and where its neighbours might matter; those that came to Unicode after one of the engines left out."""
    characters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)) != "Cn"
    ]
    cells = ["".join(f"a{each}a{each} " for each in characters[at : at + 64]) for at in range(0, len(characters), 64)]
    assert engines.differences([*cells, *characters[:0x3100]], trimmed("cell"), "lower(cell)") == []


@pytest.mark.parametrize("decimal", [".", ","])
def test_amounts_are_read_alike(engines: Both, decimal: str) -> None:
    cells = [*hostile.numbers(), *hostile.WORDS]
    assert engines.differences(cells, amount_of(CELL, decimal)) == []


def test_moments_are_read_alike(engines: Both) -> None:
    cells = [*hostile.moments(), *hostile.WORDS]
    read = [moment_of(SPELLED, dt.time(8, 30), zone) for zone in hostile.ZONES]
    assert engines.differences(cells, SPELLED, *read) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), max_size=12)
        | st.text("0123456789.,-+() $€\u00a0USDeE", max_size=14)
        | st.from_regex(
            r"[0-9]{4}-?[01][0-9]-?[0-3][0-9]([T ][0-2][0-9]:?[0-5][0-9])?(Z|[+-][01][0-9]:?[0-5][0-9])?",
            fullmatch=True,
        )
        | st.datetimes().map(str),
        min_size=200,
        max_size=400,
    )
)
def test_whatever_stands_in_a_cell_is_read_alike(engines: Both, cells: list[str]) -> None:
    read = [amount_of(CELL, "."), amount_of(CELL, ","), moment_of(SPELLED, dt.time(0), "America/New_York")]
    assert engines.differences(cells, trimmed("cell"), *read) == []


def test_a_literal_is_text_whatever_it_holds(engines: Both) -> None:
    """A region or a CSM stands in a statement: see report/compare.py."""
    for word in [word for word in hostile.WORDS if "\x00" not in word]:
        assert engines.fetch(f"select {literal(word)} as word") == ([(word,)], [(word,)])


# Two reports of hostile text, from the first to the last statement


def rows(day: int) -> list[dict[str, str | None]]:
    cells, numbers, moments = hostile.cells(), hostile.numbers(), hostile.moments()[:4000:7]
    flags = ["on", "OFF", " Yes\u00a0", "dİsabled", "DISABLED", "", "0.0"]
    return [
        {
            "uid": f"{cell}-{nth // 2}" if nth % 3 else cell,
            "is_product_enabled": flags[(nth * (day + 3) // 2) % len(flags)],
            "merchant_name": cells[-nth],
            "csm_name": cells[nth // 9],
            "csm_email": ("DANA@shop.example", "dana@SHOP.example", "ΟΔΟΣ@İ.example", None)[nth % 4],
            "region": hostile.WORDS[nth % 7 + 40],
            "gmv": numbers[(nth + day * (nth % 5 == 0)) % len(numbers)],
            "revenue": numbers[-nth % len(numbers)],
            "changed_at": moments[nth % len(moments)],
            "Plan": cells[nth - 5],
        }
        for nth, cell in enumerate(cells)
        if nth % 11 != day
    ]


def checked(engine: Engine, folder: Path, day: int, history: Kept | None) -> Checked:
    path = folder / "report of a day.parquet"
    schema = pa.schema([(name, pa.string()) for name in rows(day)[0]])
    pq.write_table(pa.Table.from_pylist(rows(day), schema), path)
    product = Product(name="payments", vanished="churn")
    return check_report(engine, Source(path), product, "Europe/Madrid", folder, history)


def said(engine: Engine, sql: str) -> list[tuple[str, ...]]:
    """Every row of a query, in order of its text."""
    return sorted(tuple(map(repr, row)) for row in engine.fetch(sql))


WITHOUT_HASHES = (
    "uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled, other_columns, in_last_report,"
    " last_seen_at, known_at"
)


def played(name: str, folder: Path) -> dict[str, Any]:
    """Everything that two pulls come to on an engine."""
    for day in ("first", "second"):
        (folder / day).mkdir(parents=True)
    product = Product(name="payments", vanished="churn")
    with open_engine(name, [folder], folder / "first") as engine:
        first = checked(engine, folder / "first", 1, None)
    history = Kept(FIRST, first.met.report_file)
    with open_engine(name, [folder], folder / "second") as engine:
        engine.can_leave_out = False
        second = checked(engine, folder / "second", 2, history)
        compared = Comparison(second.met, product, SECOND)
        absent = folder / "absent.parquet"
        compared.write_absent(absent)
        found: dict[str, Any] = {
            "checked": [(each.rows, each.accepted, each.rejected, each.unreadable_amounts) for each in (first, second)],
            "known_again": fingerprint_of(engine, Kept(SECOND, second.met.report_file)) == second.fingerprint,
            "figures": compared.figures,
            "samples": [compared.sample(which) for which in ("rejected", "churned", "won", "missing")],
            "group_samples": [compared.sample("group", group) for group in compared.figures.groups],
            "changes": [row for batch in compared.changes() for row in batch],
            "updates": [row for batch in compared.updates([row["uid"] or "" for row in rows(1)]) for row in batch],
            "compared": engine.rows("compared"),
            "currencies": second.met.currencies()["currencies"],
        }
        see_history(engine, "after", Kept(SECOND, second.met.report_file, absent))
        found["after"] = said(engine, f"select {WITHOUT_HASHES} from after")
        see_report(engine, "read", second.met.report_file, None)
        found["read"] = said(engine, "select uid, currency, changed_at, reason, unreadable_amounts from read")
        engine.view("rejected_rows", f"select * from read_parquet(['{pattern(second.rejected_file)}'])")
        found["rejected"] = said(engine, "select line, reason, uid, content from rejected_rows")
    return found


def pattern(path: Path | None) -> str:
    assert path is not None
    return f"{path}/*.parquet" if path.is_dir() else str(path)


def test_two_pulls_of_hostile_text_come_to_the_same(tmp_path: Path) -> None:
    duckdb, spark = (played(name, tmp_path / name.strip("[2]")) for name in NAMES)
    for what, value in duckdb.items():
        assert spark[what] == value, what
    assert min(len(duckdb[what]) for what in ("changes", "updates", "rejected", "after", "samples")) > 0

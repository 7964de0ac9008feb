"""Figures are made of every case: they are asked of columns, in DuckDB; its statements are in `sql/duckdb`.

read_*    tables of the database, whole, or of the accounts touched since the copy was made (store/copies.py)
fresh_*   the same with what does not depend on the moment that is asked for
cases …   the copy without those accounts, and what is fresh
judged …  claims at a moment, the newest of each case, the latest cases, counted: of these the figures are made
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy as copy_of
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb
from django.db import connection, models
from django.db.models.fields import Field

from winback.store import at_hand, copies, database
from winback.store.copies import NAMED, TABLES, Copy
from winback.store.database import Row, Values
from winback.store.fields import WholeNumber
from winback.store.models import Activity, Adoption, Case, Claim, Feedback, Notification, Owner

if TYPE_CHECKING:
    import pyarrow as pa

# The columns that figures are made of.
_READ: dict[type[models.Model], str] = {
    Case: "id product uid merchant_name csm_name csm_email region gmv revenue churned_at readopted_at voided_at"
    " baseline arm holdout_share",
    Adoption: "id product uid merchant_name csm_name csm_email region gmv revenue won_at",
    Owner: "id case_id since_at csm_name csm_email",
    Claim: "id case_id outcome csm_name csm_email claimed_at",
    Activity: "id product uid csm_name csm_email occurred_at counts",
    Notification: "id case_id adoption_id stage status sent_at corrected_at",
    Feedback: "id notification_id csm_name csm_email useful answered_at",
}
_BATCH = 50_000
_DAY = 86_400_000_000
# Of the accounts touched since a copy was made. Claims and answers have columns of their case: they are read anew
# whenever it is.
_OF_CASES, _OF_ADOPTIONS = "in (select id from touched_cases)", "in (select id from touched_adoptions)"
_TOUCHED: dict[type[models.Model], str] = {
    Case: f"id {_OF_CASES}",
    Adoption: f"id {_OF_ADOPTIONS}",
    Owner: f"case_id {_OF_CASES}",
    Claim: f"case_id {_OF_CASES}",
    Activity: "uid in (select uid from accounts)",
    Notification: "id in (select id from touched_notifications)",
    Feedback: "notification_id in (select id from touched_notifications)",
}
# Which rows of a copy are of those accounts: by the number of their case or new adoption.
_REPLACED = {
    "cases": "id in (from gone_cases)",
    "adoptions": "id in (from gone_adoptions)",
    "claims": "case_id in (from gone_cases)",
    "answers": "case_id in (from gone_cases) or adoption_id in (from gone_adoptions)",
}
_ORDERS = {"cases": "turns > 0, churned_at"}
# As in the databases: whole numbers are divided into whole ones, and lower case is that of A to Z alone; where no other
# letters are, the engine's own is sixty times as fast.
# The statements have the smaller side of a join on the right: it takes a copy for a table of a few rows.
# worked_until: working time up to a moment, by the row of its day in `calendars`.
# day_of: which of the moments begun, a day later, … up to the one of number `days` is the first not before a moment.
_ALIKE = """
set global integer_division = true;
set disabled_optimizers = 'build_side_probe_side';
create type state as enum ('at_risk', 'won', 'lost');
create type credit as enum ('csm', 'assisted', 'self_service');
create type outcome as enum ('won', 'lost');
create type verdict as enum ('true', 'pending', 'false');
create macro lower(cell) as case
    when strlen(cell) = length(cell) then lcase(cell)
    else translate(cell, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
end;
create macro worked_until(moment, of_day) as of_day.before
    + greatest(0, least(moment, of_day.closes) - of_day.opens)
    + greatest(0, least(moment, of_day.closes_again) - of_day.opens_again);
create macro day_of(moment, begun, days) as
    greatest(0, least(days + 1, (moment - begun + 86399999999) // 86400000000));
create macro owner_at(csm, owners, moment) as case
    when owners is null then csm
    else coalesce(list_last(list_filter(owners, lambda each: each.since_at <= moment)).csm, csm)
end;
create table csms (csm integer, csm_name text, csm_email text, csm_key text, called text);
create table regions (region integer, name text, called text);
"""
_PARAMETER = re.compile(r"%\((\w+)\)s")


class Column(str):
    """In the place of a parameter: of every row its own, in the column of this name."""

    __slots__ = ()


class Columns:
    """The database's tables as they were when it was made. `copy`: what it has read beside them; `seen`: number and
    nonce of the last row of `touched` then, where there is a copy."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, data: Path, copy: Copy | None) -> None:
        self._engine, self.copy, self.seen = engine, copy, copies.last_seen(copy) if copy else (0, 0)
        engine.execute(_ALIKE)
        engine.execute(f"set allowed_directories = [{_literal(copies.folder_in(data))}]")
        engine.execute("set enable_external_access = false")
        if copy is not None:
            for name in NAMED:
                engine.execute(f"insert into {name} from {_parquet(copy.file(name))}")
        for model, names in _READ.items():
            self._read(model, names.split(), copy)
        for name in (*NAMED, *(f"fresh_{table}" for table in TABLES)):
            engine.execute(database.statement(name, "duckdb"))
        for model in _READ:
            engine.execute(f"drop table read_{model._meta.db_table}")
        self._join(copy)

    @contextmanager
    def asked(self) -> Iterator[Columns]:
        """The same, with tables of a moment and macros of its own."""
        asked = copy_of(self)
        asked._engine = self._engine.cursor()
        with asked._engine:
            yield asked

    def make(self, values: Values, *names: str) -> None:
        """Tables of a moment, of which others are asked: "judged", after it "newest", after that "cells"."""
        for name in names:
            self._answer(name, values)

    def rows(self, name: str, values: Values) -> list[Row]:
        """What a statement gives, as database.rows does."""
        return self._answer(name, values).fetchall()

    def rows_of_all(self, name: str, values: Values) -> list[Row]:
        """The same of a statement that asks for no moment, region or CSM."""
        return self._ask(database.statement(name, "duckdb"), values).fetchall()

    def write(self, copy: Copy) -> None:
        """Everything, as a copy: by the order of its rows the engine can pass over what a question is not about."""
        for name in (*TABLES, *NAMED):
            rows = f"(from {name} order by {_ORDERS[name]})" if name in _ORDERS else name
            self._engine.execute(f"copy {rows} to {_literal(copy.file(name))} (format parquet)")

    def _answer(self, name: str, values: Values) -> duckdb.DuckDBPyConnection:
        return self.ask(database.statement(name, "duckdb"), values)

    def ask(self, text: str, values: Values) -> duckdb.DuckDBPyConnection:
        """Filters and the time zone are macros, of which the engine sees before it looks at a row what they come to."""
        self._engine.execute(f"create or replace temp macro is_asked_for(region, owner) as {self._condition(values)}")
        self._engine.execute(f"create or replace temp macro is_seen(arm, churned_at) as {_seen(values)}")
        self._engine.execute(f"create or replace temp macro local_day(moment) as {_local_day(values)}")
        if "periods" in values:
            self._engine.execute(f"create or replace temp macro period_of(moment) as {_period(values)}")
        return self._ask(text, values)

    def _condition(self, values: Values) -> str:
        asked = (("region", values["region"], "asked_regions"), ("owner", values["csm"], "asked_csms"))
        conditions = []
        for column, value, name in asked:
            if value is not None:
                known = self._ask(database.statement(name, "duckdb"), values).fetchall()
                numbers = ", ".join(str(number) for (number,) in known)
                conditions.append(f"coalesce({column} in ({numbers or 'null'}), false)")
        return " and ".join(conditions) or "true"

    def _ask(self, text: str, values: Values) -> duckdb.DuckDBPyConnection:
        asked = {name: values[name] for name in _PARAMETER.findall(text)}
        given = {name: value for name, value in asked.items() if value is not None and not isinstance(value, Column)}

        def spelled(match: re.Match[str]) -> str:
            value = asked[match[1]]
            if isinstance(value, Column):
                return value
            return "null" if value is None else f"${match[1]}"

        return self._engine.execute(_PARAMETER.sub(spelled, text).replace("%%", "%"), given)

    def _read(self, model: type[models.Model], names: list[str], copy: Copy | None) -> None:
        import pyarrow as pa

        fields = {field.column: field for field in model._meta.concrete_fields}
        schema = pa.schema([(name, _kind(fields[name])) for name in names])
        table = f"read_{model._meta.db_table}"
        self._engine.register("batch", schema.empty_table())
        self._engine.execute(f"create table {table} as from batch")
        for batch in _batches(model, names, copy):
            cells = zip(*batch, strict=True)
            arrays = [pa.array(column).cast(field.type) for column, field in zip(cells, schema, strict=True)]
            self._engine.register("batch", pa.Table.from_arrays(arrays, schema=schema))
            self._engine.execute(f"insert into {table} from batch")
        self._engine.unregister("batch")

    def _join(self, copy: Copy | None) -> None:
        """What is fresh takes the place of what the copy has of the same accounts."""
        if copy is None:
            for table in TABLES:
                self._engine.execute(f"create view {table} as from fresh_{table}")
            return
        touched = database.rows("touched", {"mark": copy.mark})
        for place, name in enumerate(("gone_cases", "gone_adoptions")):
            self._ask(database.statement(name, "duckdb"), {"touched": [row[place] for row in touched]})
        for table in TABLES:
            kept = f"from {_parquet(copy.file(table))} where ({_REPLACED[table]}) is not true"
            self._engine.execute(f"create view {table} as {kept} union all from fresh_{table}")


@contextmanager
def read_columns(data: Path, may_have_copy: bool = True) -> Iterator[Columns]:
    """`data`: the folder where copies are (store/copies.py). What was read for the last question serves again while
    nothing has been written since; several threads may ask at once. No copy is looked for where just none was found."""
    with database.of_one_moment():
        copy = copies.find(data) if may_have_copy else None
        columns = _read_at_hand(data, copy) if copy else Columns(duckdb.connect(), data, None)
    try:
        with columns.asked() as asked:
            yield asked
    except duckdb.FatalException:  # the engine answers nothing any more
        at_hand.drop()
        raise


def _read_at_hand(data: Path, copy: Copy) -> Columns:
    """A copy without which a question can be answered too is given up where it can't be read."""
    key = (copy, copy.written(), copies.last_seen(copy))
    columns: Columns | None = at_hand.find(key)
    if columns is None:
        at_hand.drop()
        try:
            columns = Columns(duckdb.connect(), data, copy)
        except duckdb.Error:
            copies.forget(copy)
            return Columns(duckdb.connect(), data, None)
        at_hand.keep(key, columns)
    return columns


def _seen(values: Values) -> str:
    """Whether those who ask may hear of a case (rules.md R6.6); see sql/not_held_out.sql."""
    until = cast("int | None", values.get("seen"))
    return "true" if until is None else f"(arm is null or arm <> 'held_out' or churned_at <= {until:d})"


def _local_day(values: Values) -> str:
    """The days since 1970 by the workspace's clocks, newest first; see core/moments.py shifts."""
    newest_first = sorted(json.loads(str(values["zone"])), reverse=True)
    cases = " ".join(f"when moment >= {since:d} then {shift:d}" for since, _, shift in newest_first)
    return f"(moment + case {cases} end) / {_DAY}"


def _period(values: Values) -> str:
    """Which of some periods a moment is in, from 0 on; `periods`: where each begins, and the one before ends."""
    periods = [*enumerate(cast("list[int]", values["periods"]))]
    return f"case when moment >= {periods[0][1]:d} then {_period_among(periods)} end"


def _period_among(periods: list[tuple[int, int]]) -> str:
    """Halved again and again: the engine takes no more steps than it must."""
    if len(periods) == 1:
        return str(periods[0][0])
    half = len(periods) // 2
    before, after = _period_among(periods[:half]), _period_among(periods[half:])
    return f"case when moment >= {periods[half][1]:d} then {after} else {before} end"


def _literal(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _parquet(path: Path) -> str:
    """A folder's name may look like the value of a column."""
    return f"read_parquet({_literal(path)}, hive_partitioning = false)"


def _kind(field: Field[object, object]) -> pa.DataType:
    import pyarrow as pa

    if isinstance(field, models.BooleanField):
        return pa.bool_()
    if isinstance(field, models.FloatField):
        return pa.float64()
    return pa.int64() if isinstance(field, WholeNumber | models.IntegerField | models.ForeignKey) else pa.string()


def _batches(model: type[models.Model], names: list[str], copy: Copy | None) -> Iterator[list[Row]]:
    sql = f"select {', '.join(names)} from {model._meta.db_table}"  # noqa: S608
    if copy is not None:
        sql = f"with {database.statement('touched_accounts')} {sql} where {_TOUCHED[model]}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {} if copy is None else {"mark": copy.mark})
        while batch := cursor.fetchmany(_BATCH):
            yield batch

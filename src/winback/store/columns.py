"""Figures are made of every case: they are asked of columns. What they follow from is read once from the database, of
whichever kind, into DuckDB, and asked there as often as needed; its dialect in `sql/duckdb` where it has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
from django.db import connection, models
from django.db.models.fields import Field

from winback.store import database
from winback.store.database import Row, Values
from winback.store.fields import WholeNumber
from winback.store.models import Activity, Adoption, Case, Claim, Feedback, Notification, Owner

if TYPE_CHECKING:
    import pyarrow as pa

# The columns that figures are made of.
_READ: dict[type[models.Model], str] = {
    Case: "id product uid csm_name csm_email region gmv revenue churned_at readopted_at voided_at baseline arm"
    " holdout_share",
    Adoption: "id product uid csm_name csm_email region gmv revenue won_at",
    Owner: "id case_id since_at csm_name csm_email",
    Claim: "id case_id outcome csm_name csm_email claimed_at",
    Activity: "id product uid csm_name csm_email occurred_at counts",
    Notification: "id case_id adoption_id stage status sent_at corrected_at",
    Feedback: "id notification_id csm_name csm_email useful answered_at",
}
_BATCH = 50_000
# As in the databases: whole numbers are divided into whole ones, and lower case is that of A to Z alone.
_ALIKE = """
set enable_external_access = false;
set integer_division = true;
create macro lower(cell) as translate(cell, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
"""
_PARAMETER = re.compile(r"%\((\w+)\)s")


class Columns:
    """The database's tables as they were when it was made."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        engine.execute(_ALIKE)
        for model, names in _READ.items():
            self._read(model, names.split())

    def rows(self, name: str, values: Values) -> list[Row]:
        """What a statement gives, as database.rows does."""
        text = database.statement(name, "duckdb")
        wanted = {each: values[each] for each in _PARAMETER.findall(text)}
        return self._engine.execute(_PARAMETER.sub(r"$\1", text).replace("%%", "%"), wanted).fetchall()

    def _read(self, model: type[models.Model], names: list[str]) -> None:
        import pyarrow as pa

        fields = {field.column: field for field in model._meta.concrete_fields}
        schema = pa.schema([(name, _kind(fields[name])) for name in names])
        table = model._meta.db_table
        self._engine.register("batch", schema.empty_table())
        self._engine.execute(f"create table {table} as from batch")
        for batch in _batches(table, names):
            cells = zip(*batch, strict=True)
            arrays = [pa.array(column).cast(field.type) for column, field in zip(cells, schema, strict=True)]
            self._engine.register("batch", pa.Table.from_arrays(arrays, schema=schema))
            self._engine.execute(f"insert into {table} from batch")
        self._engine.unregister("batch")


@contextmanager
def read_columns() -> Iterator[Columns]:
    with duckdb.connect() as engine:
        yield Columns(engine)


def _kind(field: Field[object, object]) -> pa.DataType:
    import pyarrow as pa

    if isinstance(field, models.BooleanField):
        return pa.bool_()
    if isinstance(field, models.FloatField):
        return pa.float64()
    return pa.int64() if isinstance(field, WholeNumber | models.IntegerField | models.ForeignKey) else pa.string()


def _batches(table: str, names: list[str]) -> Iterator[list[Row]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"select {', '.join(names)} from {table}")  # noqa: S608
        while batch := cursor.fetchmany(_BATCH):
            yield batch

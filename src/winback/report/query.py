"""A report that is the result of a query: streamed as Arrow through ADBC into a Parquet file."""

from __future__ import annotations

from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from winback.errors import ReportRefused, SettingsError, UsageError
from winback.report.address import DRIVERS, scheme_of, shown, without_secrets

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.settings import Product

# Marks a column of text whose cells are numbers: exact ones, of any number of digits.
NUMBER = {b"winback:cells": b"numbers"}
_READ_ONLY = "set session characteristics as transaction read only"
# SQLite has no types of columns: they are told from so many rows.
_LOOKED_AT = {"adbc.sqlite.query.batch_rows": "65536"}
_WRITABLE = "cast it to text in the query"
# How SQLite's driver writes a number with a fraction into a column that has texts too: seven digits of it. What is left
# of an amount or a UID can't be told from it, and two UIDs may become one.
_SHORTENED = r"^-?[0-9][.][0-9]{6}e[+-][0-9]{2,3}$"


def fetch_query(address: str, product: Product, path: Path, head_only: bool = False) -> None:
    """Writes the rows to `path`; `head_only`: the first of them. Raises ReportRefused, without the password."""
    if product.query is None:
        raise UsageError(f"{shown(address)} is a database: set {product.key}.query to what is to be read")
    driver = _driver(address)
    import pyarrow as pa

    try:
        with closing(driver.connect(_connection(address))) as connection, closing(connection.cursor()) as cursor:
            _prepare(connection, cursor, address)
            cursor.execute(product.query)
            _write(cursor.fetch_record_batch(), product, path, head_only, scheme_of(address) == "sqlite")
    except (driver.Error, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ReportRefused(f"{shown(address)}: {_plainly(error, address)}") from error


def _driver(address: str) -> Any:
    name = DRIVERS[scheme_of(address)]
    try:
        return import_module(f"{name}.dbapi")
    except ImportError as error:
        package = name.replace("_", "-")
        raise SettingsError(
            f"a report from {scheme_of(address)}:// needs the package {package}: pip install 'winback[sql]' {package}"
        ) from error


def _connection(address: str) -> str:
    """SQLite is opened so that nothing can be written."""
    if scheme_of(address) != "sqlite":
        return address
    path = Path(address.partition("://")[2].removeprefix("/"))
    if not path.is_file():
        raise ReportRefused(f"no database at {path}: expected a file of SQLite")
    return f"file:{quote(str(path.absolute()))}?mode=ro"


def _prepare(connection: Any, cursor: Any, address: str) -> None:
    if scheme_of(address) in ("postgresql", "postgres"):
        cursor.execute(_READ_ONLY)
        connection.commit()
    elif scheme_of(address) == "sqlite":
        cursor.adbc_statement.set_options(**_LOOKED_AT)


def _write(reader: pa.RecordBatchReader, product: Product, path: Path, head_only: bool, shortens: bool) -> None:
    """`shortens`: numbers among texts may have lost digits."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([_field(field) for field in reader.schema])
    if not schema.names:
        raise ReportRefused(f"{product.key}.query gives no columns: expected a select")
    left = product.max_report_bytes
    with pq.ParquetWriter(path, schema) as writer:
        for batch in reader:
            left -= batch.nbytes
            if left < 0:
                raise ReportRefused(
                    f"the query gives more than {product.max_report_bytes:,} bytes: the most that"
                    f" {product.key}.max_report_bytes allows"
                )
            if shortens:
                _refuse_shortened(batch)
            columns = [getattr(column, "storage", column) if _is_opaque(column.type) else column for column in batch]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            if head_only:
                return


def _refuse_shortened(batch: pa.RecordBatch) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_string(column.type) and pc.any(pc.match_substring_regex(column, _SHORTENED)).as_py():
            raise ReportRefused(
                f"the column {name!r} has numbers with a fraction among texts, of which SQLite's driver gives seven"
                f" digits: {_WRITABLE}"
            )


def _field(field: pa.Field) -> pa.Field:
    """Numbers of any precision come as text, and stay so, marked."""
    import pyarrow as pa

    kind = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    if kind == "money":
        raise ReportRefused(f"the column {field.name!r} is of the type money: cast it to numeric in the query")
    if pa.types.is_interval(field.type) or pa.types.is_duration(field.type):
        raise ReportRefused(f"the column {field.name!r} is of the type {kind or field.type}: {_WRITABLE}")
    if not _is_opaque(field.type):
        return field.remove_metadata()
    if field.type.type_name != "numeric":
        raise ReportRefused(f"the column {field.name!r} is of the type {field.type.type_name}: {_WRITABLE}")
    return pa.field(field.name, pa.string(), metadata=NUMBER)


def _is_opaque(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return isinstance(kind, pa.OpaqueType)


def _plainly(error: Exception, address: str) -> str:
    text = without_secrets(str(error), address)
    if "Type mismatch in column" in text:
        return f"{text}: the cells of a column are of several types; {_WRITABLE}"
    return text

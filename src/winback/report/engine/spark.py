"""Spark: the engine for who outgrows one machine. On this machine too ("local[2]"), where it is tested."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from winback.errors import WinbackError
from winback.report.engine import Engine, Row
from winback.report.engine.duckdb import DuckDB
from winback.report.engine.translate import to_spark
from winback.report.statements import Sql, parquet, statement

_BATCH = 10_000
# What the meaning of a statement depends on, whatever a cluster has been set to.
_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    # Else content such as ${env:HOME} would be replaced.
    "spark.sql.variable.substitute": "false",
}
# What it does on this machine, where spark-defaults.conf says nothing else.
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "16",
}
# Quiet; and files without a twin that holds their checksum, since the database has it.
_EVERYWHERE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
}


class Spark(Engine):
    """A session of its own for one piece of work, in the one Spark of this process. Every file must be where Spark's
    workers find it under the same name: on this machine, or in a folder that all machines share."""

    name = "spark"
    can_leave_out = False

    def __init__(
        self, address: str, readable: list[Path], writable: Path, memory: str | None, one_thread: bool
    ) -> None:
        self.reader = DuckDB(readable, writable, memory, one_thread)
        self._numbers = count(1)
        self._session = _open_session(address)
        self._spill = Path(tempfile.mkdtemp(prefix="spill-", dir=writable))

    def interrupt(self) -> None:
        """Nobody works beside it."""

    def close(self) -> None:
        self.reader.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    @contextlib.contextmanager
    def staged(self, name: str, sql: str) -> Iterator[Sql]:
        path = self._spill / f"{name}.parquet"
        self.reader.write_parquet(sql, path)
        self.view(name, f"select * from {parquet(path)}")
        yield Sql(name)
        path.unlink()

    def view(self, name: str, sql: str) -> None:
        self._query(sql).createOrReplaceTempView(name)

    def table(self, name: str, sql: str) -> None:
        """On disk: what Spark keeps in memory it may have to make again, out of files that are not there any more."""
        path = self._spill / f"{name}-{next(self._numbers)}.parquet"
        self.write_parquet(sql, path)
        self.view(name, f"select * from {parquet(path)}")

    def table_of(self, name: str, column: str, values: list[str]) -> None:
        path = self._spill / f"{name}-{next(self._numbers)}.parquet"
        pq.write_table(pa.table({column: pa.array(values, pa.string())}), path)
        self.view(name, f"select * from {parquet(path)}")

    def write_parquet(self, sql: str, path: Path) -> None:
        with _understood():
            self._query(sql).write.parquet(f"file:{path}")

    def write_all_but(self, query: Callable[[Sql], str], path: Path) -> int:
        self.write_parquet(query(Sql("false")), path)
        return 0

    def stream(self, sql: str) -> Iterator[list[Row]]:
        with _understood():
            rows = self._query(sql).toLocalIterator()
            while batch := [tuple(row) for row in islice(rows, _BATCH)]:
                yield batch

    def fetch(self, sql: str) -> list[Row]:
        with _understood():
            return [tuple(row) for row in self._query(sql).collect()]

    def row(self, name: str, **values: object) -> dict[str, Any]:
        with _understood():
            (row,) = self._query(statement(name, **values)).collect()
        return row.asDict()

    def _query(self, sql: str) -> DataFrame:
        with _understood():
            return self._session.sql(to_spark(sql))


def _open_session(address: str) -> SparkSession:
    with _understood(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = _connect(address) if address.startswith("sc://") else _start(address).newSession()
        for key, value in _MEANING.items():
            session.conf.set(key, value)
    return session


def _connect(address: str) -> SparkSession:
    """To a Spark Connect server."""
    return SparkSession.builder.remote(address).create()


@cache
def _start(address: str) -> SparkSession:
    """Starts Spark's driver, a process of Java that ends with this one; once, since it takes seconds."""
    spill = Path(tempfile.mkdtemp(prefix="winback-spark-"))
    options = {"spark.local.dir": str(spill), "spark.sql.warehouse.dir": str(spill), **_EVERYWHERE}
    with _silenced():
        pyspark.SparkContext._ensure_initialized()
    conf = pyspark.SparkConf().setMaster(address).setAppName("winback")
    for key, value in (options | (_LOCAL if address.startswith("local") else {})).items():
        conf.setIfMissing(key, value)
    try:
        return SparkSession.builder.config(conf=conf).getOrCreate()
    finally:
        atexit.register(shutil.rmtree, spill, ignore_errors=True)


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """A process that is started here has nowhere to print to: Spark greets, warns and logs; what fails comes back."""
    kept = [os.dup(number) for number in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        yield
    finally:
        for number, descriptor in zip((1, 2), kept, strict=True):
            os.dup2(descriptor, number)
        for descriptor in (*kept, nowhere):
            os.close(descriptor)


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Spark's complaints in one line for a person."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        _complain(error)


def _complain(error: Exception) -> NoReturn:
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text:
        raise WinbackError(
            "Spark did not start: it needs Java 17 or newer; install it, or let JAVA_HOME name it"
        ) from error
    lines = [line.strip().removeprefix(": ") for line in text.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    raise WinbackError(f"Spark: {causes[-1] if causes else lines[0]}") from error

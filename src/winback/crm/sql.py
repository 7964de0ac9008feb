"""Activities that a query gives: of a warehouse that has a copy of the CRM."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from winback.core.activities import Page, Since
from winback.crm.cells import Reader
from winback.crm.rows import read_rows
from winback.report.address import shown
from winback.report.fetch import fetched
from winback.report.sources import Source
from winback.report.statements import literal
from winback.settings.crm import refuse_other_scheme
from winback.settings.crm_sections import CrmColumns, CrmSql
from winback.settings.sections import Export

if TYPE_CHECKING:
    from winback.settings import Settings

_STREAM = "query"
# Not a cast of PostgreSQL, as in now()::since.
_SINCE = re.compile(r"(?<![:\w]):since\b")
_EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Sql:
    name = "sql"

    def __init__(self, settings: Settings, now: dt.datetime) -> None:
        assert settings.crm.sql is not None  # noqa: S101
        self._section: CrmSql = settings.crm.sql
        url = settings.secret(str(self._section.url))
        refuse_other_scheme(url, "crm.sql.url")
        self._address = settings.locate(url)
        self._tz, self._now = settings.tz, now
        self._overlap = dt.timedelta(minutes=self._section.overlap_minutes)

    def pages(self, since: Since) -> Iterator[Page]:
        newest = since.marks.get(_STREAM, _EVER)
        for page in self._read(since.of(_STREAM, self._overlap), head_only=False):
            newest = max([newest, *(record.modified_at for record in page.records if record.modified_at)])
            yield page
        if newest > since.marks.get(_STREAM, _EVER):
            # A moment to come, by mistake or by another clock, would hide all that comes before it.
            yield Page(_STREAM, read_until=min(newest, self._now))

    def look(self) -> str:
        for _ in self._read(self._now, head_only=True):
            break
        return shown(self._address)

    def _read(self, since: dt.datetime, head_only: bool) -> Iterator[Page]:
        query = _SINCE.sub(literal(since.isoformat(" ", "seconds")), str(self._section.query))
        export = Export(name="crm.sql", query=query, max_report_bytes=self._section.max_report_bytes)
        with tempfile.TemporaryDirectory(prefix="winback-") as name:
            folder = Path(name)
            source = fetched(Source(Path("query.parquet"), address=self._address), export, folder, head_only)
            reader = Reader(self._section.kind_names)
            for records, owners, remarks in read_rows(source, export, CrmColumns(), reader, self._tz, folder):
                yield Page(_STREAM, records, owners=owners, remarks=remarks)

"""A table as a CSV file, for a browser to keep; noted in the audit log."""

from __future__ import annotations

import io
import tempfile
from typing import IO, cast

from django.http import FileResponse

from winback.formats import write_csv
from winback.store.audit import note
from winback.tables import Table
from winback.web.middleware import Asked

# More than this goes to the disk meanwhile.
_IN_MEMORY = 8 << 20


def csv_answer(request: Asked, table: Table, name: str) -> FileResponse:
    """`name`: of the file, ours and plain. Written before its first byte leaves: what fails is an error, never half a
    file."""
    file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_csv(table, text)
    text.detach()
    file.seek(0)
    note(request.workspace.now(), request.user.email, "downloaded", name, request.GET.urlencode() or None)
    return FileResponse(file, as_attachment=True, filename=f"{name}.csv", content_type="text/csv; charset=utf-8")

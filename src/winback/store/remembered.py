"""KPI documents of a moment, and trends up to one, answered from what was counted before where that is right.

They are kept in the folder of the copy that they were counted of (store/copies.py). One is right from its moment until
before another, when the next case grows out of a band, or something that is written already begins to count; and only
as long as nothing has been written that changes the figures of such a moment. Without a copy nothing is kept: there
are few cases then.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import uuid
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from winback.core.holdout import WATCHED
from winback.store import copies, database, kpis, times, trend
from winback.store.columns import Columns, read_columns
from winback.store.copies import Copy
from winback.store.cube import LIMITS, Document
from winback.store.record import micros

Values = dict[str, Any]
Keeps = Literal["none", "latest", "all"]
_ENDING = ".json.gz"
# What of the parameters is a moment: the others tell one question from another.
_MOMENTS = {"at", "begun", "credited_until", "today", "uncontacted"}
# A document that is right for less than so long, in microseconds, is kept for its own moment alone.
_A_MINUTE = 60_000_000
_DAY = 86_400_000_000


@dataclass(frozen=True)
class _Kept:
    """The name of a file. `program`: which version; `question`: the parameters but the moment; `seen`, `nonce`: the
    last row of `touched` that the document has seen; `lasts`: of a pull's moment, which is asked for ever."""

    program: str
    question: str
    at: int
    until: int
    seen: int
    nonce: int
    lasts: int

    @classmethod
    def of(cls, path: Path) -> _Kept:
        program, question, *numbers = path.name.removesuffix(_ENDING).split("_")
        return cls(program, question, *map(int, numbers))

    def path_in(self, copy: Copy) -> Path:
        return copy.folder / ("_".join(map(str, astuple(self))) + _ENDING)

    def is_asked(self, values: Values) -> bool:
        at = int(values["at"])
        asked = (self.program, self.question) == (_program(), _question(values))
        return asked and (self.at == at or self.at < at < self.until)


def documents(data: Path, questions: Sequence[Values], keeps: Keeps = "none") -> list[Document]:
    """The KPI documents of moments, or trends where `questions`, their parameters (winback.parameters), have `days`.
    `keeps`, of those that had to be counted: "latest" is for questions of now, "all" for moments of pulls."""
    with database.of_one_moment():
        copy = copies.find(data)
        found = [_recalled(copy, values) if copy else None for values in questions]
    if None not in found:
        return [document for document in found if document is not None]
    with read_columns(data, may_have_copy=copy is not None) as columns:
        return [document or _counted(columns, values, keeps) for values, document in zip(questions, found, strict=True)]


def kpis_beside(columns: Columns, values: Values) -> Document:
    """The KPI document of a moment, where more is asked of the same columns."""
    found = _recalled(columns.copy, values) if columns.copy else None
    return found or kpis.kpis(columns, values)


def renew_copy(data: Path) -> bool:
    """Makes a new copy where figures would be asked much faster of it; whether there is one."""
    if copies.is_due(data):
        with copies.making(data, _carry_over) as copy:
            if copy is not None:
                with read_columns(data) as columns:
                    columns.write(copy)
    return copies.find(data) is not None


def _carry_over(before: Copy, copy: Copy) -> None:
    """What this program can answer, and is right still."""
    changed_from = cache(partial(_changed_from, before, until=copy.mark))
    for path in _files(before):
        kept = _Kept.of(path)
        until = min(kept.until, changed_from(kept.seen, kept.nonce))
        if kept.program == _program() and until > kept.at:
            with suppress(OSError):
                os.link(path, replace(kept, until=int(until), seen=copy.mark, nonce=0).path_in(copy))


def _recalled(copy: Copy, values: Values) -> Document | None:
    for path in _files(copy):
        kept = _Kept.of(path)
        if kept.is_asked(values) and _changed_from(copy, kept.seen, kept.nonce) > values["at"]:
            return _read(path, int(values["at"]) - kept.at)
    return None


def _changed_from(copy: Copy, seen: int, nonce: int, until: int | None = None) -> float:
    """From which moment on figures are others by what was written after a row of `touched`, up to another (None: all).
    Rows of another past, which a backup has taken the place of, have other nonces."""
    if seen != copy.mark and not database.rows("has_touched", {"id": seen, "nonce": nonce}):
        return -math.inf
    ((moment,),) = database.rows("changed_from", {"seen": seen, "until": until})
    return math.inf if moment is None else int(moment)


def _counted(columns: Columns, values: Values, keeps: Keeps) -> Document:
    is_trend = "days" in values
    document = trend.trend(columns, values) if is_trend else kpis.kpis(columns, values)
    copy = columns.copy
    if copy is None or keeps == "none" or any(values[name] is not None for name in ("region", "csm", "seen")):
        return document
    until, content = (_trend_to_keep if is_trend else _kpis_to_keep)(columns, values, document)
    kept = _Kept(_program(), _question(values), int(values["at"]), until, *columns.seen, int(keeps == "all"))
    if kept.lasts or until - kept.at >= _A_MINUTE:
        with suppress(OSError):
            _write(kept, copy, content)
    return document


def _kpis_to_keep(columns: Columns, values: Values, document: Document) -> tuple[int, Document]:
    """Until before when it is right, and what is to be written."""
    ((until, mean, median),) = columns.rows("until", values | LIMITS | {"watched": micros(WATCHED)})
    ends_at = _end_of_day(values)
    return min(until or ends_at, ends_at), {"document": document, "since_churn": [mean, median]}


def _trend_to_keep(columns: Columns, values: Values, document: Document) -> tuple[int, Document]:
    return trend.until(columns, values), {"document": document}


def _read(path: Path, later: int) -> Document | None:
    """Nothing grows from a document's moment on but the time since the churn. None where the file can't be read, or a
    new copy has taken this one's place."""
    try:
        kept = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error):
        return None
    document: Document = kept["document"]
    since_churn = document.get("time_since_churn_hours")
    if since_churn and since_churn["count"]:
        mean, median = (length + later for length in kept["since_churn"])
        since_churn |= {"median": times.hours(median), "mean": times.hours(mean)}
    return document


def _write(kept: _Kept, copy: Copy, content: Document) -> None:
    """At once or not at all, in the place of what answered the same question."""
    path = kept.path_in(copy)
    beside = path.with_name(f".{uuid.uuid4().hex}")
    try:
        beside.write_bytes(gzip.compress(json.dumps(content).encode(), 1))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    for other in _files(copy):
        old = _Kept.of(other)
        same = (old.program, old.question, old.lasts) == (kept.program, kept.question, kept.lasts)
        if other != path and same and (old.at == kept.at or not old.lasts):
            other.unlink(missing_ok=True)


@cache
def _program() -> str:
    return _hash(version("winback"))


def _question(values: Values) -> str:
    return _hash(json.dumps({name: value for name, value in values.items() if name not in _MOMENTS}, sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _end_of_day(values: Values) -> int:
    """When the local day of a moment ends, or the clocks are changed before."""
    at = int(values["at"])
    until, shift = next((until, shift) for since, until, shift in json.loads(values["zone"]) if since <= at < until)
    return int(min(until, (int(values["today"]) + 1) * _DAY - shift))


def _files(copy: Copy) -> list[Path]:
    return sorted(copy.folder.glob(f"*{_ENDING}"))

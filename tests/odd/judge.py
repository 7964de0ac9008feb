"""Pulls an odd report and judges what came of it: applied rightly, held, or refused with nothing changed."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests import backing
from tests.naive.compare import Changes, compare
from tests.naive.guard import held_by
from tests.naive.reading import Report, clean_text, read_report
from tests.naive.settings import Refused
from tests.odd.cases import Case
from tests.odd.reading import Reading, mapped_rows, read_plainly
from tests.odd.starts import DAYS, EXIT, Sheet
from tests.workspaces import Place, Ran, changed, stored

AT = DAYS[2]
STATUS = {status: name for name, status in EXIT.items()}
HELD_CHANGES = {"pulls", "files", "sqlite_sequence"}
COUNTS = ("rows", "accepted", "rejected", "churned", "won", "missing")
VALUES = ("merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue")


@dataclass(frozen=True)
class Expected:
    """What the naive model makes of the report."""

    report: Report
    changes: Changes
    rules: list[str]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "rows": self.report.rows,
            "accepted": len(self.report.accepted),
            "rejected": len(self.report.rejected),
            "churned": len(self.changes.churned),
            "won": len(self.changes.won),
            "missing": len(self.changes.missing),
        }


def judge(case: Case, folder: Path, *, wholly: bool) -> tuple[str, list[str]]:
    """The status, and what is wrong with it. `wholly`: the history and the rejected rows are looked at too."""
    place = case.start.place(folder, case.product)
    report = place.reports / f"report{case.ending}"
    report.write_bytes(case.content)
    try:
        ran = place.run("pull", "--report", str(report), "--at", AT.isoformat())
    except Exception:
        return "traceback", [traceback.format_exc(limit=-3)]
    status = STATUS.get(ran.status, f"exit {ran.status}")
    wrong = [*_said(status, ran), *_touched(status, changed(dict(case.start.stored), stored(folder)))]
    return status, [*wrong, *_differences(case, status, place, ran, wholly=wholly)]


def _said(status: str, ran: Ran) -> Iterator[str]:
    if status == "refused":
        if ran.out or len(ran.err.splitlines()) != 1 or not ran.err.startswith("winback: "):
            yield f"not refused in one line: {ran}"
    elif status not in EXIT or ran.err or not ran.out:
        yield f"{status}: {ran}"


def _touched(status: str, tables: set[str]) -> Iterator[str]:
    may_change = {"refused": set(), "held": HELD_CHANGES}.get(status)
    if may_change is not None and not tables <= may_change:
        yield f"{status}, and {sorted(tables - may_change)} changed"


def _differences(case: Case, status: str, place: Place, ran: Ran, *, wholly: bool) -> Iterator[str]:
    reading = _reading_of(case)
    reading, rows = mapped_rows(reading, case.start)
    expected = None
    if reading.sheet is not None:
        try:
            expected = expect(case, rows)
        except Refused:
            reading = type(reading)(None, reading.is_sure)
    if reading.is_sure and (expected is None) != (status == "refused"):
        yield f"{status}, expected {'to be refused' if expected is None else 'to be read'}: {ran.err}"
    elif status != "refused" and status in EXIT:
        yield from _sound(place, case)
        if expected is not None:
            yield from _pulled(place, status, expected)
            if wholly:
                yield from _kept(place, status, expected)


def _reading_of(case: Case) -> Reading:
    """By the plain reader, where it can; a workbook is what was written into it, if its first row is the header and no
    row may be a footer."""
    if case.ending == ".xlsx" and not case.is_damaged:
        uid = case.start.columns["uid"].casefold()
        first, *others = (
            [(clean_text(cell) or "").casefold() for cell in row] for row in [case.sheet.header, *case.sheet.rows]
        )
        is_header_clear = uid in first or not any(uid in row for row in others)
        return Reading(None, False) if _may_have_footer(case.sheet) else Reading(case.sheet, is_header_clear)
    return read_plainly(case.content, case.ending, case.encoding)


def _may_have_footer(sheet: Sheet) -> bool:
    """A blank row, and nothing but single cells below it."""
    values = [sum(cell != "" for cell in row) for row in sheet.rows]
    last_full = max((number for number, count in enumerate(values) if count > 1), default=-1)
    below = values[last_full + 1 :]
    return 0 in below and 1 in below


def expect(case: Case, rows: list[Any]) -> Expected:
    settings, history = case.start.settings, case.start.history
    report = read_report(rows, settings)
    changes = compare(history, report, AT, settings)
    # Of a report without an accepted row no more is said than that.
    rules = held_by(history, report, changes, settings) if report.accepted else ["R3.8"]
    return Expected(report, changes, sorted(rules))


def _sound(place: Place, case: Case) -> Iterator[str]:
    """What holds of every pull that was read, whatever it read."""
    (pull,) = _asked(place, "select rows, accepted, rejected from pulls order by id desc limit 1")
    if pull[1] + pull[2] > pull[0]:
        yield f"more accounts and rejected rows than rows: {pull}"
    both = _asked(place, "select uid from cases where opened_by_id = closed_by_id")
    if both:
        yield f"churned and won at once: {both}"
    rows = _asked(place, "select uid from cases where readopted_at is null group by uid having count(*) > 1")
    if rows:
        yield f"two open cases: {rows}"


def _pulled(place: Place, status: str, expected: Expected) -> Iterator[str]:
    """Counts, findings, and whose cases were opened and closed."""
    ((number, findings, unreadable, *counts),) = _asked(
        place, f"select id, findings, unreadable_amounts, {', '.join(COUNTS)} from pulls order by id desc limit 1"
    )
    found = dict(zip(COUNTS, counts, strict=True))
    if found != expected.counts:
        yield f"{found}, expected {expected.counts}"
    has_copies = expected.report.rows > found["accepted"] + found["rejected"]
    # Of rows that say the same, one counts.
    if unreadable > expected.report.warnings or (unreadable < expected.report.warnings and not has_copies):
        yield f"{unreadable} amounts not readable, expected {expected.report.warnings}"
    rules = sorted({finding["rule"] for finding in json.loads(findings)})
    if rules != expected.rules:
        yield f"held by {rules}, expected {expected.rules}"
    opened = _uids(place, f"select uid from cases where opened_by_id = {number}")
    won = [
        *_uids(place, f"select uid from cases where closed_by_id = {number}"),
        *_uids(place, f"select uid from adoptions where pull_id = {number}"),
    ]
    if status == "applied" and (opened, sorted(won)) != (
        sorted(expected.changes.churned),
        sorted(expected.changes.won),
    ):
        yield f"cases of {opened} and wins of {won}, expected {expected.changes.churned} and {expected.changes.won}"


def _kept(place: Place, status: str, expected: Expected) -> Iterator[str]:
    """The history, account by account, and every rejected row with its reason."""
    if status == "applied":
        found = {row["uid"]: _known(row) for row in place.show("history")}
        wanted = {
            uid: {
                "is_product_enabled": row.enabled,
                "in_last_report": row.in_last_report,
                **{name: getattr(row.account, name) for name in VALUES},
            }
            for uid, row in expected.changes.history.items()
        }
        for uid in sorted(found.keys() | wanted.keys()):
            if found.get(uid) != wanted.get(uid):
                yield f"history of {uid!r}: {found.get(uid)}, expected {wanted.get(uid)}"
    number = _asked(place, "select max(id) from pulls")[0][0]
    shown = [row for row in place.show("rejected") if row["pull_id"] == number]
    rejected = Counter((row["reason"], row["uid"]) for row in shown)
    if rejected != Counter((row.reason, row.uid) for row in expected.report.rejected):
        yield f"rejected {rejected}"


def _known(row: dict[str, Any]) -> dict[str, object]:
    amounts = {name: None if row[name] is None else Decimal(row[name]) for name in ("gmv", "revenue")}
    return {name: row[name] for name in ("is_product_enabled", "in_last_report", *VALUES)} | amounts


def _uids(place: Place, sql: str) -> list[str]:
    return sorted(uid for (uid,) in _asked(place, sql))


def _asked(place: Place, sql: str) -> list[tuple[Any, ...]]:
    return backing.run_sql(place.folder, sql)

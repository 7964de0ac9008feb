"""A winback programme in a folder of its own, for tests: reports in, tables and messages out."""

from __future__ import annotations

import csv
import io
import itertools
import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import winback
from tests import backing
from winback.messages.send import Sent
from winback.outcomes import Outcome

Row = Mapping[str, object]
When = int | str | datetime
# Words such as "a+ b-", the text of a CSV file, or rows.
Report = str | Sequence[Row]
LENIENT = """
[products.payments.guard]
max_rejected = 1
max_missing = 1
max_churn = 1
max_wins = 1
max_new = 1
max_group = 1
min_accounts = 1000
"""


class Message(NamedTuple):
    recipient: str
    text: str

    @property
    def title(self) -> str:
        return self.text.splitlines()[0]


def day(number: float) -> datetime:
    """09:00 UTC of that day, day 1 being 1 November 2026; half a day is twelve hours."""
    return datetime(2026, 10, 31, 9, tzinfo=UTC) + timedelta(days=number)


def accounts(count: int, sign: str = "+", start: int = 0, prefix: str = "m") -> str:
    """Words of a report: `m0+ m1+ …`."""
    return " ".join(f"{prefix}{number}{sign}" for number in range(start, start + count))


def rows(words: str, every: Row | None = None, **of: Row) -> list[dict[str, object]]:
    """`a+ b- c? d` → enabled, not enabled, a flag that can't be read, without a flag; with further cells of `every` row
    and of one account: `a={"gmv": 5}`."""
    flags = {"+": "true", "-": "false", "?": "maybe"}
    report: list[dict[str, object]] = []
    for word in words.split():
        uid = word.rstrip("+-?")
        row = {"uid": uid} | ({"is_product_enabled": flags[word[-1]]} if word[-1] in flags else {})
        report.append({**row, **(every or {}), **of.get(uid, {})})
    return report


def csv_text(rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys(itertools.chain.from_iterable(rows))) or ["uid", "is_product_enabled"]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


class Programme:
    """One product, `payments`, whose columns have our names. `settings`: what else stands in winback.toml. The clock is
    at the newest moment given to `pull`, or where `now` says."""

    def __init__(self, folder: Path, settings: str = "", *, product: str = "", workspace: str = "") -> None:
        self.folder = folder
        self.now = day(0)
        self.output = io.StringIO()
        self._number = itertools.count(1)
        backing.make_database(folder)
        self.set(settings, product=product, workspace=workspace)

    def set(self, settings: str = "", *, product: str = "", workspace: str = "") -> None:
        text = f"[workspace]\n{workspace}\n[products.payments]\nreport = 'reports'\n{product}\n{settings}"
        backing.write_settings(self.folder, text)

    def open(self, now: When | None = None) -> winback.Workspace:
        return winback.open_workspace(self.folder, now=self.now if now is None else moment(now), output=self.output)

    def file(self, report: Report, name: str | None = None) -> Path:
        if isinstance(report, str) and "\n" in report:
            text = textwrap.dedent(report).lstrip("\n")
        else:
            text = csv_text(rows(report) if isinstance(report, str) else report)
        path = self.folder / (name or f"report_{next(self._number)}.csv")
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def pull(self, at: When, report: Report | Path = "", *, now: When | None = None, **options: Any) -> Outcome:
        path = report if isinstance(report, Path) else self.file(report)
        clock = moment(at if now is None else now)
        self.now = max(self.now, clock)
        with self.open(clock) as workspace:
            return workspace.pull("payments", path, moment(at), **options)

    def approve(self, pull: Outcome, now: When | None = None) -> Outcome:
        with self.open(now) as workspace:
            return workspace.approve(number_of(pull), "checked", by="lee")

    def reject(self, pull: Outcome, now: When | None = None) -> Outcome:
        with self.open(now) as workspace:
            return workspace.reject(number_of(pull), "wrong file", by="lee")

    def undo(self, pull: Outcome, now: When | None = None) -> Outcome:
        with self.open(now) as workspace:
            return workspace.undo(number_of(pull), "wrong file", by="lee")

    def void(self, uid: str, now: When | None = None) -> int:
        """Makes the newest case of an account void; its number."""
        number: int = max(row["case_id"] for row in self.table("cases") if row["uid"] == uid)
        with self.open(now) as workspace:
            workspace.void(number, "wrong data")
        return number

    def notify(self, now: When | None = None, *, release: bool = False) -> Sent:
        with self.open(now) as workspace:
            return workspace.notify(release=release)

    def backfill(self, pattern: str, now: When) -> list[Outcome]:
        self.now = max(self.now, moment(now))
        with self.open(now) as workspace:
            return [outcome for _, outcome in workspace.backfill("payments", str(self.folder / pattern))]

    def table(self, name: str, at: When | None = None, **filters: Any) -> list[dict[str, Any]]:
        with self.open() as workspace:
            rows: list[dict[str, Any]] = workspace.table(
                name, at=None if at is None else moment(at), **filters
            ).to_pylist()
            return rows

    def uids(self, name: str, at: When | None = None, **filters: Any) -> list[str]:
        return sorted(row["uid"] for row in self.table(name, at, **filters))

    def column(self, name: str, column: str, at: When | None = None, **filters: Any) -> dict[str, Any]:
        """UID → cell; of several rows of an account, the last."""
        return {row["uid"]: row[column] for row in self.table(name, at, **filters)}

    def row(self, name: str, uid: str, at: When | None = None) -> dict[str, Any]:
        (row,) = [row for row in self.table(name, at) if row["uid"] == uid]
        return row

    def kpis(self, at: When | None = None, **filters: Any) -> dict[str, Any]:
        with self.open() as workspace:
            return workspace.kpis(at=None if at is None else moment(at), **filters)

    def flows(self, start: When, end: When, **filters: Any) -> dict[str, Any]:
        with self.open() as workspace:
            return workspace.flows(moment(start), moment(end), **filters)

    def stages(self, status: str | None = None) -> list[tuple[str, str]]:
        """UID and stage of each notification, in the order in which they were planned."""
        return [
            (row["uid"], row["stage"])
            for row in self.table("notifications")
            if status is None or row["status"] == status
        ]

    @property
    def messages(self) -> list[Message]:
        """Everything that the console printed so far."""
        framed = [
            line.removeprefix("|").removeprefix(" ")
            for line in self.output.getvalue().splitlines()
            if not line.startswith("+--")
        ]
        text = "\n".join(framed)
        parts = ("\n" + text).split("\nTo: ")[1:]
        return [Message(*part.split("\n", 1)) for part in parts]

    def told(self) -> list[Message]:
        """What the console printed since this was last asked."""
        messages = self.messages
        self.output.seek(0)
        self.output.truncate()
        return messages

    def everything(self) -> dict[str, Any]:
        """All that a pull may change, to show that nothing did."""
        names = ("history", "churns", "wins", "readopted", "cases", "notifications")
        return {name: self.table(name) for name in names}


NOTHING = {"accounts": 0, "gmv": "0.00", "revenue": "0.00"}


def figure(accounts: int, gmv: str, revenue: str) -> dict[str, Any]:
    return {"accounts": accounts, "gmv": gmv, "revenue": revenue}


def total(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in NOTHING}


def in_bands(document: dict[str, Any]) -> list[int]:
    return [band["accounts"] for band in document["by_time"].values()]


def moment(when: When) -> datetime:
    if isinstance(when, datetime):
        return when
    return day(when) if isinstance(when, int) else datetime.fromisoformat(when).astimezone(UTC)


def number_of(pull: Outcome) -> int:
    assert pull.pull_id is not None
    return pull.pull_id

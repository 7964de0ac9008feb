"""Ninety days of a made-up company, pulled day by day as cron would, so that every page has something to show."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from pathlib import Path

from django.db.models import Min

from winback.answers import Actor, rate
from winback.beginning import make_workspace
from winback.demo.world import DAYS, HEADER, HOLDOUT, PRODUCT, Day, days
from winback.store.models import Message
from winback.workspace import Workspace, open_workspace

_SETTINGS = f"""\
# The settings of the demo with pages: a made-up company, the same each time.
[products.{PRODUCT}]
report = "reports/{PRODUCT}_{{date}}.csv"
mode = "flag"

[products.{PRODUCT}.columns]
uid = "UID"
is_product_enabled = "is_product_enabled"
merchant_name = "Merchant"
csm_name = "CSM"
csm_email = "CSM email"
region = "Region"
gmv = "GMV"
revenue = "Revenue"

[cases]
lost_after_days = 30
holdout = {HOLDOUT}

[messages]
account_url = "https://crm.example/accounts/{{uid}}"

[people."Tomasz Wierzba"]
manager = "Lee Park"

[people."Dana Ortiz"]
manager = "Lee Park"

[crm.files]
path = "activities.csv"
"""
# Of a message: whether its CSM says that it was useful, and whether they say anything.
_ANSWERED, _USEFUL = 0.35, 0.8
# Days before the last on which a report came incomplete, or upside down; a person decides about those.
_HALF_LOADED, _UPSIDE_DOWN = 1, 47
_CONTACTS = ("external_id", "kind", "uid", "owner_email", "occurred_at")


def make_history(folder: Path, now: dt.datetime, tell: Callable[[], None]) -> None:
    """A workspace whose last report is of the last full hour. `tell` hears of each day that is
    done. Raises
    UsageError where there is a workspace."""
    make_workspace(folder, _SETTINGS)
    (folder / "reports").mkdir()
    last = now.replace(minute=0, second=0, microsecond=0)
    chance, contacts = random.Random(7), _Contacts(folder / "activities.csv")  # noqa: S311 (made up)
    before: Day | None = None
    for day in days():
        at = last - dt.timedelta(days=DAYS - 1 - day.number)
        report = _write(folder, day, at)
        with open_workspace(folder, now=at, output=io.StringIO()) as workspace:
            _say(workspace, before, at)
            outcome = workspace.pull(PRODUCT, report, at)
            if outcome.status == "held" and day.number < DAYS - 1 - _HALF_LOADED:
                workspace.reject(outcome.pull_id or 0, "The export had the flag the wrong way round", by="Lee Park")
            _rate(workspace, at, chance)
        contacts.add(day, at)
        before = day
        tell()
    contacts.write(until=now)
    with open_workspace(folder, now=last) as workspace:
        list(workspace.gather_activities())


def _write(folder: Path, day: Day, at: dt.datetime) -> Path:
    path = folder / "reports" / f"{PRODUCT}_{at:%Y-%m-%dT%H%MZ}.csv"
    rows = day.rows
    if day.number == DAYS - 1 - _HALF_LOADED:
        rows = [row for row in rows if row[4] not in ("APAC", "LATAM")]
    elif day.number == DAYS - 1 - _UPSIDE_DOWN:
        rows = [(*row[:-1], "false" if row[-1] == "true" else "true") for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    return path


def _say(workspace: Workspace, before: Day | None, at: dt.datetime) -> None:
    """What CSMs said since the report of the day before."""
    for said in before.said if before else ():
        moment = at - dt.timedelta(days=1) + said.after
        workspace.claim(said.uid, said.outcome, said.csm, reason=said.reason, at=moment)


def _rate(workspace: Workspace, at: dt.datetime, chance: random.Random) -> None:
    # Their keys are of chance: what they are about is not.
    sent = Message.objects.filter(sent_at=at).annotate(about=Min("notifications__uid"))
    for message in sent.order_by("address", "about"):
        if chance.random() < _ANSWERED:
            actor = Actor(message.address, message.recipient.partition(" <")[0], message.address)
            rate(workspace.settings, message.key, chance.random() < _USEFUL, actor, at + dt.timedelta(hours=3))


class _Contacts:
    """The file that the company's CRM exports."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[tuple[str, str, str, str, dt.datetime]] = []

    def add(self, day: Day, at: dt.datetime) -> None:
        for contact in day.contacts:
            email = f"{contact.csm.lower().replace(' ', '.')}@northlane.example"
            number = f"CRM-{len(self._rows) + 1}"
            self._rows.append((number, contact.kind, contact.uid, email, at + contact.after))

    def write(self, until: dt.datetime) -> None:
        with self._path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_CONTACTS)
            writer.writerows((*row[:4], f"{row[4]:%Y-%m-%dT%H:%M:%SZ}") for row in self._rows if row[4] <= until)

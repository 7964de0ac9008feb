"""The programme that docs/impact.md works through: 1,300 churns in two weeks of November, one in five held out."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from winback import make_workspace, open_workspace
from winback.core.claims import NewClaim
from winback.core.holdout import arm_of
from winback.store.claims import record_claims

SETTINGS = """
[products.payments]
report = "unused.csv"
[products.payments.guard]
max_churn = 1.0
max_wins = 1.0
max_group = 1.0
[cases]
holdout = 0.2
[workspace]
currency = "EUR"
"""
AT = "2026-12-20"
CASES = 1300
# Of those messaged 41 in a hundred come back, of the others 30; days since the churn, and how many wait so long.
SHARES = {"messaged": 0.41, "held_out": 0.30}
RETURNS = ["2026-11-04", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30", "2026-12-14"]
COLUMNS = ("uid", "merchant_name", "csm_name", "region", "gmv", "revenue", "is_product_enabled")


class Account:
    def __init__(self, number: int, rng: random.Random) -> None:
        self.uid = f"S-{number:04}"
        self.churns = "never" if number >= CASES else "2026-11-02" if number % 2 else "2026-11-09"
        later = [day for day in RETURNS if day > self.churns]
        is_back = rng.random() < SHARES[arm_of("payments", self.uid, 0.2)]
        self.returns = rng.choices(later, weights=range(len(later), 0, -1))[0] if is_back and later else "never"
        # One in twenty of those is off again a week later.
        self.churns_again = rng.random() < 0.05
        self.fixed = (f"Shop {number}", ("Dana Ortiz", "Lee Park")[number % 2], ("EMEA", "APAC")[number % 3 == 0])
        self.revenue = 20 + rng.randrange(200)

        # One in five of those messaged is claimed as won by its CSM, the day after; some of these claims come true.
        is_told = number < CASES and arm_of("payments", self.uid, 0.2) == "messaged"
        self.is_claimed = is_told and random.Random(number).random() < 0.2

    def claim(self) -> NewClaim:
        claimed_at = datetime.fromisoformat(self.churns).replace(tzinfo=UTC) + timedelta(days=1)
        return NewClaim(f"example:{self.uid}", self.uid, "won", self.fixed[1], None, claimed_at, "file", "payments")

    def row(self, on: str) -> tuple[object, ...]:
        is_on = on < self.churns or on >= self.returns
        is_off_again = self.churns_again and self.returns < "2026-12" and on >= "2026-12-07"
        return self.uid, *self.fixed, self.revenue * 12, self.revenue, is_on and not is_off_again


def make_example(folder: Path) -> None:
    """A workspace in which all of it has happened."""
    make_workspace(folder, SETTINGS)
    rng = random.Random(2026)
    accounts = [Account(number, rng) for number in range(CASES + 200)]
    days = sorted({"2026-11-01", "2026-11-02", *RETURNS, "2026-12-07"})
    with open_workspace(folder, now=datetime(2026, 12, 20, tzinfo=UTC)) as workspace:
        for day in days:
            report = folder / f"payments_{day}.csv"
            with report.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([COLUMNS, *(account.row(day) for account in accounts)])
            workspace.pull("payments", report, day, messages=False)
        record_claims([account.claim() for account in accounts if account.is_claimed], workspace.now())

"""A made-up company: 600 merchants, 12 CSMs, 90 days. The same each time; nothing in it is anybody's."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from winback.core.claims import Outcome
from winback.core.holdout import arm_of

PRODUCT, HOLDOUT, DAYS = "payments", 0.15, 90
# Region → its CSMs, each with the share of churned accounts that they bring back, and the hours they take to call.
_TEAMS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "EMEA": (
        ("Amara Okafor", 0.72, 9),
        ("Ingrid Solheim", 0.58, 20),
        ("Tomasz Wierzba", 0.44, 41),
        ("Dana Ortiz", 0.66, 14),
    ),
    "AMER": (("Bruno Falcão", 0.38, 55), ("Grace Lindqvist", 0.61, 18), ("Marcus Bell", 0.52, 30)),
    "APAC": (("Haruka Mori", 0.69, 11), ("Priya Raman", 0.55, 26), ("Wei Jun Tan", 0.47, 36)),
    "LATAM": (("Lucía Fernández", 0.5, 28), ("Rafael Prado", 0.41, 48)),
}
_FIRST = "Acorn Amber Blue Brook Cedar Copper Coral Delta Ember Falcon Fern Golden Harbor Iron Juniper Lark Maple North"
_LAST = "Bakery Books Cafe Clinic Cycles Dental Fitness Florist Foods Garage Grocers Hotel Kitchen Market Optics"
_ENDINGS = ("", " & Sons", " Ltd", " GmbH", " Co-op")
_CHURNS_A_DAY, _NEW_A_DAY, _BACK_WITHOUT_US = 0.007, 0.35, 0.22
# Merchants who have not adopted the product yet.
_NOT_YET = 0.12
_REASONS_WON = ("Issue resolved", "Re-trained", "Commercial offer", "Other")
_REASONS_LOST = ("Price", "Competitor", "Missing feature", "Out of business", "Other")


@dataclass
class Account:
    uid: str
    merchant: str
    csm: str
    region: str
    gmv: int
    is_enabled: bool = True
    is_back_on: int | None = None

    def row(self) -> tuple[str, ...]:
        """As the report has it."""
        email = f"{self.csm.lower().replace(' ', '.')}@northlane.example"
        amounts = (f"{self.gmv}.00", f"{self.gmv * 0.012:.2f}")
        return (self.uid, self.merchant, self.csm, email, self.region, *amounts, str(self.is_enabled).lower())


HEADER = ("UID", "Merchant", "CSM", "CSM email", "Region", "GMV", "Revenue", "is_product_enabled")


@dataclass(frozen=True)
class Said:
    """What a CSM claims, and when, after the report of a day."""

    uid: str
    outcome: Outcome
    csm: str
    reason: str
    after: dt.timedelta


@dataclass(frozen=True)
class Contact:
    """What the CRM shows: a CSM's call, e-mail or meeting."""

    kind: str
    uid: str
    csm: str
    after: dt.timedelta


@dataclass
class Day:
    """What the report of a day shows, and what people do until the next."""

    number: int
    rows: list[tuple[str, ...]]
    said: list[Said] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def days() -> Iterator[Day]:
    chance = random.Random(20)  # noqa: S311 (a made-up world, no secret)
    skills = {name: (wins, hours) for team in _TEAMS.values() for name, wins, hours in team}
    accounts = [_account(number, chance) for number in range(600)]
    claims: dict[int, list[Said]] = {}
    for number in range(DAYS):
        day = Day(number, [])
        if number:
            if chance.random() < _NEW_A_DAY:
                accounts.append(_account(len(accounts), chance))
            for account in accounts:
                _live(account, day, claims, skills[account.csm], chance)
        day.rows = [account.row() for account in accounts]
        day.said = claims.pop(number, [])
        yield day


def _account(number: int, chance: random.Random) -> Account:
    region = chance.choices(list(_TEAMS), weights=(40, 28, 20, 12))[0]
    merchant = f"{chance.choice(_FIRST.split())} {chance.choice(_LAST.split())}{chance.choice(_ENDINGS)}"
    csm = chance.choice(_TEAMS[region])[0]
    account = Account(f"M-{1000 + number}", merchant, csm, region, round(chance.lognormvariate(8.6, 1.1)))
    if chance.random() < _NOT_YET:
        account.is_enabled, account.is_back_on = False, chance.randrange(2, 2 * DAYS)
    return account


def _live(
    account: Account, day: Day, claims: dict[int, list[Said]], skill: tuple[float, float], chance: random.Random
) -> None:
    """A day of an account."""
    if not account.is_enabled:
        if account.is_back_on == day.number:
            account.is_enabled, account.is_back_on = True, None
        return
    if chance.random() < _CHURNS_A_DAY:
        account.is_enabled = False
        _be_missed(account, day, claims, skill, chance)


def _be_missed(
    account: Account, day: Day, claims: dict[int, list[Said]], skill: tuple[float, float], chance: random.Random
) -> None:
    """Whether anybody calls, whether the account comes back, and what its CSM says of it."""
    wins, hours = skill
    is_held_out = arm_of(PRODUCT, account.uid, HOLDOUT) == "held_out"
    is_called = not is_held_out and chance.random() < min(0.95, wins + 0.2)
    comes_back = chance.random() < (wins if is_called else _BACK_WITHOUT_US)
    wait = 1 + round(chance.expovariate(1 / (5 if is_called else 9)))
    account.is_back_on = day.number + wait if comes_back else None
    if is_called:
        after = dt.timedelta(hours=chance.expovariate(1 / hours) + 0.5)
        day.contacts.append(
            Contact(chance.choice(("call", "call", "email", "meeting")), account.uid, account.csm, after)
        )
    claim = _claim(account, is_called, comes_back, chance)
    if claim is not None:
        said_on = day.number + (max(1, wait - 1) if comes_back else 4)
        claims.setdefault(said_on, []).append(claim)


def _claim(account: Account, is_called: bool, comes_back: bool, chance: random.Random) -> Said | None:
    """Most wins are claimed, some too early, and some losses are owned up to."""
    after = dt.timedelta(hours=chance.uniform(1, 8))
    if is_called and chance.random() < (0.7 if comes_back else 0.12):
        return Said(account.uid, "won", account.csm, chance.choice(_REASONS_WON), after)
    if is_called and not comes_back and chance.random() < 0.35:
        return Said(account.uid, "lost", account.csm, chance.choice(_REASONS_LOST), after)
    return None

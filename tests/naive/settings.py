"""What of a workspace's settings the rules of §1-§5 and §7 depend on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

Mode = Literal["flag", "presence"]
Vanished = Literal["keep", "churn"]


class Refused(Exception):
    """What was asked for breaks a rule; nothing has changed."""


@dataclass(frozen=True)
class Guard:
    """Shares of R3.8-R3.11. `max_missing` None: 0.20, in presence mode 0.50."""

    max_rejected: float = 0.01
    max_missing: float | None = None
    max_churn: float = 0.10
    max_wins: float = 0.10
    max_new: float = 0.50
    max_group: float = 0.50
    min_accounts: int = 10


@dataclass(frozen=True)
class Hours:
    """When people work; Monday is 0."""

    open: time = time(8, 30)
    close: time = time(17, 30)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    closed_on: tuple[date, ...] = ()


@dataclass(frozen=True)
class Settings:
    product: str = "payments"
    mode: Mode = "flag"
    vanished: Vanished = "keep"
    lost_after: timedelta | None = timedelta(days=90)
    guard: Guard = field(default_factory=Guard)
    second: tuple[int, int] = (2, 3)
    final: tuple[int, int] = (4, 6)
    tz: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    at_time: time = time(0)
    decimal: str = "."
    holdout: float = 0.0
    stop_when_engaged: bool = True
    recovery_days: int = 14
    claim_days: int = 30
    hours: Hours | None = None

    @property
    def max_missing(self) -> float:
        if self.guard.max_missing is not None:
            return self.guard.max_missing
        return 0.20 if self.mode == "flag" else 0.50


def exact(share: float) -> Fraction:
    """0.1 as one tenth, not as the binary number nearest to it."""
    return Fraction(str(share))

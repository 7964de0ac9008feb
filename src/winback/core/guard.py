"""Whether a report can be believed (rules.md R3.8–R3.11): numbers in, findings out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

# rules.md R3.11: groups with more than this many accounts enabled in the last applied report.
GROUP_MINIMUM = 20
# "or all of at least 5"
_ALL_OF = 5
_SAID = 5


class Limits(Protocol):
    """Shares between 0 and 1; `min_accounts`: a share counts above this many accounts."""

    @property
    def max_rejected(self) -> float: ...
    @property
    def max_missing(self) -> float: ...
    @property
    def max_churn(self) -> float: ...
    @property
    def max_wins(self) -> float: ...
    @property
    def max_new(self) -> float: ...
    @property
    def max_group(self) -> float: ...
    @property
    def min_accounts(self) -> int: ...


@dataclass(frozen=True)
class Group:
    """A region or CSM: `total` accounts enabled in the last applied report, `counted` of them churned or missing."""

    dimension: str
    name: str
    counted: int
    total: int


@dataclass(frozen=True)
class Figures:
    """What comparing a report with the history gave, in accounts."""

    in_last_report: int
    enabled_in_last_report: int
    missing: int
    churned: int
    churned_of_last_report: int
    won: int
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A limit that a report passes. `limit` is a share; None where the rule has no share."""

    rule: str
    subject: str
    what: str
    counted: int
    total: int
    limit: float | None = None
    group: Group | None = None

    def __str__(self) -> str:
        if self.limit is None:
            return self.what
        share = f"{100 * self.counted / self.total:.1f} %" if self.total else "all"
        return f"{self.what}: {self.counted:,} of {self.total:,} ({share}, limit {100 * self.limit:g} %)"


def summary(findings: list[str]) -> str:
    """What fits into a line: a report whose keys changed fails every check, for every region and CSM."""
    more = f"; and {len(findings) - _SAID} findings more" if findings[_SAID:] else ""
    return "; ".join(findings[:_SAID]) + more


def too_many(counted: int, total: int, share: float, more_than: int) -> bool:
    """Above the share and more than so many accounts, or all of at least five."""
    above = counted > Fraction(str(share)) * total and counted > more_than
    return above or counted >= total >= _ALL_OF


def may_be_a_group(gone: int, limits: Limits) -> bool:
    """Whether so many accounts that churned or went missing may be too many of a region or CSM (rules.md R3.11)."""
    return gone > min(limits.min_accounts, GROUP_MINIMUM)


def judge_reading(rows: int, accepted: int, rejected: int, limits: Limits) -> list[Finding]:
    """rules.md R3.8"""
    if not rows:
        return [Finding("R3.8", "rows", "the report has no rows", 0, 0)]
    if not accepted:
        return [
            Finding(
                "R3.8",
                "rejected",
                f"no row of the report could be accepted ({rejected:,} rejected)",
                rejected,
                rows,
            )
        ]
    if too_many(rejected, rows, limits.max_rejected, limits.min_accounts):
        return [Finding("R3.8", "rejected", "rows rejected", rejected, rows, limits.max_rejected)]
    return []


def judge_changes(figures: Figures, limits: Limits, mode: str) -> list[Finding]:
    """rules.md R3.9–R3.11; not for a baseline, which has nothing to be compared with."""
    last, enabled = figures.in_last_report, figures.enabled_in_last_report
    checks = [
        (
            "R3.9",
            "missing",
            "accounts of the last report that are not in this one",
            figures.missing,
            last,
            limits.max_missing,
        )
    ]
    if mode == "presence":
        checks += [
            (
                "R3.10",
                "churned",
                "accounts newly listed, against the last list",
                figures.churned,
                last,
                limits.max_new,
            )
        ]
    else:
        checks += [
            (
                "R3.10",
                "churned",
                "accounts enabled in the last report that churned",
                figures.churned_of_last_report,
                enabled,
                limits.max_churn,
            ),
            ("R3.10", "won", "accounts won, against the last report", figures.won, last, limits.max_wins),
        ]
    found = [Finding(*check) for check in checks if too_many(check[3], check[4], check[5], limits.min_accounts)]
    return found if mode == "presence" else found + _judge_groups(figures, limits)


def _judge_groups(figures: Figures, limits: Limits) -> list[Finding]:
    return [
        Finding(
            "R3.11",
            "group",
            f"accounts of {group.dimension} {group.name} that churned or went missing",
            group.counted,
            group.total,
            limits.max_group,
            group,
        )
        for group in figures.groups
        if too_many(group.counted, group.total, limits.max_group, limits.min_accounts)
    ]

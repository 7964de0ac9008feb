"""When a pull is held (rules.md R3.8-R3.11)."""

from __future__ import annotations

from .compare import Changes, History
from .reading import Account, Report
from .settings import Settings, exact

FEWEST_FOR_ALL = 5
SMALLEST_GROUP = 21


def too_many(count: int, total: int, share: float, min_accounts: int = 10) -> bool:
    """Above the share and more than `min_accounts`, or all of at least 5."""
    above = count > exact(share) * total and count > min_accounts
    return above or (count >= total and total >= FEWEST_FOR_ALL)


def held_by(before: History | None, report: Report, changes: Changes, settings: Settings) -> list[str]:
    """The numbers of the rules that hold the pull. `before` is None for a baseline."""
    rules = ["R3.8"] if _reads_badly(report, settings) else []
    if before is None:
        return rules
    last_report = {uid for uid, row in before.items() if row.in_last_report}
    if _exceeds(len(changes.missing), len(last_report), settings.max_missing, settings):
        rules.append("R3.9")
    if _changes_too_much(before, last_report, changes, settings):
        rules.append("R3.10")
    if settings.mode == "flag" and _loses_a_group(before, last_report, changes, settings):
        rules.append("R3.11")
    return rules


def _exceeds(count: int, total: int, share: float, settings: Settings) -> bool:
    return too_many(count, total, share, settings.guard.min_accounts)


def _reads_badly(report: Report, settings: Settings) -> bool:
    if not report.accepted:
        return True
    return _exceeds(len(report.rejected), report.rows, settings.guard.max_rejected, settings)


def _changes_too_much(before: History, last_report: set[str], changes: Changes, settings: Settings) -> bool:
    guard = settings.guard
    if settings.mode == "presence":
        return _exceeds(len(changes.churned), len(last_report), guard.max_new, settings)
    enabled = {uid for uid in last_report if before[uid].enabled}
    churned = enabled & set(changes.churned)
    return _exceeds(len(churned), len(enabled), guard.max_churn, settings) or _exceeds(
        len(changes.won), len(last_report), guard.max_wins, settings
    )


def _loses_a_group(before: History, last_report: set[str], changes: Changes, settings: Settings) -> bool:
    gone = set(changes.churned) | set(changes.missing)
    groups: dict[tuple[str, str], set[str]] = {}
    for uid in last_report:
        if before[uid].enabled:
            for group in _groups_of(before[uid].account):
                groups.setdefault(group, set()).add(uid)
    return any(
        _exceeds(len(uids & gone), len(uids), settings.guard.max_group, settings)
        for uids in groups.values()
        if len(uids) >= SMALLEST_GROUP
    )


def _groups_of(account: Account) -> list[tuple[str, str]]:
    csm = account.csm_email.lower() if account.csm_email else account.csm_name
    return [(kind, name) for kind, name in (("region", account.region), ("csm", csm)) if name]

"""The history before, a report, and what follows from the two (rules.md R2.1-R2.5, R3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from .reading import Account, Report
from .settings import Settings


@dataclass(frozen=True)
class HistoryRow:
    account: Account
    enabled: bool
    in_last_report: bool
    last_seen_at: datetime


History = dict[str, HistoryRow]


@dataclass
class Changes:
    history: History
    churned: list[str] = field(default_factory=list)
    won: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def compare(before: History, report: Report, at: datetime, settings: Settings) -> Changes:
    """For the baseline `before` is empty: flag mode has no change then, in presence mode all listed churn."""
    changes = Changes(dict(before))
    for uid, account in report.accepted.items():
        enabled = bool(account.enabled) if settings.mode == "flag" else False
        changes.history[uid] = HistoryRow(account, enabled, in_last_report=True, last_seen_at=at)
        was_enabled = before[uid].enabled if uid in before else _enabled_when_new(enabled, settings)
        _note_change(changes, uid, was_enabled, enabled)
    in_report = report.uids
    for uid, row in before.items():
        if uid not in in_report:
            if row.in_last_report:
                changes.missing.append(uid)
            enabled = _enabled_when_absent(row.enabled, settings)
            changes.history[uid] = replace(row, enabled=enabled, in_last_report=False)
            _note_change(changes, uid, row.enabled, enabled)
    return changes


def _enabled_when_new(enabled: bool, settings: Settings) -> bool:
    """Flag: whatever it is now, so that nothing changes (R2.2). Presence: never listed means enabled."""
    return enabled if settings.mode == "flag" else True


def _enabled_when_absent(was_enabled: bool, settings: Settings) -> bool:
    if settings.mode == "presence":
        return True
    return was_enabled and settings.vanished == "keep"


def _note_change(changes: Changes, uid: str, was_enabled: bool, enabled: bool) -> None:
    if was_enabled and not enabled:
        changes.churned.append(uid)
    if enabled and not was_enabled:
        changes.won.append(uid)

"""The tables of interface.md at a moment T (rules.md R4.3-R4.9): dicts with its columns in its order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from .compare import HistoryRow
from .credit import credit, engaged, engagement, newest_claim
from .episodes import EVERYONE, Filter, Programmes, latest_adoptions, latest_cases, valid_cases
from .programme import Programme
from .reading import Account
from .records import FOLLOW_UPS, Case, Notification, is_won, lost_at, seen_at, state, turnover
from .said_tables import Row, activities, claims, feedback


def hours(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration / timedelta(hours=1), 2)


def _who(programme: Programme, account: Account) -> Row:
    return {"product": programme.settings.product, "uid": account.uid, **_profile(account)}


def _profile(account: Account) -> Row:
    return {
        "merchant_name": account.merchant_name,
        "csm_name": account.csm_name,
        "csm_email": account.csm_email,
        "region": account.region,
        "gmv": account.gmv,
        "revenue": account.revenue,
    }


def _sorted(rows: list[Row], *columns: str) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(str(row[column]) for column in columns))


def history(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """A row has the other columns of every product's reports."""
    kept = [(programme, row) for programme in programmes for row in _kept(programme, at)]
    others = list(dict.fromkeys(name for _, row in kept for name in row.account.other))
    rows = [
        _history_row(programme, row, others)
        for programme, row in kept
        if where.keeps(row.account, row.account)
    ]  # fmt: skip
    return _sorted(rows, "product", "uid")


def _kept(programme: Programme, at: datetime) -> list[HistoryRow]:
    known = [history for pull, history in programme.histories if pull.at <= at]
    return list(known[-1].values()) if known else []


def _history_row(programme: Programme, row: HistoryRow, others: list[str]) -> Row:
    return {
        **_who(programme, row.account),
        "is_product_enabled": row.enabled,
        "in_last_report": row.in_last_report,
        "last_seen_at": row.last_seen_at,
        **{name: row.account.other.get(name) for name in others},
    }


def churns(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    chosen = latest_cases(programmes, at, ("at_risk", "lost"), where)
    return _sorted([_churn_row(programme, case, at) for programme, case in chosen], "product", "churned_at", "uid")


def at_risk(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    return [row for row in churns(programmes, at, where) if row["status"] == "at_risk"]


def _churn_row(programme: Programme, case: Case, at: datetime) -> Row:
    now, claim, done = seen_at(case, at), newest_claim(case, at), engagement(case, at)
    engaged_at = done.occurred_at if done else None
    return {
        **_who(programme, case.frozen),
        "churned_at": case.churned_at,
        "status": state(case, at, programme.settings),
        "lost_at": lost_at(case, at, programme.settings),
        "hours_since_churn": hours(at - case.churned_at),
        "last_stage": _last_stage(programme, case, at),
        "claim": claim.outcome if claim else None,
        "snoozed_until": max(
            (each.until_at for each in case.snoozes if each.set_at <= at < each.until_at), default=None
        ),
        "csm_name_now": now.csm_name,
        "csm_email_now": now.csm_email,
        "gmv_now": now.gmv,
        "revenue_now": now.revenue,
        "engaged_at": engaged_at,
        "hours_to_engage": hours(engaged_at - case.churned_at) if engaged_at else None,
    }


def _last_stage(programme: Programme, case: Case, at: datetime) -> str | None:
    delivered = [
        note
        for note in programme.notifications
        if note.about is case and note.stage in FOLLOW_UPS and note.status == "sent" and note.planned_at <= at
    ]
    return max(delivered, key=lambda note: note.planned_at).stage if delivered else None


def wins(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    rows = [_win_back_row(programme, case, at) for programme, case in latest_cases(programmes, at, ("won",), where)]
    rows += [
        _win_row(programme, adoption.frozen, "new_adoption", adoption.won_at)
        for programme, adoption in latest_adoptions(programmes, at, where)
    ]
    return _sorted(rows, "product", "won_at", "uid")


def _win_back_row(programme: Programme, case: Case, at: datetime) -> Row:
    row = _win_row(programme, case.frozen, "win_back", case.readopted_at)
    return row | {
        "churned_at": case.churned_at,
        "turnover_hours": hours(turnover(case)),
        **_credit(programme, case, at),
    }


def _win_row(programme: Programme, frozen: Account, kind: str, won_at: datetime | None) -> Row:
    times: Row = {"won_at": won_at, "churned_at": None, "turnover_hours": None, **NO_CREDIT}
    return {**_who(programme, frozen), "kind": kind, **times}


NO_CREDIT: Row = {"credit": None, "credit_csm_name": None, "credit_csm_email": None}


def _credit(programme: Programme, case: Case, at: datetime) -> Row:
    found = credit(case, at, programme.settings)
    return NO_CREDIT | dict(zip(NO_CREDIT, (found.kind, *found.csm), strict=True)) if found else NO_CREDIT


def readopted(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    rows = [
        _readopted_row(programme, case, at)
        for programme in programmes
        for case in valid_cases(programme, at)
        if is_won(case, at) and where.keeps_episode(case, at)
    ]
    return _sorted(rows, "product", "churned_at", "uid")


def _readopted_row(programme: Programme, case: Case, at: datetime) -> Row:
    row = _who(programme, case.frozen)
    del row["csm_email"]
    times = {
        "churned_at": case.churned_at,
        "closed_at": case.readopted_at,
        "turnover_hours": hours(turnover(case)),
    }
    return {**row, **times, **_credit(programme, case, at)}


def cases(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """The only table with void cases (R4.7)."""
    rows = [
        _case_row(programme, case, at)
        for programme in programmes
        for case in programme.cases
        if case.churned_at <= at and where.keeps_episode(case, at)
    ]
    return _sorted(rows, "product", "churned_at", "uid")


def _case_row(programme: Programme, case: Case, at: datetime) -> Row:
    now = seen_at(case, at)
    status = state(case, at, programme.settings)
    who, done = _who(programme, case.frozen), engaged(programme, case, at)
    credited = _credit(programme, case, at)
    return {
        "product": who.pop("product"),
        "uid": who.pop("uid"),
        "case_id": None,
        **who,
        "churned_at": case.churned_at,
        "readopted_at": case.readopted_at if is_won(case, at) else None,
        "lost_at": lost_at(case, at, programme.settings),
        "status": status,
        "credit": credited["credit"],
        "engaged_at": done.at if done else None,
        "hours_to_engage": hours(done.hours) if done else None,
        "baseline": case.baseline,
        "silent": case.silent,
        "holdout": case.arm == "held_out",
        "voided_at": case.voided_at,
        "csm_name_now": now.csm_name,
        "csm_email_now": now.csm_email,
        "credit_csm_name": credited["credit_csm_name"],
        "credit_csm_email": credited["credit_csm_email"],
        "working_hours_to_engage": hours(done.working) if done else None,
        "first_message_at": done.message_at if done else None,
        "hours_from_message": hours(done.from_message) if done else None,
        "working_hours_from_message": hours(done.working_from_message) if done else None,
    }


def notifications(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    rows = [
        _notification_row(programme, note)
        for programme in programmes
        for note in programme.notifications
        if note.planned_at <= at and where.keeps(note.about.frozen, note.to)
    ]
    return _sorted(rows, "product", "planned_at", "uid", "stage")


def _notification_row(programme: Programme, note: Notification) -> Row:
    unknown = dict.fromkeys(("channel", "recipient", "message_id"))
    return {
        "product": programme.settings.product,
        "uid": note.about.uid,
        "case_id": None,
        "stage": note.stage,
        "csm_name": note.to.csm_name,
        **unknown,
        "status": note.status,
        "planned_at": note.planned_at,
        "sent_at": None,
        "error": None,
    }


def rejected(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """A rejected row has no region and no CSM to filter by."""
    rows: list[Row] = [
        {
            "pull_id": None,
            "product": programme.settings.product,
            "line": row.line,
            "reason": row.reason,
            "uid": row.uid,
            "content": dict(row.content),
        }
        for programme in programmes
        for pull, row in programme.rejected
        if pull.at <= at
    ]
    return rows


def pulls(programmes: Programmes, at: datetime, where: Filter = EVERYONE) -> list[Row]:
    """A pull has no region and no CSM to filter by."""
    return [
        {
            "pull_id": None,
            "product": programme.settings.product,
            "at": pull.at,
            "status": pull.status,
            "reason": pull.reason,
            "rows": pull.report.rows,
            "accepted": len(pull.report.accepted),
            "rejected": len(pull.report.rejected),
            "churned": pull.churned,
            "won": pull.won,
            "missing": pull.missing,
            "source": None,
            "read_at": None,
            "decided_by": None,
        }
        for programme in programmes
        for pull in programme.pulls
        if pull.at <= at
    ]


Table = Callable[[Programmes, datetime, Filter], list[Row]]
TABLES: dict[str, Table] = {
    "history": history,
    "churns": churns,
    "at_risk": at_risk,
    "wins": wins,
    "readopted": readopted,
    "cases": cases,
    "notifications": notifications,
    "rejected": rejected,
    "pulls": pulls,
    "claims": claims,
    "feedback": feedback,
    "activities": activities,
}

"""One product and what can be done to it: pull, approve, reject, undo, void, notify (rules.md §2-§5)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime

from . import messages
from .answers import Assignment, Csm, Desk, Rating, Snooze
from .compare import Changes, History, compare
from .guard import held_by
from .reading import Account, RawRow, RejectedRow, read_report
from .records import Adoption, Case, Notification, Pull, Sighting, arm_of, reported_at
from .settings import Refused, Settings


class Programme:
    def __init__(self, settings: Settings | None = None, desk: Desk | None = None) -> None:
        """`desk`: what people say, of all products of a workspace."""
        self.settings = settings or Settings()
        self.desk = desk or Desk()
        self.desk.programmes.append(self)
        self.assignments: list[Assignment] = []
        self._numbers = itertools.count(1)
        self.pulls: list[Pull] = []
        self.histories: list[tuple[Pull, History]] = []
        self.cases: list[Case] = []
        self.adoptions: list[Adoption] = []
        self.notifications: list[Notification] = []
        self._can_undo = False

    @property
    def history(self) -> History:
        return self.histories[-1][1] if self.histories else {}

    @property
    def last_applied(self) -> Pull | None:
        return self.histories[-1][0] if self.histories else None

    @property
    def rejected(self) -> list[tuple[Pull, RejectedRow]]:
        return [(pull, row) for pull in self.pulls for row in pull.report.rejected]

    def pull_at(self, at: datetime) -> Pull | None:
        """The newest pull at that moment: an undone one may have a successor."""
        return next((pull for pull in reversed(self.pulls) if pull.at == at), None)

    def pull(
        self,
        at: datetime,
        rows: Sequence[RawRow],
        silent: bool = False,
        send: bool = True,
        now: datetime | None = None,
    ) -> str:
        """`now`: by the clock; the pull's own moment if not given."""
        pull = Pull(at, read_report(rows, self.settings), silent, send)
        for known in reversed(self.pulls):
            if known.at == at and known.report.same_as(pull.report):
                return known.status
        self._refuse_unless_later(at)
        replaced = [known for known in self.pulls if known.at == at and known.status in ("held", "rejected")]
        self.pulls = [known for known in self.pulls if known not in replaced] + [pull]
        changes = self._compare(pull)
        pull.held_by = held_by(self.history if self.histories else None, pull.report, changes, self.settings)
        if not pull.held_by:
            self._apply(pull, changes, now or at)
        return pull.status

    def approve(self, pull: Pull | None, now: datetime | None = None) -> str:
        """R3.12. What was decided so already stays so."""
        if pull is not None and pull.status == "applied" and pull.held_by:
            return pull.status
        held = self._held(pull)
        empty_list = self.settings.mode == "presence" and held.report.rows == 0
        if not held.report.accepted and not empty_list:
            raise Refused("a report with no accepted row can't be approved")
        self._refuse_unless_later(held.at)
        self._apply(held, self._compare(held), now or held.at)
        return held.status

    def reject(self, pull: Pull | None) -> str:
        if pull is not None and pull.status == "rejected":
            return pull.status
        held = self._held(pull)
        held.status = "rejected"
        return held.status

    def undo(self) -> Pull:
        """R3.13; gives the pull that was undone."""
        if not self._can_undo:
            raise Refused("nothing to undo, or undone already")
        pull, _ = self.histories.pop()
        pull.status, self._can_undo = "undone", False
        for claim in self.desk.claims:
            if claim.case is not None and claim.case.opened_by is pull:
                claim.case = None
        self.cases = [case for case in self.cases if case.opened_by is not pull]
        for case in self.cases:
            case.sightings = [sighting for sighting in case.sightings if sighting.pull is not pull]
            if case.closed_by is pull:
                case.readopted_at = case.closed_by = None
        self.adoptions = [adoption for adoption in self.adoptions if adoption.made_by is not pull]
        self.notifications = messages.withdraw(self.notifications, pull)
        return pull

    def void(self, uid: str, now: datetime | None = None) -> Case:
        """R4.7, of the account's newest case not yet void; `now` is the last pull's moment if not given."""
        cases = [case for case in self.cases if case.uid == uid and not case.is_void]
        if not cases or self.last_applied is None:
            raise Refused(f"{uid} has no case to void")
        cases[-1].voided_at = now or self.last_applied.at
        messages.skip_planned(cases[-1], self.notifications)
        return cases[-1]

    def notify(self, now: datetime) -> None:
        messages.send(self.notifications, None, now, now, self.settings)

    # What people say and do

    def snooze(self, uid: str, now: datetime, until: datetime) -> None:
        self._open_case_of(uid).snoozes.append(Snooze(now, until))

    def reassign(self, uid: str, to: Csm, now: datetime) -> None:
        case = self._open_case_of(uid)
        self.assignments.append(Assignment(uid, to, reported_at(case, now), now))
        case.assigned.append((now, to))

    def rate(self, uid: str, csm: Csm, useful: bool, now: datetime) -> None:
        """The newest message about the account that was sent."""
        notes = [note for note in self.notifications if note.about.uid == uid and note.status == "sent"]
        if not notes:
            raise Refused(f"nothing was said about {uid}")
        notes[-1].ratings[csm] = Rating(notes[-1], csm, useful, now)

    def _open_case_of(self, uid: str) -> Case:
        case = next((case for case in self.cases if case.uid == uid and case.is_open and not case.is_void), None)
        if case is None:
            raise Refused(f"{uid} has no open case")
        return case

    def _refuse_unless_later(self, at: datetime) -> None:
        if self.last_applied is not None and at <= self.last_applied.at:
            raise Refused(f"{at} is not later than the last applied pull, {self.last_applied.at}")

    def _held(self, pull: Pull | None) -> Pull:
        if pull is None or pull not in self.pulls or pull.status != "held":
            raise Refused("only a held pull can be decided on")
        return pull

    def _compare(self, pull: Pull) -> Changes:
        changes = compare(self.history, pull.report, pull.at, self.settings)
        pull.churned, pull.won, pull.missing = len(changes.churned), len(changes.won), len(changes.missing)
        return changes

    def _apply(self, pull: Pull, changes: Changes, now: datetime) -> None:
        baseline, before = not self.histories, self.history
        self.histories.append((pull, changes.history))
        pull.status, self._can_undo = "applied", True
        for uid in changes.churned:
            self._open_case(uid, pull, before, baseline)
        self._note_sightings(pull)
        self._carry_assignments(pull)
        for uid in changes.won:
            self._win(uid, pull, before)
        if not pull.silent:
            messages.plan_follow_ups(pull, self.cases, self.notifications, self.settings)
        if pull.sends:
            messages.send(self.notifications, pull, pull.at, max(now, pull.at), self.settings)

    def _open_case(self, uid: str, pull: Pull, before: History, baseline: bool) -> None:
        frozen = before[uid].account if self.settings.mode == "flag" else pull.report.accepted[uid]
        churned_at = self._moment(uid, pull, before)
        silent = baseline or pull.silent
        arm = None if silent else arm_of(uid, self.settings)
        case = Case(frozen, churned_at, pull, baseline, silent, arm)
        case.product, case.number, case.desk = self.settings.product, next(self._numbers), self.desk
        self.cases.append(case)

    def _note_sightings(self, pull: Pull) -> None:
        """R4.8: the report that opens a case and the one that closes it included."""
        for case in self.cases:
            if case.is_open and case.uid in pull.report.accepted:
                case.sightings.append(Sighting(pull, pull.report.accepted[case.uid]))

    def _carry_assignments(self, pull: Pull) -> None:
        """R4.8: an account that was given to somebody stays theirs while the reports name whom they named then."""
        for case in self.cases:
            newest = [given for given in self.assignments if given.uid == case.uid][-1:]
            frozen = (case.frozen.csm_name or None, case.frozen.csm_email or None)
            if case.opened_by is pull and newest and newest[0].reported == frozen == reported_at(case, pull.at):
                case.assigned.insert(0, (case.churned_at, newest[0].to))

    def _win(self, uid: str, pull: Pull, before: History) -> None:
        won_at = self._moment(uid, pull, before)
        case = next((case for case in self.cases if case.uid == uid and case.is_open), None)
        if case is None:
            adoption = Adoption(pull.report.accepted[uid], won_at, pull)
            self.adoptions.append(adoption)
            messages.announce_adoption(pull, adoption, self.notifications)
        else:
            case.readopted_at, case.closed_by = won_at, pull
            messages.announce_win_back(pull, case, self.notifications)

    def _moment(self, uid: str, pull: Pull, before: History) -> datetime:
        """R2.6: the account's own `changed_at` where it can be true, else the pull's moment."""
        account: Account | None = pull.report.accepted.get(uid)
        claimed = account.changed_at if account else None
        if claimed is None or claimed > pull.at:
            return pull.at
        seen_already = uid in before and claimed <= before[uid].last_seen_at
        before_last_change = any(claimed < moment for moment in self._changes_of(uid))
        return pull.at if seen_already or before_last_change else claimed

    def _changes_of(self, uid: str) -> list[datetime]:
        cases = [case for case in self.cases if case.uid == uid]
        closed = [case.readopted_at for case in cases if case.readopted_at is not None]
        won = [adoption.won_at for adoption in self.adoptions if adoption.uid == uid]
        return [case.churned_at for case in cases] + closed + won

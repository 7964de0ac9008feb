"""What must hold of the naive model whatever is done to it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from hypothesis import HealthCheck, given, settings

from tests.histories import scripts
from tests.steps import Script, UndoStep

from .episodes import EVERYONE
from .figures import BANDS
from .kpis import kpis
from .period import period_kpis
from .play import play, take
from .programme import Programme
from .records import FOLLOW_UPS
from .said_tables import Row
from .tables import TABLES

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

FAR = datetime(2029, 1, 1, tzinfo=UTC)


def table(programme: Programme, name: str, at: datetime) -> list[Row]:
    return TABLES[name]([programme], at, EVERYONE)


def moments(programme: Programme) -> list[datetime]:
    pulled = [pull.at for pull in programme.pulls]
    return [at + later for at in pulled for later in (timedelta(0), timedelta(hours=-7), timedelta(days=92))]


@slow
@given(scripts())
def test_an_account_is_in_one_state_at_a_time(script: Script) -> None:
    programme = play(script)
    opened = Counter(case.uid for case in programme.cases if case.is_open)
    assert all(count == 1 for count in opened.values())
    for at in moments(programme):
        churned = Counter(row["uid"] for row in table(programme, "churns", at))
        won = Counter(row["uid"] for row in table(programme, "wins", at))
        assert all(count == 1 for count in (churned + won).values())
        assert {row["uid"] for row in table(programme, "at_risk", at)} <= churned.keys()


@slow
@given(scripts())
def test_episodes_of_an_account_follow_one_another(script: Script) -> None:
    programme = play(script)
    for uid in {case.uid for case in programme.cases}:
        ends = [adoption.won_at for adoption in programme.adoptions if adoption.uid == uid]
        for case in (case for case in programme.cases if case.uid == uid):
            assert all(end is not None and end <= case.churned_at for end in ends)
            assert case.readopted_at is None or case.churned_at <= case.readopted_at
            ends = [cast("datetime", case.readopted_at)]


@slow
@given(scripts(mode="flag"))
def test_open_cases_are_of_accounts_that_are_not_enabled(script: Script) -> None:
    programme = play(script)
    for case in programme.cases:
        if case.is_open:
            assert not programme.history[case.uid].enabled


@slow
@given(scripts(mode="presence"))
def test_in_presence_mode_a_case_is_open_for_just_those_listed(script: Script) -> None:
    programme = play(script)
    listed = {uid for uid, row in programme.history.items() if row.in_last_report}
    assert listed == {uid for uid, row in programme.history.items() if not row.enabled}
    assert listed == {case.uid for case in programme.cases if case.is_open}
    assert programme.adoptions == []


@slow
@given(scripts())
def test_bands_add_up_and_within_is_cumulative(script: Script) -> None:
    programme = play(script)
    for at in moments(programme)[-3:]:
        document = cast("dict[str, Any]", kpis([programme], at))
        for measure in [*(document[name] for name in ("at_risk", "churned", "won", "recovered"))]:
            check_bands(measure)
        assert document["at_risk"]["accounts"] == sum(row["at_risk"] for row in document["by_csm"])


def check_bands(measure: dict[str, Any]) -> None:
    bands = [measure["by_time"][name] for name, _ in BANDS]
    for what in ("accounts", "gmv", "revenue"):
        so_far = Decimal(0)
        for band in bands:
            so_far += Decimal(band[what])
            assert Decimal(band["within"][what]) == so_far
        assert so_far == Decimal(measure[what])


@slow
@given(scripts())
def test_one_period_for_ever_holds_every_episode(script: Script) -> None:
    programme = play(script)
    document = cast("dict[str, Any]", period_kpis([programme], FAR - timedelta(days=4000), FAR))
    valid = [case for case in programme.cases if not case.is_void]
    assert document["churns"]["accounts"] == len(valid)
    assert document["win_backs"]["accounts"] == sum(not case.is_open for case in valid)
    assert document["new_adoptions"]["accounts"] == len(programme.adoptions)


@slow
@given(scripts())
def test_follow_ups_come_once_and_in_order(script: Script) -> None:
    programme = play(script)
    for case in programme.cases:
        notes = [note for note in programme.notifications if note.about is case and note.stage in FOLLOW_UPS]
        counted = [note for note in notes if note.status != "skipped" and not note.corrected]
        ranks = [FOLLOW_UPS.index(note.stage) for note in sorted(counted, key=lambda note: note.planned_at)]
        assert ranks == sorted(set(ranks))
        assert sum(note.status == "planned" for note in counted) <= 1
        assert not (case.silent and notes)


@slow
@given(scripts())
def test_undo_leaves_every_table_as_it_was(script: Script) -> None:
    """Messages, and so the last stage, and the log of pulls apart."""
    programme = Programme(script.settings)
    for step in script.steps:
        last, before = programme.last_applied, snapshot(programme)
        take(programme, step)
        if programme.last_applied is not last and not isinstance(step, UndoStep):
            again = snapshot(programme)
            take(programme, UndoStep())
            assert snapshot(programme) == before
            assert take(programme, UndoStep()) == "refused"
            if again != before:
                return


def snapshot(programme: Programme) -> list[list[Row]]:
    names = ["history", "at_risk", "wins", "readopted", "cases"]
    return [[row | {"last_stage": None} for row in table(programme, name, FAR)] for name in names]

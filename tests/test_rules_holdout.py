"""rules.md R6.6: a share of accounts that nobody is told of, drawn once and for all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.programme import LENIENT, Programme, accounts, day, rows
from winback.core.holdout import arm_of
from winback.store.at_risk import at_risk_of
from winback.store.models import Case
from winback.store.outbox import Run
from winback.tables import Query, read_table

pytestmark = pytest.mark.only_on("sqlite", "postgresql")
HALF = "[cases]\nholdout = 0.5\n"
MANY = 24
ON, OFF = accounts(MANY), accounts(MANY, "-")
# As a spreadsheet would draw them: SHA-256 of "payments", a zero byte and the UID; its first 16 digits below 8000….
HELD_OUT = {f"m{number}" for number in range(MANY) if arm_of("payments", f"m{number}", 0.5) == "held_out"}
BUNDLED = "[messages]\nbundle_over = 1\n"


def churned(folder: Path, settings: str = HALF, **options: bool) -> Programme:
    """All accounts churned on day 2."""
    programme = Programme(folder, settings + LENIENT)
    programme.pull(1, f"{ON} other+")
    programme.pull(2, f"{OFF} other+", **options)
    return programme


def arms(programme: Programme) -> set[tuple[str | None, float | None]]:
    with programme.open():
        return set(Case.objects.values_list("arm", "holdout_share"))


def held_out(programme: Programme) -> set[str]:
    return {row["uid"] for row in programme.table("cases") if row["holdout"]}


@pytest.mark.rule("R6.6")
def test_who_is_held_out_is_the_same_everywhere_and_for_ever() -> None:
    """Computed apart from this program, with sha256sum."""
    first_digits = {"a": 0x4EDCE30C, "b": 0x4049F6AA, "c": 0xB475C354, "i": 0x0F9D6639}
    for uid, digits in first_digits.items():
        assert arm_of("payments", uid, digits / 2**32) == "messaged"
        assert arm_of("payments", uid, (digits + 1) / 2**32) == "held_out"
    assert arm_of("payments", "a", 0.0) == "messaged"
    assert arm_of("payments", "a", 1.0) == "held_out"


@pytest.mark.rule("R6.6")
def test_a_larger_share_keeps_those_of_a_smaller_one_and_products_are_drawn_apart() -> None:
    few, more, of_loans = (
        {uid for uid in map(str, range(20_000)) if arm_of(product, uid, share) == "held_out"}
        for product, share in (("payments", 0.1), ("payments", 0.2), ("loans", 0.1))
    )
    assert few < more
    assert 1_850 < len(few) < 2_150
    assert 3_800 < len(more) < 4_200
    assert 140 < len(few & of_loans) < 260


@pytest.mark.rule("R6.6", "R5.2")
def test_held_out_cases_get_no_message_at_any_age(tmp_path: Path) -> None:
    programme = churned(tmp_path, HALF + BUNDLED)
    for number in (4, 6, 40):
        programme.pull(number, f"{OFF} other+")
    assert held_out(programme) == HELD_OUT
    assert 5 < len(HELD_OUT) < 19
    assert {uid for uid, _ in programme.stages()} == {f"m{number}" for number in range(MANY)} - HELD_OUT
    assert {stage for _, stage in programme.stages("sent")} == {"first", "second", "final"}
    assert not any(f"{uid}\n" in message.text for message in programme.messages for uid in HELD_OUT)
    assert arms(programme) == {("messaged", 0.5), ("held_out", 0.5)}


@pytest.mark.rule("R6.6", "R5.4")
def test_whether_a_case_is_held_out_is_looked_at_again_before_it_is_sent(tmp_path: Path) -> None:
    programme = churned(tmp_path, BUNDLED, messages=False)
    with programme.open():
        Case.objects.filter(uid__in=HELD_OUT).update(arm="held_out")
    programme.notify()
    assert {uid for uid, _ in programme.stages("sent")} == {f"m{number}" for number in range(MANY)} - HELD_OUT
    assert {uid for uid, _ in programme.stages("skipped")} == HELD_OUT


@pytest.mark.rule("R6.6")
def test_a_held_out_account_that_returns_is_won_and_nobody_is_told(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    programme.told()
    programme.pull(3, f"{ON} other+")
    assert set(programme.uids("wins")) == {f"m{number}" for number in range(MANY)}
    assert {uid for uid, stage in programme.stages("sent") if stage == "readopted"} & HELD_OUT == set()


@pytest.mark.rule("R6.6", "R2.1")
def test_the_baseline_and_silent_cases_are_outside(tmp_path: Path) -> None:
    programme = Programme(tmp_path, HALF + LENIENT, product='mode = "presence"')
    programme.pull(1, "a b c d e f")
    programme.file("a b c d e f g h i j k", "past_2026-11-02.csv")
    programme.backfill("past_{date}.csv", now=3)
    assert len(programme.table("cases")) == 11
    assert arms(programme) == {(None, None)}
    assert held_out(programme) == set()


@pytest.mark.rule("R6.6")
def test_a_case_keeps_the_arm_and_share_it_was_drawn_with(tmp_path: Path) -> None:
    programme = churned(tmp_path, "")
    programme.set(HALF + LENIENT)
    programme.pull(4, f"{OFF} other-")
    assert arms(programme) - {("messaged", 0.5), ("held_out", 0.5)} == {(None, None)}
    assert len({uid for uid, stage in programme.stages() if stage == "second"}) == MANY


@pytest.mark.rule("R6.6", "R3.13")
def test_what_is_pulled_again_after_an_undo_is_drawn_alike(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    outcome = programme.pull(3, f"{OFF} other-")
    programme.undo(outcome)
    programme.pull(4, f"{OFF} other- new+")
    assert held_out(programme) - {"other"} == HELD_OUT
    assert ("other" in held_out(programme)) == (arm_of("payments", "other", 0.5) == "held_out")


@pytest.mark.rule("R6.6")
def test_held_out_cases_are_kept_from_the_home_tab_until_day_30(tmp_path: Path) -> None:
    """The Home tab, /winback and what is left over of a bundle all show this list."""
    programme = churned(tmp_path)
    everybody = {f"m{number}" for number in range(MANY)}
    assert seen_at(programme, 31.999) == everybody - HELD_OUT
    assert seen_at(programme, 32) == everybody


def seen_at(programme: Programme, number: float) -> set[str]:
    at = day(number)
    with programme.open(at) as workspace:
        run = Run(clock=at, now=at, lost_after=workspace.settings.cases.lost_after, stop_when_engaged=True)
        entries, total = at_risk_of(None, run, 2 * MANY)
    assert total == len(entries)
    return {entry.uid for entry in entries}


@pytest.mark.rule("R6.6")
def test_held_out_cases_are_not_among_those_that_nobody_has_contacted_until_day_30(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    everybody = {f"m{number}" for number in range(MANY)}
    assert set(programme.uids("at_risk", 5)) == everybody
    assert uncontacted(programme, 31) == everybody - HELD_OUT
    assert uncontacted(programme, 32) == everybody


def uncontacted(programme: Programme, number: int) -> set[str]:
    query = Query(day(number), uncontacted_for=timedelta(hours=48))
    with programme.open() as workspace:
        table = read_table(workspace.settings, "at_risk", query)
        return {row[1] for batch in table.batches for row in batch}


@pytest.mark.rule("R6.6", "R4.8")
def test_whoever_gets_held_out_cases_from_a_colleague_is_not_told_of_them(tmp_path: Path) -> None:
    programme = Programme(tmp_path, HALF + LENIENT)
    owners = {"csm_name": "Dana"}
    others = {"csm_name": "Lee"}
    programme.pull(1, [*rows(f"{ON} z+", owners), *rows("x+ y+", others)])
    programme.pull(2, [*rows(f"{OFF} z+", owners), *rows("x- y+", others)])
    numbers = programme.column("cases", "case_id")
    programme.told()
    hidden = [numbers[uid] for uid in sorted(HELD_OUT)]
    with programme.open(3) as workspace:
        given = workspace.reassign(hidden, "Lee")
        assert {each.text for each in given} == {"is Lee's now; it is held out, and they are not told of it"}
        workspace.notify()
    assert programme.told() == []
    with programme.open(33) as workspace:
        assert {each.text for each in workspace.reassign(hidden, "Dana")} == {"is Dana's now"}
        workspace.notify()
    assert len(programme.told()) == 1

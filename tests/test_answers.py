"""What people answer: who may, what it changes, and that each answer counts once (rules.md R4.2, R4.8, R5.2, R6.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programme import Programme, day, rows
from winback import Workspace, answers
from winback.answers import Actor, AnswerRefused, NotAllowed
from winback.core.claims import Outcome
from winback.store.models import Case

DANA, LEE, STRANGER = Actor("U1", "Dana"), Actor("U2", "Lee"), Actor("U9", "Sam")
OF_DANA = {"csm_name": "Dana", "merchant_name": "Alder"}
OTHERS = "b+ c+ d+ e+ f+ g+ h+ i+ j+ k+ l+ m+ n+"


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Of Dana's account `a`, which churned on day 2."""
    programme = Programme(tmp_path, '[people.Dana]\nmanager = "Lee"\n[alerts]\nto = ["#ops"]')
    programme.pull(1, rows(f"a+ {OTHERS}", OF_DANA))
    programme.pull(2, rows(f"a- {OTHERS}", OF_DANA))
    programme.told()
    return programme


@contextmanager
def case_of(programme: Programme, uid: str = "a") -> Iterator[tuple[Workspace, int]]:
    with programme.open() as workspace:
        yield workspace, Case.objects.filter(uid=uid).order_by("-churned_at").values_list("pk", flat=True)[0]


def follow(programme: Programme, number: int, sign: str = "-") -> list[str]:
    """Stages that were sent by the end of another day."""
    programme.pull(number, rows(f"a{sign} {OTHERS}", OF_DANA))
    return [stage for uid, stage in programme.stages("sent") if uid == "a"]


def reach_out(programme: Programme, actor: Actor, at: dt.datetime, key: str = "k1") -> str:
    with case_of(programme) as (workspace, case):
        return answers.reach_out(workspace.settings, case, actor, at, key)


def claim(programme: Programme, outcome: Outcome, at: dt.datetime, key: str = "k1", reason: str = "Other") -> str:
    with case_of(programme) as (workspace, case):
        return answers.claim(workspace.settings, case, outcome, reason, None, DANA, at, key)


@pytest.mark.rule("R5.2")
def test_whoever_reached_out_gets_no_more_reminders(programme: Programme) -> None:
    assert "you reached out to Alder" in reach_out(programme, DANA, day(2.5))
    assert follow(programme, 4) == ["first"]
    (activity,) = programme.table("activities")
    assert (activity["source"], activity["uid"], activity["csm_name"]) == ("slack", "a", "Dana")


@pytest.mark.rule("R5.2")
def test_an_engagement_may_leave_the_reminders_as_they_are(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[follow_ups]\nstop_when_engaged = false")
    programme.pull(1, rows(f"a+ {OTHERS}", OF_DANA))
    programme.pull(2, rows(f"a- {OTHERS}", OF_DANA))
    reach_out(programme, DANA, day(2.5))
    assert follow(programme, 4) == ["first", "second"]


@pytest.mark.rule("R5.2")
@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_claim_either_way_ends_the_reminders_and_never_the_news(programme: Programme, outcome: Outcome) -> None:
    claim(programme, outcome, day(2.5))
    assert follow(programme, 4) == ["first"]
    assert follow(programme, 5, "+") == ["first", "readopted"]
    (row,) = programme.table("claims")
    assert (row["outcome"], row["reason"], row["csm_name"], row["source"]) == (outcome, "Other", "Dana", "slack")


@pytest.mark.rule("R5.2")
@pytest.mark.rule("R5.1")
def test_a_snooze_holds_reminders_until_it_ends(programme: Programme) -> None:
    with case_of(programme) as (workspace, case):
        answers.snooze(workspace.settings, case, day(4.5), "on holiday", DANA, day(2.5), "k")
    assert programme.column("at_risk", "snoozed_until", 3)["a"] == day(4.5)
    assert follow(programme, 4) == ["first"]
    assert programme.column("at_risk", "snoozed_until")["a"] == day(4.5)
    assert follow(programme, 5) == ["first", "second"]
    assert programme.column("at_risk", "snoozed_until")["a"] is None


@pytest.mark.rule("R5.4")
def test_what_was_answered_between_planning_and_sending_counts(programme: Programme) -> None:
    programme.pull(4, rows(f"a- {OTHERS}", OF_DANA), messages=False)
    reach_out(programme, DANA, day(4.1))
    programme.notify(day(4.2))
    assert programme.stages("sent") == [("a", "first")]
    assert programme.stages("skipped") == [("a", "second")]


@pytest.mark.rule("R4.2")
def test_a_lost_claim_makes_a_case_lost_from_the_first_of_its_unbroken_run(programme: Programme) -> None:
    claim(programme, "lost", day(3), "k1")
    claim(programme, "won", day(4), "k2")
    claim(programme, "lost", day(5), "k3")
    claim(programme, "lost", day(6), "k4")
    programme.now = day(7)
    assert programme.row("churns", "a")["lost_at"] == day(5)
    assert programme.row("churns", "a", 3)["status"] == "lost"
    assert programme.row("churns", "a", 3)["lost_at"] == day(3)
    assert programme.row("churns", "a", 4)["status"] == "at_risk"
    assert programme.row("churns", "a")["claim"] == "lost"


@pytest.mark.rule("R4.2")
@pytest.mark.rule("R4.3")
def test_a_case_is_never_lost_after_it_came_back(programme: Programme) -> None:
    follow(programme, 3, "+")
    claim(programme, "lost", day(4))
    programme.now = day(5)
    row = programme.row("cases", "a")
    assert (row["status"], row["lost_at"]) == ("won", None)


@pytest.mark.rule("R4.8")
def test_a_person_gives_an_account_to_a_colleague_until_a_report_names_another(programme: Programme) -> None:
    with case_of(programme) as (workspace, case):
        text = answers.reassign(workspace.settings, case, ("Lee", None), DANA, day(2.5), "k", "moved teams")
    assert text == "Alder is Lee's now; they are told."
    programme.pull(4, rows(f"a- {OTHERS}", OF_DANA))
    to_lee = [message for message in programme.told() if message.recipient == "Lee"]
    assert to_lee[0].title == "Alder is still without payments"
    assert "Dana has given you Alder" in to_lee[1].text
    assert programme.column("at_risk", "csm_name_now")["a"] == "Lee"
    programme.pull(5, rows(f"a- {OTHERS}", {"csm_name": "Kim", "merchant_name": "Alder"}))
    assert programme.column("at_risk", "csm_name_now")["a"] == "Kim"


@pytest.mark.rule("R4.8")
def test_an_assignment_holds_for_the_next_case_too(programme: Programme) -> None:
    with case_of(programme) as (workspace, case):
        answers.reassign(workspace.settings, case, ("Lee", None), DANA, day(2.5), "k")
    follow(programme, 4, "+")
    follow(programme, 6)
    assert programme.column("at_risk", "csm_name_now")["a"] == "Lee"


@pytest.mark.rule("R6.1")
def test_a_claim_without_a_case_is_about_the_newest_that_had_begun(programme: Programme) -> None:
    follow(programme, 3, "+")
    follow(programme, 5)
    with programme.open(6) as workspace:
        for number in (4, 5):
            said = answers.Said("won", "Other", None, day(number), "cli")
            answers.claim_of_account(workspace.settings, "payments", "a", said, DANA, day(6), f"k{number}")
        cases = list(Case.objects.filter(uid="a").order_by("churned_at").values_list("pk", flat=True))
        said = answers.Said("won", "Other", None, day(1.5), "cli")
        with pytest.raises(AnswerRefused, match="a has no case of payments that had begun at 2026-11-01T21:00:00Z"):
            answers.claim_of_account(workspace.settings, "payments", "a", said, DANA, day(6), "k")
    rows_ = programme.table("claims", 6)
    assert [(row["case_id"], row["claimed_at"], row["recorded_at"]) for row in rows_] == [
        (cases[0], day(4), day(6)),
        (cases[1], day(5), day(6)),
    ]


@pytest.mark.rule("R6.1")
def test_every_answer_counts_once_however_often_it_arrives(programme: Programme) -> None:
    for _ in range(2):
        claim(programme, "won", day(3), "same")
        reach_out(programme, DANA, day(3), "same")
        with case_of(programme) as (workspace, case):
            answers.snooze(workspace.settings, case, day(5), "later", DANA, day(3), "same")
            answers.doubt(workspace.settings, case, "never churned", DANA, day(3), "same")
            answers.reassign(workspace.settings, case, ("Lee", None), DANA, day(3), "same")
    programme.now = day(3)
    programme.notify()
    assert [len(programme.table(name)) for name in ("claims", "activities")] == [1, 1]
    told = [message.recipient for message in programme.told()]
    assert (told.count("#ops"), told.count("Lee")) == (1, 1)


def test_an_operator_is_asked_to_make_a_doubtful_case_void(programme: Programme) -> None:
    with case_of(programme) as (workspace, case):
        answers.doubt(workspace.settings, case, "they never\nswitched it off", DANA, day(3), "k")
    programme.notify(3)
    (message,) = programme.told()
    assert message.recipient == "#ops"
    assert f"`winback cases void {case} --reason …`" in message.text
    assert "Dana says that the data of Alder (a, payments) is wrong: they never switched it off." in message.text


def test_only_the_csm_and_their_manager_may_answer(programme: Programme) -> None:
    reach_out(programme, LEE, day(2.5))
    with pytest.raises(NotAllowed, match="Alder is looked after by Dana"):
        reach_out(programme, STRANGER, day(2.5), "k2")


def test_an_answer_that_comes_too_late_is_answered_kindly(programme: Programme) -> None:
    follow(programme, 3, "+")
    with pytest.raises(AnswerRefused, match=r"Alder is back since Tue 03 Nov: nothing more to do"):
        reach_out(programme, DANA, day(4))
    assert claim(programme, "won", day(4)) == "Noted: Alder is back, thanks to you. Well done!"


def test_a_void_case_takes_no_answers(programme: Programme) -> None:
    programme.void("a")
    with pytest.raises(AnswerRefused, match=r"The case of Alder is void \(wrong data\)"):
        claim(programme, "won", day(3))


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [(2, "later", "until"), (100, "later", "until"), (4, " ", "reason")],
)
def test_a_snooze_is_for_some_days_and_for_a_reason(programme: Programme, until: int, reason: str, field: str) -> None:
    with case_of(programme) as (workspace, case), pytest.raises(AnswerRefused) as refused:
        answers.snooze(workspace.settings, case, day(until), reason, DANA, day(2.5), "k")
    assert refused.value.field == field


@pytest.mark.rule("R6.1")
def test_a_second_click_hears_what_the_first_did(programme: Programme) -> None:
    said = [claim(programme, "won", day(4)) for _ in range(2)]
    assert said == ["Noted: Alder is won. It counts once the reports show it within 14 days."] * 2
    assert len(programme.table("claims", day(4))) == 1


def test_the_reason_of_a_claim_is_one_of_the_list(programme: Programme) -> None:
    with pytest.raises(AnswerRefused, match="Choose one of: Price, Competitor") as refused:
        claim(programme, "lost", day(3), reason="Weather")
    assert refused.value.field == "reason"


def test_the_last_word_on_a_message_counts(programme: Programme) -> None:
    key = programme.row("notifications", "a")["message_id"]
    with programme.open() as workspace:
        for useful in (False, True):
            answers.rate(workspace.settings, key, useful, DANA, day(3))
    (row,) = programme.table("feedback", 4)
    assert (row["stage"], row["csm_name"], row["useful"]) == ("first", "Dana", True)

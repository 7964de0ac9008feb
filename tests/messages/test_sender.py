"""What becomes of a message when its channel takes it, puts it off, refuses it, or says nothing (rules.md §5)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from tests.messages.post_office import PostOffice, Waiting, workspace_with
from tests.programme import Programme, day, rows
from winback.messages.channel import CannotLookUp, OutcomeUnknown, Refused, TryLater
from winback.messages.send import Sent
from winback.store import notices, shown
from winback.store.models import Notification

OF_DANA = {"csm_name": "Dana"}
OTHERS = "x+ y+ z+ v+ w+ u+ t+ s+ r+ q+ p+ o+"
MINUTE = dt.timedelta(minutes=1)
BOTH = '[messages]\nchannel = ["console", "email"]\n[email]\nsmtp = "localhost"\nsender = "a@b.example"'


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """With a case of Dana's account `a` that nobody was told of yet."""
    programme = Programme(tmp_path, '[alerts]\nto = ["#ops"]\n[people.Dana]\nmanager = "Lee"')
    programme.pull(1, rows(f"a+ b+ {OTHERS}", OF_DANA))
    programme.pull(2, rows(f"a- b+ {OTHERS}", OF_DANA), messages=False)
    return programme


def notify(programme: Programme, office: PostOffice, now: dt.datetime, *others: PostOffice) -> Sent:
    with workspace_with(programme, office, *others, now=now) as workspace:
        return workspace.notify()


def pull(programme: Programme, office: PostOffice, number: int, words: str, **of: dict[str, object]) -> None:
    programme.now = day(number)
    with workspace_with(programme, office, now=number) as workspace:
        workspace.pull("payments", programme.file(rows(f"{words} {OTHERS}", OF_DANA, **of)), day(number))


def status(programme: Programme) -> tuple[str, str | None]:
    row = programme.table("notifications")[0]
    return row["status"], row["error"]


def test_what_was_not_taken_is_tried_again_with_growing_pauses_five_times(programme: Programme) -> None:
    office, now = PostOffice(), day(2)
    office.answers = [TryLater("busy")] * 5
    for minutes in (1, 5, 15, 60):
        assert notify(programme, office, now).later == 1
        assert status(programme) == ("planned", "busy")
        assert notify(programme, office, now + (minutes - 0.5) * MINUTE).messages == 0
        now += minutes * MINUTE
    assert notify(programme, office, now).failed == 1
    assert status(programme) == ("failed", "busy (tried 5 times)")
    assert [recipient for recipient, _ in office.told] == ["#ops"]
    with workspace_with(programme, office, now=now) as workspace:
        assert workspace.notify(release=True).messages == 1


def test_a_channel_that_wants_to_be_left_alone_is_waited_for_without_a_claim(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [TryLater("too many", after=dt.timedelta(seconds=7))]
    waits: list[tuple[float, str]] = []
    with workspace_with(programme, office, now=2) as workspace:
        workspace._stop = Waiting(lambda seconds: waits.append((seconds, Notification.objects.get(uid="a").status)))
        sent = workspace.notify()
    assert waits == [(7, "planned")]
    assert (sent.messages, sent.later) == (1, 0)
    assert len(office.attempts) == 2


def test_who_asks_for_long_is_left_to_the_next_run(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [TryLater("too many", after=dt.timedelta(minutes=10))]
    assert notify(programme, office, day(2)).later == 1
    assert office.slept == []
    assert notify(programme, office, day(2) + 9 * MINUTE).messages == 0
    assert notify(programme, office, day(2) + 10 * MINUTE).messages == 1


def test_two_messages_to_one_address_are_as_far_apart_as_the_channel_wants(programme: Programme) -> None:
    programme.pull(3, rows(f"a- b- {OTHERS}", OF_DANA), messages=False)
    office = PostOffice()
    office.pause = dt.timedelta(seconds=1)
    assert notify(programme, office, day(3)).messages == 2
    (slept,) = office.slept
    assert 0.5 < slept <= 1


def test_what_cannot_reach_a_person_goes_to_the_fallback_which_is_told_for_whom(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [Refused("left the company", is_about_recipient=True)]
    assert notify(programme, office, day(2)).messages == 1
    (letter,) = office.arrived
    assert letter.recipient.address == "#winback"
    assert "Dana" in (letter.content.preface or "")
    assert status(programme) == ("sent", None)


def test_where_the_fallback_cannot_be_reached_either_it_has_failed(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [Refused("gone", is_about_recipient=True), Refused("no such channel", is_about_recipient=True)]
    assert notify(programme, office, day(2)).failed == 1
    assert status(programme)[0] == "failed"
    assert "A message could not be sent (failed)" in office.arrived[0].content.text


def test_a_message_that_is_refused_for_good_has_failed(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [Refused("msg_too_long")]
    assert notify(programme, office, day(2)).failed == 1
    assert status(programme) == ("failed", "msg_too_long")


# Of unknown outcome


def test_a_channel_that_can_be_asked_is_asked_a_minute_later(programme: Programme) -> None:
    office = PostOffice(when_unknown="look up")
    office.answers = [OutcomeUnknown("arrived, but the line went dead")]
    assert notify(programme, office, day(2)).unknown == 1
    assert status(programme) == ("unknown", "arrived, but the line went dead")
    notify(programme, office, day(2) + 0.9 * MINUTE)
    assert status(programme)[0] == "unknown"
    notify(programme, office, day(2) + MINUTE)
    assert status(programme) == ("sent", None)
    assert len(office.attempts) == 1


def test_what_the_channel_does_not_have_is_sent_again(programme: Programme) -> None:
    office = PostOffice(when_unknown="look up")
    office.answers = [OutcomeUnknown("the line went dead")]
    notify(programme, office, day(2))
    assert notify(programme, office, day(2) + MINUTE).messages == 1
    assert len(office.arrived) == 1


def test_what_the_channel_does_not_have_is_not_sent_where_it_is_not_true_any_more(programme: Programme) -> None:
    office = PostOffice(when_unknown="look up")
    office.answers = [OutcomeUnknown("the line went dead")]
    notify(programme, office, day(2))
    programme.pull(3, rows(f"a+ b+ {OTHERS}", OF_DANA), messages=False)
    notify(programme, office, day(3))
    assert office.arrived == []
    assert status(programme)[0] == "skipped"


def test_where_the_channel_may_not_be_asked_a_person_decides(programme: Programme) -> None:
    office = PostOffice(when_unknown="look up")
    office.answers = [OutcomeUnknown("the line went dead"), CannotLookUp("missing scope im:history")]
    notify(programme, office, day(2))
    notify(programme, office, day(2) + MINUTE)
    expected = "nobody knows whether it arrived: missing scope im:history; a person decides"
    assert status(programme) == ("unknown", expected)
    assert len(office.attempts) == 1


def test_a_channel_with_keys_gets_it_again_under_the_same_one(programme: Programme) -> None:
    office = PostOffice(when_unknown="send again")
    office.answers = [OutcomeUnknown("the line went dead"), OutcomeUnknown("arrived, perhaps")]
    for minutes in range(3):
        notify(programme, office, day(2) + minutes * MINUTE)
    assert status(programme) == ("sent", None)
    assert len({letter.key for letter in office.attempts}) == 1
    assert len(office.attempts) == 3


def test_it_is_sent_again_five_times_at_most_a_word_to_operators_too(programme: Programme) -> None:
    office = PostOffice(when_unknown="send again")
    office.answers = [OutcomeUnknown("the line went dead")] * 20
    with programme.open(2):
        notices.add("held", "payments", "k", "console", "#ops", "Look at this.", day(2))
    for hours in range(10):
        notify(programme, office, day(2) + hours * 60 * MINUTE)
    tries = Counter(letter.recipient.address for letter in office.attempts)
    assert tries == {"Dana": 6, "#ops": 6}
    assert len({letter.key for letter in office.attempts}) == 2


def test_operators_who_can_not_be_reached_are_tried_five_times_then_a_person_decides(programme: Programme) -> None:
    office = PostOffice()
    notify(programme, office, day(2))
    with programme.open(2):
        notices.add("held", "payments", "k", "console", "#ops", "Look at this.", day(2))
    office.answers = [Refused("no such channel", is_about_recipient=True)] * 5
    for hours in range(10):
        notify(programme, office, day(2) + hours * 60 * MINUTE)
    assert [letter.recipient.address for letter in office.attempts] == ["Dana", *["#ops"] * 5]
    with workspace_with(programme, office, now=3) as workspace:
        workspace.notify(release=True)
    assert [recipient for recipient, _ in office.told] == ["Dana", "#ops"]


def test_otherwise_it_waits_for_a_person(programme: Programme) -> None:
    office = PostOffice()
    office.answers = [OutcomeUnknown("the line went dead")]
    notify(programme, office, day(2))
    notify(programme, office, day(3))
    assert status(programme)[0] == "unknown"
    with workspace_with(programme, office, now=3) as workspace:
        assert workspace.notify(release=True).messages == 1


def test_a_sender_that_dies_before_it_notes_what_a_message_shows_has_not_noted_it_as_sent(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would ever edit it."""

    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(shown, "note_shown", die)
    with pytest.raises(SystemExit):
        notify(programme, PostOffice(edits=True), day(2))
    assert status(programme)[0] == "unknown"


# Threads, edits, managers, channels


def test_a_case_goes_on_in_the_thread_of_its_first_message(programme: Programme) -> None:
    office = PostOffice()
    notify(programme, office, day(2))
    pull(programme, office, 4, "a- b+")
    pull(programme, office, 6, "a- b+")
    pull(programme, office, 7, "a+ b+")
    first, *others = [letter for letter in office.arrived if letter.recipient.address == "Dana"]
    assert first.thread is None
    assert [letter.thread and letter.thread.id for letter in others] == [first.key] * 3


def test_with_another_owner_it_begins_anew(programme: Programme) -> None:
    office = PostOffice()
    notify(programme, office, day(2))
    pull(programme, office, 4, "a- b+", a={"csm_name": "Lee"})
    assert [(letter.recipient.address, letter.thread) for letter in office.arrived] == [("Dana", None), ("Lee", None)]


def test_a_final_also_goes_to_the_manager(programme: Programme) -> None:
    office = PostOffice()
    notify(programme, office, day(2))
    office.arrived.clear()
    pull(programme, office, 6, "a- b+")
    notify(programme, office, day(6))
    assert [recipient for recipient, _ in office.told] == ["Dana", "Lee"]


def test_what_was_delivered_is_edited_when_its_case_changes(programme: Programme) -> None:
    office = PostOffice(edits=True)
    notify(programme, office, day(2))
    first = office.arrived[0].key
    assert notify(programme, office, day(3)).edited == 0
    pull(programme, office, 4, "a- b+")
    assert [key for key, _ in office.edited] == [first]
    pull(programme, office, 5, "a+ b+")
    assert len(office.edited) == 3
    assert notify(programme, office, day(6)).edited == 0


def test_an_edit_in_the_fallback_still_says_for_whom_it_is(programme: Programme) -> None:
    office = PostOffice(edits=True)
    office.answers = [Refused("gone", is_about_recipient=True)]
    notify(programme, office, day(2))
    pull(programme, office, 5, "a+ b+")
    assert [text.split("\n")[0] for _, text in office.edited] == ["For Dana."]


def test_an_edit_that_is_put_off_is_made_by_the_next_run(programme: Programme) -> None:
    office = PostOffice(edits=True)
    notify(programme, office, day(2))
    programme.void("a")
    office.answers = [TryLater("busy")]
    assert notify(programme, office, day(3)).edited == 0
    assert notify(programme, office, day(3)).edited == 1


def test_of_a_message_that_is_deleted_nothing_is_edited_any_more(programme: Programme) -> None:
    office = PostOffice(edits=True)
    notify(programme, office, day(2))
    programme.void("a")
    office.answers = [Refused("message_not_found")]
    assert [notify(programme, office, day(3)).edited for _ in range(2)] == [0, 0]
    assert office.edited == []


@pytest.mark.rule("R3.13")
def test_an_undone_pull_is_taken_back_where_it_was_said(tmp_path: Path) -> None:
    programme, office = Programme(tmp_path), PostOffice(edits=True)
    pull(programme, office, 1, "a+ b+")
    pull(programme, office, 2, "a- b+")
    with workspace_with(programme, office) as workspace:
        workspace.undo(2, "wrong file")
    assert [key for key, _ in office.edited] == [office.arrived[0].key]


def test_each_channel_gets_every_message(tmp_path: Path) -> None:
    programme = Programme(
        tmp_path, '[messages]\nchannel = ["console", "email"]\n[email]\nsmtp = "localhost"\nsender = "a@b.c"'
    )
    offices = PostOffice(), PostOffice("email")
    programme.pull(1, rows(f"a+ b+ {OTHERS}", {"csm_email": "dana@shop.example"}))
    programme.pull(2, rows(f"a- b+ {OTHERS}", {"csm_email": "dana@shop.example"}), messages=False)
    offices[1].answers = [TryLater("busy")]
    sent = notify(programme, offices[0], day(2), offices[1])
    assert (sent.messages, sent.later) == (1, 1)
    assert notify(programme, offices[0], day(2) + MINUTE, offices[1]).messages == 1
    assert [len(office.told) for office in offices] == [1, 1]
    programme.pull(3, rows(f"a+ b+ {OTHERS}", {"csm_email": "dana@shop.example"}), messages=False)
    assert notify(programme, offices[0], day(3), offices[1]).messages == 2

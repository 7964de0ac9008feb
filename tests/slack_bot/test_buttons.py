"""Clicks below a message: what they record, who may, and that each counts once."""

from __future__ import annotations

import threading

import pytest

from tests.fake_slack import FakeSlack
from tests.programme import day
from tests.slack_bot.office import Office, blocks_of, table, words_of
from winback.bot.app import make_desk


@pytest.fixture
def churned(office: Office) -> Office:
    office.churned()
    return office


@pytest.mark.parametrize("http", [False, True])
def test_whoever_reached_out_is_noted_and_the_message_says_so(churned: Office, http: bool) -> None:
    with churned.bot(http=http) as workspace:
        churned.as_user("dana").click("I reached out")
        message = churned.wait_for("Dana Ruiz reached out on")
        assert message.edited
        assert "I reached out" not in words_of(message)
        (activity,) = table(workspace, "activities")
        assert (activity["source"], activity["uid"], activity["csm_name"]) == ("slack", "a", "Dana Ruiz")
        assert "you reached out to Alder Shop" in churned.told()[0]
        assert churned.as_user("dana").errors == []


def test_two_clicks_at_once_and_a_delivery_that_comes_twice_count_once(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        dana = churned.as_user("dana")
        seen = dana.as_seen(dana.messages()[0])
        slack.deliveries.times = 2
        dana.click("I reached out", within=seen)
        dana.click("I reached out", within=seen)
        slack.wait_for(lambda: len(churned.told()) == 4)
        assert len(table(workspace, "activities")) == 1


def test_a_stranger_and_a_guest_are_told_whose_it_is_and_change_nothing(churned: Office, slack: FakeSlack) -> None:
    churned.users["dana"].deleted = True
    churned.read_directory()
    churned.pull(4, "a-")
    with churned.bot(4.1) as workspace:
        for name in ("sam", "gil"):
            churned.as_user(name).click("I reached out", within=slack.messages("#winback")[-1])
        slack.wait_for(lambda: [m for m in slack.messages("#winback") if m.only_for == churned.users["gil"].id])
        slack.wait_for(lambda: [m for m in slack.messages("#winback") if m.only_for == churned.users["sam"].id])
        told = [m.text for m in slack.messages("#winback") if m.only_for]
        assert all("looked after by Dana Ruiz" in text for text in told)
        assert table(workspace, "activities") == []
        churned.as_user("lee").click("I reached out", within=slack.messages("#winback")[0])
        slack.wait_for(lambda: table(workspace, "activities"))


def test_a_click_that_comes_too_late_is_answered_kindly(churned: Office, slack: FakeSlack) -> None:
    dana = churned.as_user("dana")
    seen = dana.as_seen(dana.messages()[0])
    churned.pull(3, "a+")
    with churned.bot(3.1) as workspace:
        dana.click("I reached out", within=seen)
        slack.wait_for(churned.told)
        assert "is back since" in churned.told()[0]
        dana.click("Snooze", within=seen)
        slack.wait_for(lambda: "is back since" in blocks_of(dana.modal))
        assert table(workspace, "activities") == []


def test_a_click_about_a_void_case_and_one_of_an_undone_pull(churned: Office, slack: FakeSlack) -> None:
    dana = churned.as_user("dana")
    seen = dana.as_seen(dana.messages()[0])
    churned.programme.void("a")
    with churned.bot():
        dana.click("I reached out", within=seen)
        slack.wait_for(churned.told)
        assert "is void" in churned.told()[0]
    with churned.programme.open() as workspace:
        workspace.undo(2, "wrong file")
    churned.said.clear()
    with churned.bot():
        dana.click("I reached out", within=seen)
        slack.wait_for(lambda: len(churned.told()) == 2)
        assert "not there any more" in churned.told()[1]


def test_useful_or_not_counts_once_for_each_person_the_last_answer(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        dana = churned.as_user("dana")
        dana.click("useful", "Useful")
        churned.wait_for("Thank you, that helps")
        dana.click("useful", "Not useful")
        churned.wait_for("we will make them better")
        (feedback,) = table(workspace, "feedback")
        assert (feedback["useful"], feedback["csm_name"]) == (False, "Dana Ruiz")
        dana.click("I reached out")
        assert "we will make them better" in words_of(churned.wait_for("reached out on"))


def test_whoever_a_message_was_not_for_cannot_say_whether_it_was_useful(churned: Office, slack: FakeSlack) -> None:
    churned.users["dana"].deleted = True
    churned.read_directory()
    churned.pull(4, "a-")
    with churned.bot(4.1) as workspace:
        churned.as_user("sam").click("useful", "Useful", within=slack.messages("#winback")[0])
        slack.wait_for(lambda: [m for m in slack.messages("#winback") if m.only_for])
        assert table(workspace, "feedback") == []


@pytest.mark.only_on("sqlite")
def test_what_is_left_to_be_edited_the_bot_edits_a_few_at_a_time(office: Office, slack: FakeSlack) -> None:
    office.pull(1, "a+ b+ c+ d+")
    office.pull(2, "a- b- c- d-")
    with office.programme.open(day(2.1)) as workspace:
        for case in workspace.table("cases").to_pylist():
            workspace.void(case["case_id"], "wrong data")
        desk = make_desk(workspace, threading.Event())
        slack.faults.order("ratelimited", "chat.update", after=2)
        for edited in (2, 4):
            desk.show_states()
            told = [words_of(message) for message in office.as_user("dana").messages()]
            assert ["Withdrawn" in words for words in told].count(True) == edited


@pytest.mark.only_on("sqlite")
def test_an_edit_that_slack_puts_off_is_made_by_the_next_run(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        dana = churned.as_user("dana")
        seen = dana.as_seen(dana.messages()[0])
        slack.faults.order("ratelimited", "chat.update")
        dana.click("I reached out", within=seen)
        slack.wait_for(lambda: table(workspace, "activities"))
    with churned.programme.open(day(2.2)) as workspace:
        workspace.notify()
    assert "reached out on" in words_of(dana.messages()[0])

"""Who is in Slack: read whole, before a run and once a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from slack_sdk import WebClient

from tests.channels.slack.talking import Talk
from tests.fake_slack import Clock, FakeSlack
from tests.messages.post_office import Waiting
from tests.programme import LENIENT, Programme, day, rows
from winback.channels.slack.directory import refresh_directory
from winback.messages.channel import TryLater
from winback.store import people
from winback.store.models import Member

HOUR = dt.timedelta(hours=1)


def test_members_are_kept_with_what_tells_whether_they_can_be_written_to(tmp_path: Path, talk: Talk) -> None:
    talk.slack.add_user("Lee Park", id="U0LEE", deleted=True)
    talk.slack.add_user("Guest", id="U0GUEST", is_ultra_restricted=True)
    talk.slack.add_user("Partner", id="U0PARTNER", is_stranger=True)
    talk.slack.add_user("Robot", id="U0ROBOT", is_bot=True)
    with Programme(tmp_path).open():
        assert refresh_directory(talk.channel._client, day(1))
        dana = Member.objects.get(pk=talk.dana)
        assert (dana.real_name, dana.email, dana.timezone) == ("Dana Ruiz", "dana@shop.example", "Europe/Madrid")
        assert set(Member.objects.filter(is_active=True, is_person=True, is_guest=False)) == {dana}
        assert set(Member.objects.filter(is_guest=True).values_list("slack", flat=True)) == {"U0GUEST", "U0PARTNER"}
        assert not Member.objects.get(pk="U0LEE").is_active
        assert not Member.objects.filter(pk__in=["U0ROBOT", "USLACKBOT"], is_person=True).exists()


def test_it_is_read_once_a_day(tmp_path: Path, talk: Talk) -> None:
    client = talk.channel._client
    with Programme(tmp_path).open():
        assert refresh_directory(client, day(1))
        assert not refresh_directory(client, day(2) - HOUR)
        talk.slack.add_user("Lee Park")
        assert refresh_directory(client, day(2))
        assert people.members_of_name("lee park")
        assert refresh_directory(client, day(2) + HOUR, good_for=HOUR)


def test_a_large_workspace_is_read_page_by_page_as_fast_as_slack_lets(tmp_path: Path) -> None:
    slept: list[float] = []

    # The time in which its calls are counted stands still but for this: how fast the machine is plays no part.
    with FakeSlack(clock=Clock(speed=0)) as slack, Programme(tmp_path).open():

        def waits(seconds: float) -> None:
            slept.append(seconds)
            slack.clock.advance(seconds)

        for number in range(5_000):
            slack.add_user(f"Member {number}")
        client = WebClient(slack.bot_token, slack.base_url, timeout=30, retry_handlers=[])
        assert refresh_directory(client, day(1), stop=Waiting(waits))
        assert Member.objects.count() == 5_000 + 2
        assert {call.arguments["limit"] for call in slack.calls("users.list")} == {"200"}
    assert slept == [60]


def test_a_directory_that_breaks_off_stays_as_it_was(tmp_path: Path, talk: Talk) -> None:
    for number in range(300):
        talk.slack.add_user(f"Member {number}")
    with Programme(tmp_path).open():
        refresh_directory(talk.channel._client, day(1))
        before = Member.objects.count()
        talk.slack.faults.order("http_500", "users.list", after=1)
        with pytest.raises(TryLater):
            refresh_directory(talk.channel._client, day(3))
        assert Member.objects.count() == before


def test_before_a_run_yesterdays_directory_will_do_but_none_will_not(tmp_path: Path, talk: Talk) -> None:
    with Programme(tmp_path).open():
        talk.slack.faults.order("http_500", "users.list", times=None)
        with pytest.raises(TryLater, match="members of Slack can't be read"):
            talk.channel.prepare(day(1))
        talk.slack.faults.clear()
        talk.channel.prepare(day(1))
        talk.slack.faults.order("http_500", "users.list", times=None)
        talk.channel.prepare(day(3))


def test_before_a_run_it_is_at_most_an_hour_old(tmp_path: Path, talk: Talk) -> None:
    with Programme(tmp_path).open():
        for minutes, times in ((0, 1), (59, 1), (60, 2)):
            talk.channel.prepare(day(1) + minutes * HOUR / 60)
            assert len(talk.slack.calls("users.list")) == times


def test_a_conversation_is_opened_once_for_all_runs_and_nothing_is_written_to_who_has_left(
    tmp_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    dana = slack.add_user("Dana Ruiz", email="dana@shop.example")
    fallback = slack.add_channel("winback").id
    programme = Programme(tmp_path, f'[messages]\nchannel = "slack"\n[slack]\nbase_url = "{slack.base_url}"\n{LENIENT}')
    every = {"csm_name": "Dana Ruiz", "csm_email": "dana@shop.example"}
    reports = ("a+ b+ c+", "a- b+ c+", "a- b- c+", "a- b- c-")
    for number, words in enumerate(reports, 1):
        dana.deleted = number == len(reports)
        slack.clock.advance(86_400)
        programme.pull(number, rows(words, every))
    assert len(slack.calls("conversations.open")) == 1
    # Of a; of b; of c, and the second of a.
    written = [message.channel for message in slack.messages()]
    assert [channel == fallback for channel in written] == [False, False, True, True]


def test_nobody_is_taken_for_unknown_because_slack_could_not_be_asked(
    tmp_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    dana = slack.add_user("Dana Ruiz", email="dana@shop.example")
    slack.add_channel("winback")
    settings = f'[messages]\nchannel = "slack"\n[slack]\nbase_url = "{slack.base_url}"'
    programme = Programme(tmp_path, settings)
    every = {"csm_name": "Dana Ruiz", "csm_email": "dana@shop.example"}
    slack.faults.order("http_500", "users.list", times=None)
    programme.pull(1, rows("a+ b+", every))
    programme.pull(2, rows("a- b+", every))
    assert slack.messages() == []
    slack.faults.clear()
    with programme.open(day(2.5)) as workspace:
        workspace.notify()
    assert [message.channel for message in slack.messages()] == [slack.messages(dana.id)[0].channel]

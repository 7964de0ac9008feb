"""Days of messages over real servers: each arrives once, follow-ups in the thread of the first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.channels.mail_server import mail_server
from tests.channels.receiver import receiver
from tests.programme import Programme, day, rows

OTHERS = "x+ y+ z+ v+ w+ u+ t+ s+ r+ q+ p+ o+"
OF_DANA = {"csm_name": "Dana Ortiz", "csm_email": "dana@shop.example"}
REPORT = "The report of payments of 2026-11-06T09:00:00Z"
IDENTICAL = f"{REPORT} is the third in a row with the same rows: is it still being made?"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "shared secret")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def by_mail(port: int) -> str:
    return f"""
[email]
smtp = "plain://127.0.0.1:{port}"
sender = "winback@shop.example"
[people."Dana Ortiz"]
manager = "Lee Park"
[people."Lee Park"]
email = "lee@shop.example"
[alerts]
to = ["ops@shop.example"]
[messages]
fallback = "team@shop.example"
channel = "email"
"""


def by_webhook(url: str) -> str:
    return f'[webhook]\nurl = "{url}"\nsecret = "env:WEBHOOK_SECRET"\n[messages]\nchannel = "webhook"\n'


def pull(programme: Programme, number: int, words: str) -> None:
    programme.pull(number, rows(f"{words} {OTHERS}", OF_DANA))


def test_a_case_from_churn_to_return_is_one_thread_of_mails(tmp_path: Path) -> None:
    with mail_server() as server:
        programme = Programme(tmp_path, by_mail(server.port))
        for number, words in ((1, "a+"), (2, "a-"), (4, "a-"), (6, "a-"), (7, "a+")):
            pull(programme, number, words)
    subjects: dict[str, list[str]] = {}
    for mail in server.taken:
        subjects.setdefault(mail["To"], []).append(mail["Subject"])
    assert subjects == {
        "Dana Ortiz <dana@shop.example>": ["a switched off payments", *["Re: a switched off payments"] * 3],
        "lee@shop.example": ["a is still without payments; Dana Ortiz has had the last reminder"],
        "ops@shop.example": [IDENTICAL],
    }
    to_dana = [mail for mail in server.taken if mail["To"].startswith("Dana")]
    assert {mail["References"] for mail in to_dana[1:]} == {to_dana[0]["Message-ID"]}
    assert programme.stages("sent") == [("a", stage) for stage in ("first", "second", "final", "readopted")]


def test_a_mail_that_may_have_arrived_waits_for_a_person(tmp_path: Path) -> None:
    with mail_server(drops=True) as server:
        programme = Programme(tmp_path, by_mail(server.port))
        pull(programme, 1, "a+")
        pull(programme, 2, "a-")
        assert programme.stages("unknown") == [("a", "first")]
        server.drops = False
        assert programme.notify(day(2) + 30 * MINUTE).messages == 0
        assert programme.notify(day(2) + 31 * MINUTE, release=True).messages == 1
    assert [mail["To"] for mail in server.taken] == ["Dana Ortiz <dana@shop.example>"] * 2


def test_whoever_is_refused_by_the_server_is_stood_in_for_by_the_fallback(tmp_path: Path) -> None:
    with mail_server(refuses=("dana@shop.example",)) as server:
        programme = Programme(tmp_path, by_mail(server.port))
        pull(programme, 1, "a+")
        pull(programme, 2, "a-")
    (mail,) = server.taken
    assert mail["To"] == "team@shop.example"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("For Dana Ortiz, who can't be reached on e-mail.")


def test_a_document_that_may_have_arrived_is_posted_again_with_the_same_key(tmp_path: Path) -> None:
    with receiver(drops=True) as server:
        programme = Programme(tmp_path, by_webhook(server.url))
        pull(programme, 1, "a+")
        pull(programme, 2, "a-")
        server.drops = False
        assert programme.stages("unknown") == [("a", "first")]
        programme.notify(day(2) + 30 * MINUTE)
        assert programme.stages("sent") == [("a", "first")]
        programme.notify(day(2) + 60 * MINUTE)
        pull(programme, 4, "a-")
    first, again, second = server.taken
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"]
    assert second.document["thread"] == again.document["key"]


def test_several_channels_are_served_at_once(tmp_path: Path) -> None:
    with mail_server() as mails, receiver() as documents, receiver() as cards:
        text = f"{by_mail(mails.port)}".replace('"email"', '["email", "webhook", "teams"]')
        webhook = by_webhook(documents.url).partition("[messages]")[0]
        programme = Programme(tmp_path, f'{webhook}[teams]\nurl = "{cards.url}"\n{text}')
        pull(programme, 1, " ".join(f"m{number}+" for number in range(6)))
        pull(programme, 2, " ".join(f"m{number}-" for number in range(6)))
    assert [len(each.taken) for each in (mails, documents, cards)] == [1, 1, 1]
    assert len(documents.taken[0].document["accounts"]) == 6
    assert documents.taken[0].document["title"] == mails.taken[0]["Subject"] == "6 accounts without payments need you"

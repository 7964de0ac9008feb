"""rules.md R5.5 to R5.7: who gets which message, bundles, and what waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme, accounts, day, rows

DANA, LEE, NOBODY = {"csm_name": "Dana"}, {"csm_name": "Lee"}, {"csm_name": ""}


def recipients(programme: Programme) -> list[str]:
    return [message.recipient for message in programme.told()]


# Re-adoptions and new adoptions


@pytest.mark.rule("R5.5")
def test_who_got_the_earlier_message_is_told_once_that_the_account_is_back(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", DANA))
    programme.pull(2, rows("a- b+", DANA))
    programme.told()
    programme.pull(3, rows("a+ b+", LEE, a={"merchant_name": "Alder"}))
    (message,) = programme.told()
    assert (message.recipient, message.title) == ("Dana", "a is back on payments")
    programme.pull(4, rows("a+ b+", LEE))
    programme.notify()
    assert recipients(programme) == []


@pytest.mark.rule("R5.5")
def test_of_several_earlier_messages_the_newest_counts(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    for number, csm in ((1, DANA), (2, DANA), (4, LEE)):
        programme.pull(number, rows("a+ b+" if number == 1 else "a- b+", csm))
    assert recipients(programme) == ["Dana", "Lee"]
    programme.pull(5, rows("a+ b+", DANA))
    assert recipients(programme) == ["Lee"]


@pytest.mark.rule("R5.5")
@pytest.mark.parametrize("settings", ['redirect_to = "#rehearsal"', "max_per_run = 0", 'fallback = ""'])
def test_nobody_is_told_that_an_account_is_back_when_nothing_was_delivered(tmp_path: Path, settings: str) -> None:
    programme = Programme(tmp_path, f"[messages]\n{settings}")
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    programme.set()
    programme.told()
    programme.pull(3, "a+ b+")
    assert recipients(programme) == []
    assert programme.uids("wins") == ["a"]


@pytest.mark.rule("R5.5")
def test_new_adoptions_are_announced_to_their_csm_in_one_message_a_run(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    of = {"a": DANA, "b": DANA, "c": LEE, "d": NOBODY}
    programme.pull(1, rows("a- b- c- d- e+", **of))
    programme.pull(2, rows("a+ b+ c+ d+ e+", **of))
    titles = {message.recipient: message.title for message in programme.told()}
    assert titles == {
        "Dana": "2 accounts switched on payments",
        "Lee": "c switched on payments",
        "#winback": "d switched on payments",
    }
    assert programme.stages("sent") == [(uid, "new_adoption") for uid in "abcd"]


@pytest.mark.rule("R5.5")
def test_new_adoptions_may_be_left_unsaid(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[messages]\nnew_adoptions = "off"')
    programme.pull(1, "a- b+")
    programme.pull(2, "a+ b-")
    assert programme.uids("wins") == ["a"]
    assert programme.stages() == [("b", "first")]


@pytest.mark.rule("R5.5")
def test_new_adoptions_planned_on_two_days_share_the_message_of_one_run(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a- b- c+", DANA))
    programme.pull(2, rows("a+ b- c+", DANA), messages=False)
    programme.pull(3, rows("a+ b+ c+", DANA), messages=False)
    assert programme.notify().messages == 1


# Recipients


@pytest.mark.rule("R5.6")
def test_a_follow_up_goes_to_the_owner_at_the_moment_of_sending(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", DANA))
    programme.pull(2, rows("a- b+", DANA), messages=False)
    programme.pull(3, rows("a- b+", LEE), messages=False)
    programme.notify()
    assert recipients(programme) == ["Lee"]
    assert programme.column("notifications", "csm_name") == {"a": "Lee"}


@pytest.mark.rule("R5.6")
@pytest.mark.parametrize(
    ("settings", "csm", "recipient"),
    [
        ("", {}, "#winback"),
        ('[messages]\nfallback = "#lost-and-found"', {}, "#lost-and-found"),
        ("", {"csm_name": "Dana"}, "Dana"),
        ("", {"csm_email": "d@x.example"}, "d@x.example"),
        ("", {"csm_name": "Dana", "csm_email": "d@x.example"}, "Dana <d@x.example>"),
        ('[people.Dana]\nemail = "dana@y.example"', {"csm_name": "Dana"}, "Dana <dana@y.example>"),
        ('[people."d@x.example"]\nemail = "d@y.example"', {"csm_email": "d@x.example"}, "d@x.example <d@y.example>"),
    ],
    ids=str,
)  # fmt: skip
def test_the_recipient_is_the_owner_or_without_one_the_fallback(
    tmp_path: Path, settings: str, csm: dict[str, str], recipient: str
) -> None:
    programme = Programme(tmp_path, settings)
    programme.pull(1, rows("a+ b+", csm))
    programme.pull(2, rows("a- b+", csm))
    assert recipients(programme) == [recipient]
    assert programme.column("notifications", "recipient") == {"a": recipient}


@pytest.mark.rule("R5.6")
def test_without_owner_and_fallback_a_message_is_unrouted(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[messages]\nfallback = ""')
    programme.pull(1, "a+ b-")
    outcome = programme.pull(2, "a- b+")
    assert outcome.sent is not None
    assert (outcome.sent.messages, outcome.sent.unrouted) == (0, 2)
    assert programme.column("notifications", "status") == {"a": "unrouted", "b": "unrouted"}
    assert programme.messages == []
    programme.pull(4, rows("a- b+", DANA))
    assert programme.stages("sent") == [("a", "second")]


# Bundles


@pytest.mark.rule("R5.7")
@pytest.mark.parametrize(
    ("settings", "cases", "messages"),
    [("", 5, 5), ("", 6, 1), ("[messages]\nbundle_over = 2", 2, 2), ("[messages]\nbundle_over = 2", 3, 1)],
)
def test_more_cases_than_so_many_due_for_one_person_share_one_message(
    tmp_path: Path, settings: str, cases: int, messages: int
) -> None:
    programme = Programme(tmp_path, settings)
    others = accounts(100, "+", prefix="other")
    programme.pull(1, rows(f"{accounts(cases)} {others}", DANA))
    outcome = programme.pull(2, rows(f"{accounts(cases, '-')} {others}", DANA))
    assert outcome.sent is not None
    assert (outcome.sent.messages, outcome.sent.notifications) == (messages, cases)
    assert len(programme.messages) == messages
    sent = programme.table("notifications")
    assert len(sent) == len({row["case_id"] for row in sent}) == cases
    assert len({row["message_id"] for row in sent}) == messages


@pytest.mark.rule("R5.7")
def test_a_bundle_holds_cases_of_any_stage_and_each_keeps_its_own(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows(accounts(20), DANA))
    for at, gone in ((2, 2), (4, 4), (6, 6)):
        programme.pull(at, rows(f"{accounts(gone, '-')} {accounts(20 - gone, '+', gone)}", DANA))
    last = [row for row in programme.table("notifications") if row["planned_at"].day == 6]
    stages = {row["uid"]: row["stage"] for row in last}
    assert stages == {"m0": "final", "m1": "final", "m2": "second", "m3": "second", "m4": "first", "m5": "first"}
    assert len({row["message_id"] for row in last}) == 1
    text = programme.messages[-1].text
    assert text.splitlines()[0] == "6 accounts without payments need you"
    called = {"first": "first message", "second": "second message", "final": "last reminder"}
    assert [f"- {uid} [{called[stage]}]" in text for uid, stage in stages.items()] == [True] * 6


@pytest.mark.rule("R5.7")
def test_bundles_are_for_one_person_known_by_email_in_any_case_or_by_name(tmp_path: Path) -> None:
    one, other = {"csm_name": "Dana", "csm_email": "D@x.example"}, {"csm_name": "D. Ortiz", "csm_email": "d@X.example"}
    names = {f"m{n}": one if n % 2 else other for n in range(6)} | {f"m{n}": LEE for n in range(6, 9)}
    programme = Programme(tmp_path)
    others = accounts(100, "+", prefix="other")
    programme.pull(1, rows(f"{accounts(9)} {others}", **names))
    programme.pull(2, rows(f"{accounts(9, '-')} {others}", **names))
    said = recipients(programme)
    assert (len(said), said.count("Lee")) == (4, 3)


@pytest.mark.rule("R5.7", "R5.5")
def test_a_bundle_of_two_products_says_which_account_is_without_which(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product="[products.usage]\nreport = 'usage'")
    with programme.open(2) as workspace:
        for product in ("payments", "usage"):
            letter = product[0]
            before = rows(f"{accounts(3, '+', prefix=letter)} {letter}-new- other+", DANA)
            after = rows(f"{accounts(3, '-', prefix=letter)} {letter}-new+ other+", DANA)
            workspace.pull(product, programme.file(before), day(1))
            workspace.pull(product, programme.file(after), day(2), messages=False)
        workspace.notify()
    off, on = programme.messages
    for message, uids in ((off, ["p0", "p2", "u0", "u2"]), (on, ["p-new", "u-new"])):
        assert [uid in message.text for uid in uids] == [True] * len(uids)
        assert message.text.count("payments") == message.text.count("usage") > 0


@pytest.mark.rule("R5.7")
def test_news_that_accounts_are_back_is_not_bundled(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    others = accounts(100, "+", prefix="other")
    for number, sign in enumerate("+-+", start=1):
        programme.pull(number, rows(f"{accounts(6, sign)} {others}", DANA))
    assert recipients(programme) == ["Dana"] * 7


# Many messages, and rehearsals


@pytest.mark.rule("R5.7")
def test_more_messages_than_so_many_in_one_run_wait_until_released(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[messages]\nmax_per_run = 2")
    programme.pull(1, "a+ b+ c+ d+")
    outcome = programme.pull(2, "a- b- c- d+")
    assert outcome.sent is not None
    assert (outcome.sent.messages, outcome.sent.waiting) == (0, 3)
    assert programme.stages("waiting") == [("a", "first"), ("b", "first"), ("c", "first")]
    assert programme.notify().messages == 0
    programme.pull(3, "a- b- c- d-")
    assert programme.stages("sent") == [("d", "first")]
    assert programme.notify(release=True).messages == 3
    assert programme.stages("waiting") == []
    assert len(programme.messages) == 4


@pytest.mark.rule("R5.7")
def test_as_many_messages_as_allowed_are_sent_and_a_bundle_counts_as_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[messages]\nmax_per_run = 2\nbundle_over = 1")
    programme.pull(1, rows("a+ b+ c+ d+", DANA, c=LEE))
    programme.pull(2, rows("a- b- c- d+", DANA, c=LEE))
    assert sorted(recipients(programme)) == ["Dana", "Lee"]


@pytest.mark.rule("R5.7", "R5.4")
def test_what_waited_is_checked_again_when_it_is_released(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[messages]\nmax_per_run = 1")
    programme.pull(1, "a+ b+ c+ d+")
    programme.pull(2, "a- b- c- d+")
    programme.void("b")
    programme.pull(3, "a+ b- c- d+")
    assert programme.notify(release=True).messages == 1
    assert programme.stages("sent") == [("c", "first")]


@pytest.mark.rule("R5.5", "R5.6", "R5.7")
def test_in_a_rehearsal_everything_goes_to_one_place_and_nothing_counts_as_delivered(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[messages]\nredirect_to = "#rehearsal"')
    programme.pull(1, rows("a+ b- c+", DANA))
    outcome = programme.pull(2, rows("a- b+ c+", DANA))
    assert outcome.sent is not None
    assert (outcome.sent.messages, outcome.sent.rehearsed) == (0, 2)
    told = programme.told()
    assert [message.recipient for message in told] == ["#rehearsal", "#rehearsal"]
    assert [message.title for message in told] == ["Rehearsal: this would have gone to Dana."] * 2
    assert programme.stages("sent") == []
    assert programme.column("at_risk", "last_stage") == {"a": None}
    programme.set()
    programme.pull(3, rows("a- b+ c+", DANA))
    assert recipients(programme) == ["Dana"]
    assert programme.stages("sent") == [("a", "first")]

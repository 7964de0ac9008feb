"""What blocks a message has, and what hostile content does in them: nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.slack.examples import HOSTILE, SETTINGS, bundle, content, entry
from tests.fake_slack.blocks import MOST_CHARACTERS, characters, problems_of
from winback.channels.slack import blocks
from winback.channels.slack.layout import Message, lay_out
from winback.messages.content import Content


def laid_out(told: Content) -> Message:
    message = lay_out(told, SETTINGS)
    assert problems_of(message.blocks, "message") == []
    assert characters(message.blocks) < MOST_CHARACTERS
    assert 0 < len(message.text) <= 4_000
    return message


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from walk(each)


def buttons(message: Message) -> list[tuple[str, str]]:
    return [(each["action_id"], each["value"]) for each in walk(message.blocks) if each.get("type") == "button"]


def types(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def test_a_single_case_tells_all_and_can_be_answered() -> None:
    told = content(entry(7, url="https://crm.example/accounts/M-7", standing="Snoozed until Monday."))
    message = laid_out(told)
    kinds = ["header", "section", "rich_text", "section", "actions", "context", "context_actions"]
    assert types(message) == kinds
    said = json.dumps(message.blocks)
    for part in ("switched off payments", "M-7", "1,200.00", "EMEA", "https://crm.example", "Snoozed", "find out why"):
        assert part in said
    assert buttons(message) == [
        (answer, "7") for answer in ("reach_out", "log_outcome", "snooze", "not_mine", "data_wrong")
    ]
    assert "Please find out why." in message.text


def test_whom_it_was_for_stands_first() -> None:
    message = laid_out(content(preface="For Dana, whom Slack does not know."))
    assert types(message)[0] == "context"
    assert "For Dana" in json.dumps(message.blocks[0])


def test_what_is_settled_has_no_buttons_and_no_ask() -> None:
    message = laid_out(content(entry(answers=(), standing="Back since Monday."), ask=""))
    assert buttons(message) == []
    assert types(message) == ["header", "section", "rich_text", "context", "context_actions"]


def test_a_readoption_offers_to_log_the_win() -> None:
    told = content(entry(3, stage="readopted", answers=("log_outcome", "data_wrong")), kind="readopted")
    message = laid_out(told)
    assert buttons(message) == [("log_outcome", "3"), ("data_wrong", "3")]
    assert "Yes, log it as won" in json.dumps(message.blocks)


def test_a_rehearsal_can_not_be_answered() -> None:
    message = laid_out(content(entry(answers=()), is_rehearsal=True))
    assert types(message) == ["header", "rich_text", "section"]


def test_new_adoptions_have_nothing_to_answer() -> None:
    told = content(*[entry(n, case=None, answers=(), stage="new_adoption") for n in (1, 2)], kind="new_adoption")
    assert buttons(laid_out(told)) == []


def test_a_bundle_has_a_button_for_each_account() -> None:
    message = laid_out(bundle(6))
    assert buttons(message) == [(f"answer:{number}", str(number)) for number in range(1, 7)]


def test_a_bundle_whose_account_is_settled_has_no_button_for_it() -> None:
    told = content(entry(1), entry(2, answers=(), standing="Back since Monday."))
    assert buttons(laid_out(told)) == [("answer:1", "1")]


@pytest.mark.parametrize("count", [20, 50, 300])
def test_a_bundle_goes_on_in_the_home_tab_past_what_a_message_holds(count: int) -> None:
    message = laid_out(bundle(count))
    shown = len(buttons(message))
    assert shown > 12
    said = json.dumps(message.blocks)
    left = count - shown
    assert (f"and {left} accounts more: see the Home tab" in said) == (left > 0)
    assert message.text.endswith("Please reach out to them.")


def test_the_longest_content_fits() -> None:
    long = "<&>" * 2_000
    facts = tuple((long, long) for _ in range(60))
    told = content(entry(facts=facts, merchant=long, standing=long, url=f"https://crm.example/{'x' * 2_900}"))
    message = laid_out(content(*told.entries, title=long, preface=long, ask=long, text=long))
    assert "…" in message.text
    bundled = bundle(40, facts=facts, merchant=long, standing=long)
    assert len(buttons(laid_out(bundled))) > 7
    quoted = '"' * 9_000
    laid_out(content(entry(facts=((quoted, quoted),) * 60, standing=quoted), title=quoted, preface=quoted, ask=quoted))
    laid_out(bundle(40, facts=((quoted, quoted),) * 60, merchant=quoted, standing=quoted))
    laid_out(Content("notice", "x", quoted))


def test_a_notice_is_shown_as_it_is() -> None:
    text = "The report is held: `winback pulls approve 3`.\nAccounts: a, b"
    message = laid_out(Content("notice", "The report is held", text))
    assert message.blocks[0]["text"] == {"type": "plain_text", "text": text, "emoji": False}
    assert message.text == text


def test_a_long_notice_takes_several_blocks() -> None:
    assert types(laid_out(Content("notice", "x", "word " * 5_000))) == ["section"] * 2


def hostile_contents() -> Iterator[Content]:
    facts = ((HOSTILE, HOSTILE), ("UID", HOSTILE))
    values: dict[str, Any] = {"merchant": HOSTILE, "facts": facts, "standing": HOSTILE, "product": HOSTILE}
    for stage in ("first", "readopted", "new_adoption"):
        yield content(entry(stage=stage, **values), title=HOSTILE, preface=HOSTILE, ask=HOSTILE, text=HOSTILE)
    yield bundle(3, **values)
    yield Content("notice", HOSTILE, HOSTILE)


@pytest.mark.parametrize("told", [*hostile_contents()], ids=lambda told: f"{told.kind} of {len(told.entries)}")
def test_hostile_content_stands_where_slack_reads_no_mark_up(told: Content) -> None:
    message = laid_out(told)
    found = [node for node in walk(message.blocks) if "<!channel>" in str(node.get("text", "")) and "type" in node]
    texts = [node for node in found if isinstance(node["text"], str)]
    assert texts
    for node in texts:
        assert node["type"] in ("plain_text", "text")
        assert node.get("emoji", False) is False
    assert not any(node.get("type") == "mrkdwn" for node in walk(message.blocks))
    assert "<" not in message.text
    assert ">" not in message.text
    assert "&lt;!channel&gt; &amp; &lt;@U0FAKE0001&gt;" in message.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "salesforce://x", f"https://crm.example/{'x' * 3_000}"])
def test_a_link_that_slack_would_refuse_is_left_out(url: str) -> None:
    assert "link" not in [node.get("type") for node in walk(laid_out(content(entry(url=url))).blocks)]


def test_every_message_and_every_edit_has_block_ids_of_its_own() -> None:
    ids = [block["block_id"] for _ in range(3) for block in laid_out(bundle(4)).blocks]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("most", range(1, 12))
def test_no_escaped_sign_is_cut_in_two(most: int) -> None:
    said = blocks.escaped("a<b>c&d", most)
    assert len(said) <= most
    assert said.removesuffix("…") in "a&lt;b&gt;c&amp;d"
    assert not said.removesuffix("…").endswith(("&", "&l", "&lt", "&g", "&gt"))


def test_nothing_is_ever_empty() -> None:
    told = content(entry(facts=(("", ""), (" ", " ")), merchant=""), title=" ", ask="", text="x")
    laid_out(told)

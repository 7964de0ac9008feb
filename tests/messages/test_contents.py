"""What messages say, and that a company can say it otherwise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.messages.letters import DANA, HOSTILE, NOW, content, planned, settings_of
from tests.messages.samples import samples, standings
from winback.messages.content import Standing
from winback.messages.contents import build_content, notice_content, say_correction
from winback.messages.people import Addressee
from winback.settings.wording import WORDING, placeholders, standard_wording

DAY = dt.timedelta(days=1)


def test_each_kind_of_message_reads_as_documented(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")
    for what, text in samples(tmp_path):
        assert f"**{what}**\n\n```text\n{text}\n```\n" in page, what


def test_each_standing_is_said_as_documented(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")
    for name, line, is_open in standings(tmp_path):
        assert f"| {name} | {line or '–'} | {'yes' if is_open else 'no'} |\n" in page, name


@pytest.mark.rule("R5.7")
def test_a_bundle_has_the_largest_gmv_first_and_unknown_ones_last(tmp_path: Path) -> None:
    amounts = {1: Decimal(5), 2: None, 3: Decimal(7), 4: Decimal(-1), 5: Decimal(7)}
    told = content(settings_of(tmp_path), *(planned(number, gmv=gmv) for number, gmv in amounts.items()))
    assert [entry.notification for entry in told.entries] == [3, 5, 1, 4, 2]
    assert told.is_bundle


def test_each_account_of_a_bundle_keeps_its_stage_and_its_product(tmp_path: Path) -> None:
    told = content(settings_of(tmp_path), planned(1), planned(2, "final", product="loans"))
    assert "- Acme without payments [first message]" in told.text
    assert "- Acme without loans [last reminder]" in told.text
    assert told.title == "2 accounts that switched a product off need you"


@pytest.mark.parametrize("stage", ["first", "second", "final"])
@pytest.mark.parametrize("status", ["won", "void", "undone"])
def test_what_is_settled_asks_for_nothing(tmp_path: Path, stage: str, status: str) -> None:
    told = content(settings_of(tmp_path), planned(1, stage), status=status, readopted_at=NOW)
    assert (told.ask, told.entries[0].is_open) == ("", False)
    assert told.text.endswith(str(told.entries[0].standing))


ANSWERED = [
    {"claim": "lost", "status": "lost"},
    {"claim": "won"},
    {"status": "lost"},
    {"engaged_at": NOW},
    {"snoozed_until": NOW + DAY},
]


@pytest.mark.parametrize("standing", ANSWERED)
def test_who_has_answered_is_asked_for_nothing_and_can_answer_otherwise(
    tmp_path: Path, standing: dict[str, Any]
) -> None:
    told = content(settings_of(tmp_path), planned(), **standing)
    assert (told.ask, told.entries[0].is_open) == ("", True)


@pytest.mark.parametrize("standing", [{"last_stage": "second"}, {"snoozed_until": NOW - DAY}, {"owner": "Kim"}])
def test_who_has_not_answered_is_asked(tmp_path: Path, standing: dict[str, Any]) -> None:
    assert content(settings_of(tmp_path), planned(), **standing).ask != ""


def test_where_reminders_go_on_after_an_engagement_the_ask_does_too(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "[follow_ups]\nstop_when_engaged = false\n")
    told = content(settings, planned(1, "second"), engaged_at=NOW, engaged_by="Dana")
    assert told.ask != ""
    assert told.entries[0].standing == "Dana reached out on Thu 05 Nov 2026, 09:00 UTC."


def test_a_bundle_asks_as_long_as_one_account_is_to_be_won(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    won = Standing("won", NOW - DAY, NOW)
    for stands, is_asked in (({1: won}, True), ({1: won, 2: won}, False)):
        told = build_content([planned(1), planned(2)], stands, NOW, settings, Addressee("Dana", DANA))
        assert bool(told.ask) == is_asked


@pytest.mark.rule("R5.5")
def test_a_win_that_was_logged_is_not_asked_about_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    back = planned(1, "readopted")
    asked = content(settings, back, status="won", readopted_at=NOW)
    assert "Did you help them back?" in asked.ask
    assert asked.entries[0].is_open
    assert content(settings, back, status="won", readopted_at=NOW, claim="lost").ask == asked.ask
    logged = content(settings, back, status="won", readopted_at=NOW, claim="won", claimed_by="Dana")
    assert logged.ask == ""
    assert str(logged.entries[0].standing).startswith("Logged as won by Dana (no reason given)")


def test_a_later_message_is_named_in_an_earlier_one_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    for stage, expected in (("first", "A second message has gone out since."), ("second", None), ("final", None)):
        assert content(settings, planned(1, stage), last_stage="second").entries[0].standing == expected


def test_the_title_of_a_notice_is_its_first_line_as_far_as_a_subject_goes() -> None:
    assert notice_content("Three is up\n\nmore").title == "Three is up"
    title = notice_content("word " * 100).title
    assert title.endswith("word …")
    assert len(title) < 125


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_report_holds_stays_on_its_line_and_is_never_filled_in(tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]
    settings = settings_of(tmp_path, '[messages]\nshow = ["Segment"]\n')
    hostile = planned(1, merchant_name=text, uid=text, region=text, other_columns={"Segment": text}, csm_name=text)
    plain = content(settings, planned(1)).text + say_correction("Acme", "first", "wrong", settings)
    told = content(settings, hostile).text + say_correction(text, "first", text, settings)
    assert told.count("\n") == plain.count("\n")
    assert not set(told) & {"\r", "\x07", "\x1b", "\x00", "\u202e"}
    if name == "braces":
        assert text in told


# A company's own words


def test_a_company_says_it_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / WORDING).write_text(
        '[title]\nfirst = "{merchant} ({gmv}) aus: {product} {{!}}"\n'
        '[fact]\ngmv = "Umsatz"\n[value]\nyesterday = "gestern"\n',
        encoding="utf-8",
    )
    text = content(settings_of(tmp_path), planned()).text
    assert text.startswith("Acme (1,234.50 USD a month) aus: payments {!}\n")
    assert "Umsatz:    1,234.50" in text
    assert "(gestern)" in text
    assert "Region:" in text


def test_every_placeholder_that_is_offered_can_be_filled(tmp_path: Path) -> None:
    """Whatever of them a company uses, every kind of message can be built."""
    kinds: dict[str, list[str]] = {}
    for key in standard_wording():
        section, name = key.split(".")
        braces = " ".join(f"{{{each}}}" for each in sorted(placeholders(key)))
        kinds.setdefault(section, []).append(f'{name} = "<{key}> {braces}"')
    own = "\n".join(line for section, entries in kinds.items() for line in (f"[{section}]", *entries))
    (tmp_path / WORDING).write_text(own, encoding="utf-8")
    told = "\n".join([*(text for _, text in samples(tmp_path)), *(str(line) for _, line, _ in standings(tmp_path))])
    sections = ("title", "ask", "fact", "standing", "manager", "correction")
    unsaid = {key for key in standard_wording() if key.startswith(sections) and f"<{key}>" not in told}
    assert unsaid == {
        "title.bundle",
        "title.new_adoption",
        "title.new_adoptions_of_several",
        "ask.new_adoption",
        "standing.claimed_back",
        "standing.engaged_and_going_on",
        "standing.final",
        "standing.somebody",
        "standing.no_reason",
    }

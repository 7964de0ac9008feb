"""The Home tab and /winback: whose accounts they show, and to whom they show none."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.shown import show_message
from tests.programme import Row
from tests.slack_bot.office import Office, blocks_of, is_form, seen_in, table
from winback.store.models import Case

SAM = {"csm_email": "sam@shop.example", "csm_name": "Sam Roe"}


def home_of(office: Office, name: str) -> Person:
    person = office.as_user(name)
    person.open_home()
    office.slack.wait_for(lambda: person.home)
    return person


def asked(office: Office, name: str, text: str = "") -> str:
    """What /winback answers, as it is seen."""
    before = len(office.as_user(name).messages())
    office.as_user(name).command("/winback", text)
    office.slack.wait_for(lambda: len(office.as_user(name).messages()) > before)
    message = office.as_user(name).messages()[-1]
    assert message.only_for == office.users[name].id
    return show_message(message, {})


def test_my_accounts_the_largest_first_with_buttons(office: Office, slack: FakeSlack) -> None:
    of: dict[str, Row] = {
        "b": {"gmv": 9000, "merchant_name": "Birch"},
        "c": {"csm_email": "sam@shop.example", "csm_name": "Sam Roe"},
    }
    office.pull(1, "a+ b+ c+ d+", **of)
    office.pull(2, "a- b- c- d+", **of)
    with office.bot() as workspace:
        dana = home_of(office, "dana")
        shown = seen_in(dana.home)
        assert "2 accounts of yours at risk" in shown
        assert shown.index("Birch") < shown.index("Alder Shop")
        dana.click("I reached out", within=dana.home)
        slack.wait_for(lambda: "Dana Ruiz reached out" in blocks_of(dana.home))
        assert [each["uid"] for each in table(workspace, "activities")] == ["b"]
        slack.wait_for(lambda: "you reached out to Birch" in blocks_of(dana.modal))
        dana.close()
        dana.click("Log outcome", within=dana.home)
        slack.wait_for(lambda: is_form(dana.modal))
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        assert dana.submit({"reason_lost": "Price"}) == {}
        slack.wait_for(lambda: "1 account of yours" in seen_in(dana.home))
        assert dana.errors == []


def test_many_accounts_are_turned_over_page_by_page(office: Office, slack: FakeSlack) -> None:
    accounts = " ".join(f"b{number}+" for number in range(45))
    office.pull(1, f"{accounts} y+")
    office.pull(2, f"{accounts.replace('+', '-')} y+")
    with office.bot():
        dana = home_of(office, "dana")
        assert dana.home is not None
        assert len(dana.home.blocks) <= 100
        seen = set(_uids(dana))
        for words in ("21 to 40 of 45", "41 to 45 of 45"):
            dana.click("Next", within=dana.home)
            slack.wait_for(partial(_shows, dana, words))
            seen |= set(_uids(dana))
        assert len(seen) == 45
        dana.click("Previous", within=dana.home)
        slack.wait_for(lambda: "21 to 40" in blocks_of(dana.home))


def test_a_manager_sees_the_figures_and_the_team(office: Office) -> None:
    office.churned()
    with office.bot():
        shown = seen_in(home_of(office, "lee").home)
        assert "The team" in shown
        assert "Dana Ruiz" in shown
        assert "Accounts at risk" in shown


@pytest.mark.only_on("sqlite")
@pytest.mark.rule("R6.6")
def test_held_out_accounts_are_shown_to_nobody_until_day_30(office: Office) -> None:
    office.pull(1, "a+ b+", b={"merchant_name": "Birch"})
    office.pull(2, "a- b-", b={"merchant_name": "Birch"})
    with office.programme.open():
        Case.objects.filter(uid="a").update(arm="held_out", holdout_share=0.5)
    for now, is_seen in ((31.9, False), (32.1, True)):
        with office.bot(now=now):
            for name in ("dana", "lee"):
                answered = asked(office, name)
                assert ("Alder" in answered) is is_seen
                assert "Birch" in answered
        office.said.clear()
    with office.bot(now=31.9):
        shown = seen_in(home_of(office, "dana").home)
        assert "Birch" in shown
        assert "Alder" not in shown


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(("name", "words"), [("sam", "winback people set NAME --slack"), ("gil", "Guests")])
def test_strangers_and_guests_see_a_kind_word_and_no_account(office: Office, name: str, words: str) -> None:
    office.churned()
    with office.bot():
        shown = seen_in(home_of(office, name).home)
        assert words in shown
        answered = asked(office, name)
        assert words in answered
        assert "Alder" not in shown + answered


@pytest.mark.only_on("sqlite")
def test_somebody_who_was_deactivated_sees_nothing(office: Office) -> None:
    office.churned()
    office.users["dana"].deleted = True
    office.read_directory()
    office.users["dana"].deleted = False
    with office.bot():
        assert "deactivated" in asked(office, "dana")


def test_who_calls_themselves_like_a_csm_is_not_taken_for_one(office: Office, slack: FakeSlack) -> None:
    office.pull(1, "a+", {"csm_email": None})
    office.pull(2, "a-", {"csm_email": None})
    office.users["eve"] = slack.add_user("Dana Ruiz", email="eve@shop.example")
    office.read_directory()
    with office.bot():
        assert "Alder" not in asked(office, "eve")


def test_the_command_shows_a_csm_theirs_and_a_manager_all(office: Office) -> None:
    of: dict[str, Row] = {
        "c": {"csm_email": "sam@shop.example", "csm_name": "Sam Roe", "merchant_name": "Cedar <!here>"}
    }
    office.pull(1, "a+ c+", **of)
    office.pull(2, "a- c-", **of)
    with office.bot():
        mine = asked(office, "dana")
        assert "1 account of yours at risk" in mine
        assert "Cedar" not in mine
        all_ = asked(office, "lee")
        assert "2 accounts at risk" in all_
        assert "Cedar <!here>" in all_
        assert "GMV at risk" in all_
        assert "shows this" in asked(office, "dana", "help")


@pytest.mark.only_on("sqlite")
def test_an_account_of_the_command_can_be_answered(office: Office, slack: FakeSlack) -> None:
    office.churned()
    with office.bot():
        asked(office, "dana")
        dana = office.as_user("dana")
        dana.click("Answer")
        slack.wait_for(lambda: "Snooze" in blocks_of(dana.modal))


@pytest.mark.only_on("sqlite")
def test_nothing_at_risk_is_good_news(office: Office) -> None:
    office.churned()
    office.pull(3, "a+")
    with office.bot(3.1):
        assert "Well done" in asked(office, "dana")
        assert "Well done" in seen_in(home_of(office, "dana").home)


def _shows(person: Person, words: str) -> bool:
    return words in blocks_of(person.home)


def _uids(person: Person) -> list[str]:
    return [line for line in seen_in(person.home).split() if line.startswith("b") and line[1:].isdigit()]

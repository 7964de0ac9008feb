"""The forms behind the buttons: filled in over a real connection, refused in place, counted once."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.fake_slack import FakeSlack, Person
from tests.programme import day
from tests.slack_bot.office import Office, blocks_of, is_form, seen_in, table
from winback.store.models import Claim, Notice, Owner, Snooze


@pytest.fixture
def churned(office: Office) -> Office:
    office.churned()
    return office


def opened(office: Office, button: str, name: str = "dana") -> Person:
    """Somebody who has opened a form, and sees it filled."""
    person = office.as_user(name)
    person.click(button)
    office.slack.wait_for(lambda: is_form(person.modal))
    return person


def told(office: Office, person: Person, text: str) -> None:
    office.slack.wait_for(lambda: text in blocks_of(person.modal))
    assert person.errors == []


def test_an_outcome_is_logged_with_a_reason_of_its_own_list(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        dana = opened(churned, "Log outcome")
        assert "Alder Shop · payments · UID a" in seen_in(dana.modal)
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        assert "Re-trained" not in blocks_of(dana.modal)
        assert dana.submit({"reason_lost": "Competitor", "note": "<!channel> *cheap*"}) == {}
        told(churned, dana, "Alder Shop is lost")
        (claim,) = table(workspace, "claims")
        assert (claim["outcome"], claim["reason"], claim["note"]) == ("lost", "Competitor", "<!channel> *cheap*")
        assert (claim["csm_name"], claim["source"]) == ("Dana Ruiz", "slack")
        churned.wait_for("Logged as lost by Dana Ruiz (Competitor)")


@pytest.mark.only_on("sqlite")
def test_who_changes_the_outcome_chooses_the_reason_anew_and_keeps_the_note(churned: Office, slack: FakeSlack) -> None:
    with churned.bot() as workspace:
        dana = opened(churned, "Log outcome")
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        dana.fill({"reason_lost": "Price", "note": "on the phone"})
        dana.click("outcome", "Won: they are back, or will be within 14 days", within=dana.modal)
        slack.wait_for(lambda: "Re-trained" in blocks_of(dana.modal))
        assert dana.submit({"reason_won": "Re-trained"}) == {}
        told(churned, dana, "Alder Shop is won")
        (claim,) = table(workspace, "claims")
        assert (claim["outcome"], claim["reason"], claim["note"]) == ("won", "Re-trained", "on the phone")


def test_a_form_that_is_delivered_twice_counts_once(churned: Office, slack: FakeSlack) -> None:
    with churned.bot():
        dana = opened(churned, "Log outcome")
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        slack.deliveries.times = 2
        dana.submit({"reason_lost": "Competitor"})
        told(churned, dana, "Alder Shop is lost")
        assert Claim.objects.count() == 1


@pytest.mark.only_on("sqlite")
def test_an_outcome_without_a_reason_is_refused_in_the_form(churned: Office, slack: FakeSlack) -> None:
    with churned.bot():
        dana = opened(churned, "Log outcome")
        slack.faults.order("error", "views.update", code="internal_error")
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        assert dana.submit({}) == {"outcome": "Now choose why, please."}
        assert Claim.objects.count() == 0


@pytest.mark.parametrize(("chosen", "on"), [("1 day", 3), ("7 days", 9), ("Until the date below", 12)])
def test_a_snooze_ends_at_the_beginning_of_a_day(churned: Office, chosen: str, on: int) -> None:
    with churned.bot():
        dana = opened(churned, "Snooze")
        on_date = (day(12)).date().isoformat()
        more = {"date": on_date} if "date" in chosen else {}
        assert dana.submit({"until": chosen, "reason": "on holiday"} | more) == {}
        told(churned, dana, "is snoozed until")
        snooze = Snooze.objects.get()
        assert snooze.until_at == day(on) - dt.timedelta(hours=9)
        assert snooze.reason == "on holiday"
        churned.wait_for("Snoozed until")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("when", ["2026-11-02", "2027-11-02", None])
def test_a_date_that_will_not_do_is_refused_in_the_form(churned: Office, when: str | None) -> None:
    with churned.bot():
        dana = opened(churned, "Snooze")
        values = {"until": "Until the date below", "reason": "later"} | ({"date": when} if when else {})
        expected = "Choose a day from tomorrow to 90 days ahead." if when else "Choose the date, please."
        assert dana.submit(values) == {"date": expected}
        assert dana.submit({"reason": "   ", "until": "1 day"}) == {"reason": "A few words, please."}
        assert Snooze.objects.count() == 0


def test_an_account_is_given_to_a_colleague_who_is_told(churned: Office, slack: FakeSlack) -> None:
    with churned.bot():
        dana = opened(churned, "Not mine")
        assert dana.submit({"colleague": churned.users["sam"].id, "reason": "moved"}) == {}
        told(churned, dana, "is Sam Roe's now")
        churned.wait_for("Dana Ruiz has given you Alder Shop", to="sam")
        churned.wait_for("Now with Sam Roe")
        assert Owner.objects.filter(csm_email="sam@shop.example", assignment__reason="moved").count() == 1


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["gil", "gone"])
def test_an_account_is_given_to_no_guest_and_to_nobody_who_is_gone(churned: Office, who: str) -> None:
    if who == "gone":
        churned.users["gone"] = churned.slack.add_user("Gone Roe", deleted=True)
        churned.read_directory()
    with churned.bot():
        dana = opened(churned, "Not mine")
        dana.submit({"colleague": churned.users[who].id})
        told(churned, dana, "can't be given accounts")
        assert Owner.objects.exclude(assignment=None).count() == 0


def test_wrong_data_is_told_to_the_operators(churned: Office, slack: FakeSlack) -> None:
    with churned.bot():
        dana = opened(churned, "Data is wrong")
        assert dana.submit({"reason": " "}) == {"reason": "A few words, please."}
        dana.submit({"reason": "they <@U0FAKE0002> never <!here> left"})
        told(churned, dana, "an operator is asked")
        slack.wait_for(lambda: slack.messages("#ops"))
        (message,) = slack.messages("#ops")
        assert "Dana Ruiz says that the data of Alder Shop" in message.text
        assert "<!here>" not in message.text
        assert Notice.objects.filter(kind="doubt").count() == 1


@pytest.mark.only_on("sqlite")
def test_a_stranger_opens_no_form(churned: Office, slack: FakeSlack) -> None:
    churned.users["dana"].deleted = True
    churned.read_directory()
    churned.pull(4, "a-")
    with churned.bot(4.1):
        sam = churned.as_user("sam")
        sam.click("Log outcome", within=slack.messages("#winback")[0])
        slack.wait_for(lambda: "looked after by" in blocks_of(sam.modal))
        assert not is_form(sam.modal)


@pytest.mark.only_on("sqlite")
def test_a_case_that_comes_back_while_its_form_is_open(churned: Office, slack: FakeSlack) -> None:
    with churned.bot():
        dana = opened(churned, "Snooze")
    churned.pull(3, "a+")
    churned.said.clear()
    with churned.bot(3.1):
        dana.submit({"until": "1 day", "reason": "later"})
        told(churned, dana, "is back since")
        assert Snooze.objects.count() == 0


def test_a_win_is_logged_below_the_news_of_it(churned: Office, slack: FakeSlack) -> None:
    churned.pull(3, "a+")
    with churned.bot(3.1) as workspace:
        dana = opened(churned, "Yes, log it as won")
        assert dana.submit({"reason_won": "Issue resolved"}) == {}
        told(churned, dana, "is back, thanks to you")
        assert table(workspace, "claims")[0]["outcome"] == "won"


@pytest.mark.only_on("sqlite")
def test_hostile_names_stay_words(office: Office, slack: FakeSlack) -> None:
    hostile = {"merchant_name": "<!channel> *b* & <https://evil.example|x> " + "m" * 5000, "region": "<@U0FAKE0001>"}
    office.pull(1, "a+", hostile)
    office.pull(2, "a-", hostile)
    with office.bot():
        for button in ("Log outcome", "Snooze", "Not mine", "Data is wrong"):
            dana = opened(office, button)
            assert "mrkdwn" not in blocks_of(dana.modal)
            dana.close()
        assert dana.errors == []


@pytest.mark.only_on("sqlite")
def test_in_a_bundle_every_account_has_a_form_with_all_its_buttons(office: Office, slack: FakeSlack) -> None:
    words = " ".join(f"b{number}+" for number in range(8))
    office.pull(1, f"{words} y+")
    office.pull(2, f"{words.replace('+', '-')} y+")
    with office.bot() as workspace:
        dana = office.as_user("dana")
        dana.click("Answer")
        slack.wait_for(lambda: "Snooze" in blocks_of(dana.modal))
        dana.click("I reached out", within=dana.modal)
        told(office, dana, "you reached out to")
        assert len(table(workspace, "activities")) == 1
        dana.close()
        dana.click("Answer")
        slack.wait_for(lambda: "Log outcome" in blocks_of(dana.modal))
        dana.click("Log outcome", within=dana.modal)
        slack.wait_for(lambda: is_form(dana.modal))

"""What docs/slack.md shows of the bot: the forms, the Home tab, what /winback answers, the digest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.channels.slack.pages import EXAMPLES, Shop, example
from tests.fake_slack import Person
from tests.fake_slack.shown import show_view
from tests.programme import Row
from tests.slack_bot.office import blocks_of, bot_of, is_form

__all__ = ["EXAMPLES"]


@contextmanager
def bot_in(shop: Shop, now: float = 2.1) -> Iterator[Person]:
    """The bot at work, and Dana at her Slack."""
    with bot_of(shop.programme, shop.slack, now, []):
        yield shop.slack.as_user(shop.dana)


def form(shop: Shop, button: str) -> str:
    shop.churned()
    with bot_in(shop) as dana:
        dana.click(button)
        shop.slack.wait_for(lambda: is_form(dana.modal))
        return modal_of(shop, dana)


def modal_of(shop: Shop, person: Person) -> str:
    assert person.modal is not None
    return show_view(person.modal, shop.slack.workspace.users)


def home_of(shop: Shop, person: Person) -> str:
    person.open_home()
    shop.slack.wait_for(lambda: person.home)
    assert person.home is not None
    return show_view(person.home, shop.slack.workspace.users)


def answer_to(shop: Shop, person: Person, text: str = "") -> str:
    before = len(person.messages())
    person.command("/winback", text)
    shop.slack.wait_for(lambda: len(person.messages()) > before)
    return shop.show(person.messages()[-1])


def several(shop: Shop) -> None:
    of: dict[str, Row] = {"b": {"merchant_name": "Birch Bikes", "gmv": 240_000, "revenue": 4_000}}
    shop.pull(1, "a+ b+", **of)
    shop.pull(2, "a- b-", **of)


@example("*I reached out*, as only you see it")
def reached_out(shop: Shop) -> str:
    shop.churned()
    with bot_in(shop) as dana:
        dana.click("I reached out")
        shop.slack.wait_for(lambda: any(message.only_for for message in dana.messages()))
        return shop.show(next(message for message in dana.messages() if message.only_for))


@example("*Log outcome*")
def log_outcome(shop: Shop) -> str:
    shop.churned()
    with bot_in(shop) as dana:
        dana.click("Log outcome")
        shop.slack.wait_for(lambda: is_form(dana.modal))
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        shop.slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        return modal_of(shop, dana)


@example("*Log outcome*, once it is saved")
def logged_outcome(shop: Shop) -> str:
    shop.churned()
    with bot_in(shop) as dana:
        dana.click("Log outcome")
        shop.slack.wait_for(lambda: is_form(dana.modal))
        dana.click("outcome", "Lost: they will not come back", within=dana.modal)
        shop.slack.wait_for(lambda: "Competitor" in blocks_of(dana.modal))
        dana.submit({"reason_lost": "Competitor"})
        shop.slack.wait_for(lambda: "is lost" in blocks_of(dana.modal))
        return modal_of(shop, dana)


@example("*Snooze*, with a date that will not do")
def snooze(shop: Shop) -> str:
    shop.churned()
    with bot_in(shop) as dana:
        dana.click("Snooze")
        shop.slack.wait_for(lambda: is_form(dana.modal))
        dana.submit({"until": "Until the date below", "date": "2027-11-03", "reason": "they move house"})
        return modal_of(shop, dana)


@example("*Not mine*")
def not_mine(shop: Shop) -> str:
    return form(shop, "Not mine")


@example("*Data is wrong*")
def data_wrong(shop: Shop) -> str:
    return form(shop, "Data is wrong")


@example("*Answer*, below one of several accounts")
def answer(shop: Shop) -> str:
    several(shop)
    with bot_in(shop) as dana:
        answer_to(shop, dana)
        dana.click("Answer")
        shop.slack.wait_for(lambda: "Snooze" in blocks_of(dana.modal))
        return modal_of(shop, dana)


@example("A click that comes too late")
def too_late(shop: Shop) -> str:
    shop.churned()
    dana = shop.slack.as_user(shop.dana)
    seen = dana.as_seen(dana.messages()[0])
    shop.pull(3, "a+")
    with bot_in(shop, 3.1):
        dana.click("I reached out", within=seen)
        shop.slack.wait_for(lambda: any(message.only_for for message in dana.messages()))
        return shop.show(dana.messages()[-1])


@example("The Home tab")
def home(shop: Shop) -> str:
    several(shop)
    with bot_in(shop) as dana:
        return home_of(shop, dana)


@example("A manager's Home tab")
def home_of_manager(shop: Shop) -> str:
    several(shop)
    with bot_in(shop):
        return home_of(shop, shop.slack.as_user(shop.lee))


@example("`/winback`")
def command(shop: Shop) -> str:
    several(shop)
    with bot_in(shop) as dana:
        return answer_to(shop, dana)


@example("`/winback help`")
def help_(shop: Shop) -> str:
    several(shop)
    with bot_in(shop) as dana:
        return answer_to(shop, dana, "help")


@example("`/winback`, of somebody whom nobody knows")
def stranger(shop: Shop) -> str:
    shop.slack.add_user("Sam Roe", id="U0STRANGER")
    several(shop)
    with bot_in(shop):
        return answer_to(shop, shop.slack.as_user("U0STRANGER"))


@example("The digest")
def digest(shop: Shop) -> str:
    shop.set(slack='digest = { channel = "#ops", at = "09:00" }')
    several(shop)
    with bot_in(shop):
        shop.slack.wait_for(lambda: shop.seen("#ops"))
        return shop.show(shop.seen("#ops")[0])

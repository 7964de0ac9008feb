"""What docs/slack.md shows of Slack: real pulls and answers, delivered to a Slack of our own, and read there.

Each example is a function that plays what leads to it and gives what is then seen; its title is the heading below which
docs/slack.md shows it. The page is written anew with `WINBACK_WRITE_DOCS=1 pytest tests/channels/slack/test_pages.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fake_slack import FakeSlack, Message
from tests.fake_slack.shown import read_marks, show_message
from tests.programme import LENIENT, Programme, Row, day, rows
from winback import answers
from winback.answers import Actor
from winback.store.models import Case

OTHERS = " ".join(f"z{number}+" for number in range(20))
Example = Callable[["Shop"], str]
EXAMPLES: dict[str, Example] = {}


def example(title: str) -> Callable[[Example], Example]:
    def add(function: Example) -> Example:
        EXAMPLES[title] = function
        return function

    return add


class Shop:
    """A workspace whose messages go to Slack: of Dana, whose manager is Lee, and whose account `a` is Alder & Sons."""

    def __init__(self, folder: Path, slack: FakeSlack, settings: str = "") -> None:
        self.slack = slack
        self.dana = slack.add_user("Dana Ruiz", email="dana@shop.example")
        self.lee = slack.add_user("Lee Park", email="lee@shop.example")
        slack.add_channel("winback")
        slack.add_channel("ops")
        self.messages = 'channel = "slack"\naccount_url = "https://crm.example/accounts/{uid}"\nshow = ["Plan"]\n'
        self._rest = f'[slack]\nbase_url = "{slack.base_url}"\n[alerts]\nto = ["#ops"]\n'
        self._rest += '[people."Dana Ruiz"]\nmanager = "lee@shop.example"\n'
        self.programme = Programme(folder, self._text(settings, LENIENT))

    def set(self, settings: str = "", guard: str = LENIENT, slack: str = "") -> None:
        """`settings`: of messages, `slack`: of Slack."""
        self.programme.set(self._text(settings, guard, slack))

    def pull(self, number: float, words: str, every: Row | None = None, **of: Row) -> Any:
        """Accounts of Dana's, among others that stay as they are."""
        account: Row = {"csm_name": "Dana Ruiz", "csm_email": "dana@shop.example", "region": "EMEA", "Plan": "Gold"}
        names: dict[str, Row] = {"a": {"merchant_name": "Alder & Sons", "gmv": "176742.40", "revenue": "3120.00"}}
        report = [*rows(words, {**account, **(every or {})}, **(names | of)), *rows(OTHERS)]
        return self.programme.pull(day(number), self.programme.file(report))

    def churned(self) -> None:
        self.pull(1, "a+")
        self.pull(2, "a-")

    def answer(self, number: float, use_case: Callable[..., object], *arguments: object, **more: object) -> None:
        """Dana's, about the newest case; then messages say how it stands."""
        with self.programme.open(day(number)) as workspace:
            actor = Actor(self.dana.id, "Dana Ruiz", "dana@shop.example")
            case = Case.objects.latest("pk").pk
            use_case(workspace.settings, case, *arguments, actor, day(number), f"click {number}", **more)
            workspace.notify()

    def seen(self, to: str | None = None) -> list[Message]:
        """By Dana, or in a channel."""
        return self.slack.messages(to or self.dana.id)

    def show(self, message: Message) -> str:
        return show_message(message, self.slack.workspace.users)

    def _text(self, settings: str, guard: str, slack: str = "") -> str:
        rest = self._rest.replace("[slack]\n", f"[slack]\n{slack}\n")
        return f"[messages]\n{self.messages}{settings}\n{rest}{guard}"


@example("The first message")
def first(shop: Shop) -> str:
    shop.churned()
    return shop.show(shop.seen()[0])


@example("What a screen reader says")
def read_out(shop: Shop) -> str:
    shop.churned()
    return read_marks(shop.seen()[0].text, shop.slack.workspace.users)


@example("The second, in the thread of the first")
def second(shop: Shop) -> str:
    shop.churned()
    shop.pull(4, "a-")
    return shop.show(shop.seen()[1])


@example("The final one")
def final(shop: Shop) -> str:
    shop.churned()
    shop.pull(7, "a-")
    return shop.show(shop.seen()[1])


@example("A word to the manager")
def to_manager(shop: Shop) -> str:
    shop.churned()
    shop.pull(7, "a-")
    return shop.show(shop.seen(shop.lee.id)[0])


@example("After *I reached out*")
def engaged(shop: Shop) -> str:
    shop.churned()
    shop.answer(2.1, answers.reach_out)
    return shop.show(shop.seen()[0])


@example("While snoozed")
def snoozed(shop: Shop) -> str:
    shop.churned()
    shop.answer(2.1, answers.snooze, day(5), "on holiday until Thursday")
    return shop.show(shop.seen()[0])


@example("Once the outcome is logged")
def claimed(shop: Shop) -> str:
    shop.churned()
    shop.answer(2.1, answers.claim, "lost", "Competitor", None)
    return shop.show(shop.seen()[0])


@example("Once the account is back: the first message")
def won(shop: Shop) -> str:
    shop.churned()
    shop.pull(5, "a+")
    return shop.show(shop.seen()[0])


@example("Once the account is back: the reply")
def readopted(shop: Shop) -> str:
    shop.churned()
    shop.pull(5, "a+")
    return shop.show(shop.seen()[1])


@example("When the report was wrong")
def undone(shop: Shop) -> str:
    shop.pull(1, "a+")
    wrong = shop.pull(2, "a-")
    shop.programme.undo(wrong)
    return shop.show(shop.seen()[0])


@example("Several accounts at once")
def bundled(shop: Shop) -> str:
    names = ("Alder & Sons", "Birch Bikes", "Cedar Café", "Dogwood Deli", "Elm Electrics", "Fir Fashion")
    of: dict[str, Row] = {
        name[0].lower(): {"merchant_name": name, "gmv": 9_000 - 1_000 * number} for number, name in enumerate(names)
    }
    words = " ".join(f"{uid}+" for uid in of)
    shop.pull(1, words, **of)
    shop.pull(2, words.replace("+", "-"), **of)
    return shop.show(shop.seen()[0])


@example("New adoptions")
def adopted(shop: Shop) -> str:
    of: dict[str, Row] = {"b": {"merchant_name": "Birch Bikes", "gmv": 7_500}, "a": {"merchant_name": "Alder & Sons"}}
    shop.pull(1, "a- b-", **of)
    shop.pull(2, "a+ b+", **of)
    return shop.show(shop.seen()[0])


@example("A CSM whom Slack does not know")
def unknown_csm(shop: Shop) -> str:
    other: Row = {"csm_name": "Robin Hale", "csm_email": None}
    shop.pull(1, "a+", other)
    shop.pull(2, "a-", other)
    return shop.show(shop.seen("#winback")[0])


@example("A rehearsal")
def rehearsal(shop: Shop) -> str:
    shop.set('redirect_to = "#ops"')
    shop.churned()
    return shop.show(shop.seen("#ops")[0])


@example("What operators hear")
def held(shop: Shop) -> str:
    shop.set(guard="")
    words = " ".join(f"m{number}+" for number in range(40))
    shop.pull(1, words)
    shop.pull(2, words.replace("+", "-"))
    return shop.show(shop.seen("#ops")[0])

"""What happens when somebody clicks: below a message, on the Home tab, or in a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from winback import answers
from winback.bot.accounts import account, entry_of_case
from winback.bot.asking import who_asks
from winback.bot.forms import FORMS, build_form, with_outcome
from winback.bot.home import publish_home
from winback.bot.views import about_of, modal, telling, waiting
from winback.channels.slack import blocks
from winback.messages.wording import say
from winback.store import answers as stored

if TYPE_CHECKING:
    from slack_bolt import Ack, App, Respond

    from winback.answers import Actor
    from winback.bot.desk import Desk, Tell

Body = dict[str, Any]
_ANSWERS = re.compile(r"(reach_out|log_outcome|snooze|not_mine|data_wrong|answer)(:[0-9]+)?")


@dataclass(frozen=True)
class Click:
    """`place`: what it was made on, the same for clicks in a row; `view`: the form it was made in; `home`: the page of
    the Home tab that it was made on, or whose form it was made in."""

    user: str
    answer: str
    case: int
    place: str
    trigger: str
    view: str | None = None
    home: int | None = None

    @property
    def key(self) -> str:
        return f"slack:{self.user}:{self.place}:{self.case}:{self.answer}"


def listen(app: App, desk: Desk) -> None:
    def on_answer(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        _take(desk, _click(body), _ephemeral(body, respond))

    def on_outcome(ack: Ack, body: Body) -> None:
        ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        view = with_outcome(body["view"], chosen, desk.settings)
        with desk.logging():
            desk.show_view(body["view"]["id"], view)

    def on_useful(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        desk.work_on(partial(_rate, desk, body), _ephemeral(body, respond))

    app.action(_ANSWERS)(on_answer)
    app.action("outcome")(on_outcome)
    app.action("useful")(on_useful)


def _click(body: Body) -> Click:
    action, view = body["actions"][0], body.get("view") or {}
    is_modal = view.get("type") == "modal"
    return Click(
        user=body["user"]["id"],
        answer=action["action_id"].split(":")[0],
        case=int(action["value"]),
        place=str(view.get("hash") or body["container"].get("message_ts") or action["action_ts"]),
        trigger=body["trigger_id"],
        view=view["id"] if is_modal else None,
        home=about_of(view).get("home"),
    )


def _ephemeral(body: Body, respond: Respond) -> Tell:
    """To who clicked alone, in the thread where they did."""
    thread = body.get("message", {}).get("thread_ts")
    more = {"thread_ts": thread} if thread else {}

    def tell(text: str) -> None:
        if body.get("response_url"):
            respond(text=blocks.escaped(text), response_type="ephemeral", replace_original=False, **more)

    return tell


def _take(desk: Desk, click: Click, tell: Tell) -> None:
    """A message is answered in its place; everything else in a form, which is opened before the database is asked."""
    if click.answer == "reach_out" and click.view is None and click.home is None:
        desk.work_on(partial(_reach_out, desk, click, tell), tell)
        return
    title = say(desk.settings, f"button.{click.answer}")
    view = click.view or desk.open_view(click.trigger, waiting(title, desk.settings))
    if view is None:
        tell(say(desk.settings, "bot.broken"))
        return

    def show(text: str) -> None:
        desk.show_view(view, telling(title, text, desk.settings))

    task = partial(_reach_out, desk, click, show) if click.answer == "reach_out" else partial(_fill, desk, click, view)
    desk.work_on(task, show)


def _reach_out(desk: Desk, click: Click, tell: Tell) -> None:
    actor = _actor(desk, click)
    desk.tell(tell, answers.reach_out(desk.settings, click.case, actor, desk.now(), click.key))
    desk.show_state(click.case)
    if click.home is not None:
        publish_home(desk, click.user, click.home)


def _fill(desk: Desk, click: Click, view: str) -> None:
    """Puts the form, or the account with all its buttons, in the place of what was opened at once."""
    settings, actor = desk.settings, _actor(desk, click)
    about: Body = {"case": click.case, "home": click.home}
    if click.answer == "answer":
        case = answers.allowed_case(settings, click.case, actor, desk.now())
        shown = list(account(entry_of_case(settings, case, desk.run()), settings))
        filled = modal(say(settings, "button.answer"), shown, settings)
    else:
        asked = answers.open_case if FORMS[click.answer].is_about_open else answers.allowed_case
        case = asked(settings, click.case, actor, desk.now())
        about |= {"outcome": "won"} if case.readopted_at is not None else {}
        filled = build_form(click.answer, case, about, settings)
    desk.show_view(view, filled)


def _rate(desk: Desk, body: Body) -> None:
    channel, ts = body["channel"]["id"], body["container"]["message_ts"]
    message = stored.message_at(channel, ts)
    actor = who_asks(desk.settings, body["user"]["id"]).actor
    is_useful = body["actions"][0]["value"] == "yes"
    answers.rate(desk.settings, message.key if message else "", is_useful, actor, desk.now())
    if message is not None:
        desk.show_thanks(message.key)


def _actor(desk: Desk, click: Click) -> Actor:
    return who_asks(desk.settings, click.user).actor

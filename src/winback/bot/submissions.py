"""What happens when a form is sent."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from winback.bot.asking import who_asks
from winback.bot.forms import FORMS, Doing, Wrong
from winback.bot.home import publish_home
from winback.bot.views import about_of, telling, waiting
from winback.messages.wording import say

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from winback.bot.desk import Desk, Tell

View = dict[str, Any]
# What the acknowledgement puts into the form must not come after what is shown there in the end, and either goes its
# own way to Slack.
_SETTLED = 0.7


def listen(app: App, desk: Desk) -> None:
    def on_form(ack: Ack, body: dict[str, Any], view: View) -> None:
        name, about = view["callback_id"], about_of(view)
        try:
            doing = FORMS[name].read(desk.settings, view, int(about["case"]), desk.now())
        except Wrong as wrong:
            ack(response_action="errors", errors=wrong.fields)
            return
        title = say(desk.settings, f"button.{name}")
        ack(response_action="update", view=waiting(title, desk.settings))

        acknowledged_at = time.monotonic()

        def show(text: str) -> None:
            time.sleep(max(0.0, acknowledged_at + _SETTLED - time.monotonic()))
            desk.show_view(view["id"], telling(title, text, desk.settings))

        desk.work_on(partial(_record, desk, body["user"]["id"], view["id"], about, doing, show), show)

    for name in FORMS:
        app.view(name)(on_form)


def _record(desk: Desk, user: str, view: str, about: dict[str, Any], doing: Doing, show: Tell) -> None:
    """A form counts once, however often it arrives: by its id."""
    actor = who_asks(desk.settings, user).actor
    desk.tell(show, doing(actor, desk.now(), f"slack:{user}:{view}"))
    desk.show_state(int(about["case"]))
    if about.get("home") is not None:
        publish_home(desk, user, int(about["home"]))

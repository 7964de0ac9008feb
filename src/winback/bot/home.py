"""The Home tab: my accounts at risk, for a manager the team's figures too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from winback.bot.accounts import account, entries_at_risk
from winback.bot.asking import Asker, welcomed
from winback.bot.team import figures, team
from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.messages.wording import say, say_accounts

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from winback.bot.desk import Desk
    from winback.messages.content import Entry

View = dict[str, Any]
# Of four blocks each, where a view has room for a hundred.
PAGE = 20


def listen(app: App, desk: Desk) -> None:
    def on_opened(event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            _publish_soon(desk, event["user"], 0)

    def on_page(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _publish_soon(desk, body["user"]["id"], int(body["actions"][0]["value"]))

    app.event("app_home_opened")(on_opened)
    for way in ("previous", "next"):
        app.action(f"home_{way}")(on_page)


def _publish_soon(desk: Desk, user: str, page: int) -> None:
    def show(text: str) -> None:
        desk.client.views_publish(user_id=user, view=_view([blocks.section(text)], 0))

    desk.work_on(partial(publish_home, desk, user, page), show)


def publish_home(desk: Desk, user: str, page: int) -> None:
    """A page that has become empty is the first one."""
    asker = welcomed(desk.settings, user)
    entries, total = entries_at_risk(desk.settings, asker.csm, desk.run(), PAGE, page * PAGE)
    if not entries and page:
        publish_home(desk, user, 0)
        return
    shown = list(_shown(desk, asker, page, entries, total))
    desk.client.views_publish(user_id=user, view=_view(shown, page))


def _view(shown: list[Block], page: int) -> View:
    return {"type": "home", "private_metadata": json.dumps({"home": page}), "blocks": shown}


def _shown(desk: Desk, asker: Asker, page: int, entries: list[Entry], total: int) -> Iterator[Block]:
    settings, now = desk.settings, desk.run().now
    yield blocks.header(say(settings, "home.title"))
    if asker.is_manager and page == 0:
        yield from figures(settings, now)
        yield from team(settings, asker.actor, now)
    if not entries:
        if not asker.is_manager:
            yield blocks.section(say(settings, "home.none"))
        return
    yield blocks.section(say(settings, "home.yours", accounts=say_accounts(total, settings)))
    for entry in entries:
        yield {"type": "divider"}
        yield from account(entry, settings)
    if total > PAGE:
        yield from _turning(page, len(entries), total, desk)


def _turning(page: int, many: int, total: int, desk: Desk) -> Iterator[Block]:
    settings, first = desk.settings, page * PAGE + 1
    yield blocks.context(say(settings, "home.page", first=f"{first:,}", last=f"{first + many - 1:,}", all=f"{total:,}"))
    ways = {"previous": page - 1} if page else {}
    ways |= {"next": page + 1} if first + many - 1 < total else {}
    yield blocks.actions(
        [blocks.button(f"home_{way}", say(settings, f"home.{way}"), str(to)) for way, to in ways.items()]
    )

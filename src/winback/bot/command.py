"""/winback: the accounts at risk, seen by who asked alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winback.bot.accounts import entries_at_risk
from winback.bot.asking import Asker, welcomed
from winback.bot.team import figures
from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.channels.slack.layout import line
from winback.messages.wording import say, say_accounts

if TYPE_CHECKING:
    from slack_bolt import Ack, App, Respond

    from winback.bot.desk import Desk

_MOST = 12


def listen(app: App, desk: Desk) -> None:
    def on_command(ack: Ack, command: dict[str, Any], respond: Respond) -> None:
        ack()

        def tell(text: str) -> None:
            respond(text=blocks.escaped(text), response_type="ephemeral")

        def answer() -> None:
            asker = welcomed(desk.settings, command["user_id"])
            if (command.get("text") or "").strip():
                respond(text=say(desk.settings, "command.help"), response_type="ephemeral")
                return
            shown = list(_shown(desk, asker))
            text = blocks.escaped(shown[0]["text"]["text"])
            respond(text=text, blocks=blocks.numbered(shown), response_type="ephemeral")

        desk.work_on(answer, tell)

    app.command("/winback")(on_command)


def _shown(desk: Desk, asker: Asker) -> Iterator[Block]:
    settings, run = desk.settings, desk.run()
    of = None if asker.is_manager else asker.csm
    entries, total = entries_at_risk(settings, of, run, _MOST)
    key = "home.none" if not total else "command.all" if asker.is_manager else "home.yours"
    yield blocks.section(say(settings, key, accounts=say_accounts(total, settings)))
    if asker.is_manager:
        yield from figures(settings, run.now)
    for entry in entries:
        yield line(entry, True, settings, names_stage=False)
    if total > len(entries):
        left = say_accounts(total - len(entries), settings)
        yield blocks.context(say(settings, "command.more", accounts=left))

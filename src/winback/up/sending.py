"""What is planned is sent, and what is to be told is told, all day: after somebody's quiet hours, when a channel takes
messages again, when a pull is missing."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from winback.errors import WinbackError
from winback.store import database
from winback.terminal.pulls import told_sent

if TYPE_CHECKING:
    from winback.workspace import Workspace

log = logging.getLogger("winback.sender")
_EVERY = 60.0


def keep_sending(workspace: Workspace, stop: threading.Event) -> None:
    said = ""
    while True:
        said = _send(workspace, said)
        if stop.wait(_EVERY):
            break


def _send(workspace: Workspace, said: str) -> str:
    """`said`: what the last run came to, so that what stays as it is is logged once."""
    try:
        sent = workspace.notify()
        text = told_sent(sent) if any(vars(sent).values()) else ""
        if text and (text != said or sent.messages):
            log.info("%s", text)
        return text
    except WinbackError as problem:
        if str(problem) != said:
            log.warning("%s", problem)
        return str(problem)
    except Exception:
        log.exception("the sender goes on")
        return ""
    finally:
        database.close_database()

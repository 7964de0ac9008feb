"""Senders in processes of their own, which can be killed at any moment."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import time
from pathlib import Path

import winback.channels.slack.client
from tests.messages.post_office import Waiting
from winback import open_workspace

# One process that has everything imported and nothing open is the parent of all senders.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, "winback.workspace", "winback.channels.slack.channel", "winback.sending"])


def run_sender(folder: Path, now: dt.datetime, speed: float, killed_after: float | None = None) -> bool:
    """`winback notify` at a moment, in a process for which time passes faster. Whether it came to its end."""
    process = _CONTEXT.Process(target=_notify, args=(str(folder), now, speed, dict(os.environ)))
    process.start()
    process.join(killed_after)
    process.kill()
    process.join()
    if killed_after is None:
        assert process.exitcode == 0
    return process.exitcode == 0


def _notify(folder: str, now: dt.datetime, speed: float, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    # Slack's silence is waited for as long as in real life, in the time that passes here.
    winback.channels.slack.client._SECONDS = 1
    with open_workspace(folder, now=now) as workspace:
        workspace._stop = Waiting(lambda seconds: time.sleep(seconds / speed))
        workspace.notify()

"""The process of `winback up` that does what has a time: `python -m winback.up.working FOLDER`."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from winback import logs
from winback.errors import WinbackError
from winback.faults import in_plain_words
from winback.up.ending import told_to_end

if TYPE_CHECKING:
    from winback.workspace import Workspace

log = logging.getLogger("winback.up")
_LOOK = 0.2


def work(workspace: Workspace, is_over: Callable[[], bool]) -> None:
    """Until it is over; what is under way is ended first. Raises WinbackError where one of its threads has ended by a
    fault, so that all are started anew."""
    from winback.requests import work_off
    from winback.up.schedule import keep_schedule
    from winback.up.sending import keep_sending

    stop = threading.Event()
    tasks = (work_off, keep_sending, keep_schedule)
    threads = [threading.Thread(target=task, args=(workspace, stop), name=task.__name__) for task in tasks]
    for thread in threads:
        thread.start()
    while not is_over() and all(thread.is_alive() for thread in threads):
        time.sleep(_LOOK)
    fallen = [thread.name for thread in threads if not thread.is_alive()]
    stop.set()
    workspace.stop_sending()
    for thread in threads:
        thread.join()
    if fallen:
        raise WinbackError(f"{', '.join(fallen)} has ended by itself")


def main() -> int:
    logs.begin(cast(logs.Form, os.environ.get(logs.VARIABLE, "text")))
    is_over = told_to_end()
    try:
        with in_plain_words():
            from winback.workspace import open_workspace

            with open_workspace(sys.argv[1]) as workspace:
                work(workspace, is_over)
    except WinbackError as error:
        log.error("%s", error)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())

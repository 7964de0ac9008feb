"""`python -m tests.bot FOLDER`: a stand-in for what people do in chat while pulls and senders work.

Until a line comes in it adds notices, releases what waits, and makes cases of some accounts void, as fast as it can;
then it prints how many notices it added.
"""

from __future__ import annotations

import datetime as dt
import itertools
import select
import sys
from pathlib import Path

from winback import open_workspace
from winback.store import notices, outbox, record
from winback.store.models import Case

VOID = ("m40", "m41", "m42")


def write(folder: Path) -> int:
    with open_workspace(folder) as workspace:
        print("begun", flush=True)  # noqa: T201
        for number in itertools.count():
            now = workspace.now()
            notices.add("held", "payments", f"bot:{number}", "console", "#ops", f"bot says {number}", now)
            outbox.release("bot", now)
            void_one(now)
            if select.select([sys.stdin], [], [], 0.01)[0]:
                return number + 1
    return 0


def void_one(now: dt.datetime) -> None:
    case = Case.objects.filter(uid__in=VOID, voided_at=None, readopted_at=None).first()
    if case is not None:
        record.void_case(case, "no churn at all", now)


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))  # noqa: T201

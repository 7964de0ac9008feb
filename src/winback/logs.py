"""What runs all day says what it does on standard error: a line of text for each event, or one of JSON."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from typing import Literal

from winback.core.moments import format_moment
from winback.core.texts import shown

Form = Literal["text", "json"]
VARIABLE = "WINBACK_LOG"


def begin(form: Form) -> None:
    """Ours from INFO on; what libraries say, which knows nothing of what must not be said, only where it is a warning.
    Processes that this one starts are told to do the same."""
    os.environ[VARIABLE] = form
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Text())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("winback").setLevel(logging.INFO)


def _moment(record: logging.LogRecord) -> str:
    return format_moment(dt.datetime.fromtimestamp(record.created, dt.UTC).replace(microsecond=0))


class _Text(logging.Formatter):
    """One line, whatever a report has in a name; a traceback goes on below it."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        line = f"{_moment(record)} {record.name}: {level}{shown(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {"at": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        event["text"] = record.getMessage()
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)

"""What everything that people do in Slack is worked on with."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from winback.answers import AnswerRefused
from winback.channels.slack.errors import code_of, in_our_terms
from winback.errors import WinbackError
from winback.faults import in_plain_words
from winback.messages import notices
from winback.messages.channel import NotDelivered, OutcomeUnknown
from winback.messages.deliver import Post
from winback.messages.edits import refresh_shown, show_again
from winback.messages.wording import say
from winback.sending import run_now
from winback.store import database

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from winback.settings import Settings
    from winback.store.outbox import Run

log = logging.getLogger("winback.bot")
Tell = Callable[[str], None]
# Slack takes about fifty edits a minute.
_MOST_EDITS, _AT_A_TIME = 40, 5


@dataclass(frozen=True)
class Desk:
    """`listening`: threads that acknowledge, and open forms; `work`: others, so that a database that is locked for a
    minute keeps nobody from acknowledging. `editing`: one at a time, so that what a message shows last is what was true
    last."""

    settings: Settings
    client: WebClient
    post: Post
    listening: ThreadPoolExecutor
    work: ThreadPoolExecutor
    editing: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> dt.datetime:
        return self.post.clock()

    def run(self) -> Run:
        return run_now(self.settings, self.now())

    def work_on(self, task: Callable[[], None], tell: Tell) -> None:
        """Has a task done soon; whatever keeps it from being done is told to who asked, and logged unless it is
        theirs to know alone."""
        self.work.submit(self._do, task, tell)

    def _do(self, task: Callable[[], None], tell: Tell) -> None:
        try:
            with in_plain_words(), in_our_terms():
                task()
        except AnswerRefused as refusal:
            self.tell(tell, str(refusal))
        except (NotDelivered, OutcomeUnknown) as problem:
            log.warning("%s", problem)
        except WinbackError as problem:
            log.error("%s", problem)
            self.tell(tell, say(self.settings, "bot.away"))
        except Exception:
            log.exception("an answer could not be worked on")
            self.tell(tell, say(self.settings, "bot.broken"))
        finally:
            database.close_database()

    def show_state(self, case: int) -> None:
        """After an answer: the messages about the case say how it stands, and whoever is to hear of it does."""
        with self.logging(), self.editing:
            refresh_shown(self.post, self.post.open("slack"), self.run(), case)
        with self.logging():
            notices.tell(self.post)

    def show_states(self) -> None:
        """What is left to be edited: after a pull it may be more than Slack takes from one run. Some of it, a few at a
        time, so that what somebody answers is shown soon all the same."""
        for _ in range(_MOST_EDITS // _AT_A_TIME):
            with self.editing:
                edited = refresh_shown(self.post, self.post.open("slack"), self.run(), most=_AT_A_TIME)
            if edited < _AT_A_TIME or self.post.stop.is_set():
                break

    def show_thanks(self, message: str) -> None:
        with self.logging(), self.editing:
            show_again(self.post, self.post.open("slack"), self.run(), message)

    def tell(self, tell: Tell, text: str) -> None:
        """What was recorded stands, whether or not this can be said."""
        with self.logging():
            tell(text)

    @contextmanager
    def logging(self) -> Iterator[None]:
        """The answer stands; what could not be shown of it now, the next `notify` shows."""
        try:
            with in_plain_words(), in_our_terms():
                yield
        except (WinbackError, NotDelivered, OutcomeUnknown) as problem:
            log.warning("%s", problem)

    # Views

    def open_view(self, trigger: str, view: dict[str, Any]) -> str | None:
        """Opens a form; its id, None where Slack does not let it be opened any more."""
        try:
            with in_our_terms():
                return str(self.client.views_open(trigger_id=trigger, view=view)["view"]["id"])
        except (NotDelivered, OutcomeUnknown) as problem:
            log.warning("%s", problem)
            return None

    def show_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Whoever has closed it in the meantime sees nothing."""
        try:
            self.client.views_update(view_id=view_id, view=view)
        except SlackApiError as problem:
            if code_of(problem) != "not_found":
                raise

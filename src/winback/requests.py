"""Long work that is asked for in a page or in Slack: a row first, then done by whoever works requests off.

Every use case behind a request can be run again, so that one whose worker died is simply done by another.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from winback import progress, uploads
from winback.core.moments import format_moment, parse_when
from winback.errors import DatabaseFailed, ReportRefused, UsageError, WinbackError
from winback.faults import in_plain_words, plainly
from winback.messages.deliver import sender
from winback.report.sources import named_moment
from winback.store import database, requests
from winback.store.models import Request

if TYPE_CHECKING:
    from winback.outcomes import Outcome
    from winback.settings import Product, Settings
    from winback.workspace import Workspace

Status = Literal["planned", "working", "done", "failed"]
Arguments = Mapping[str, Any]
log = logging.getLogger("winback.requests")
# How often, in seconds, it is looked whether anything is asked for.
_EVERY = 1.0
# Kind → the arguments it needs, and those it may have.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "check_upload": (("product", "path"), ("at",)),
    "pull_upload": (("product", "path"), ("at", "messages")),
    "approve": (("pull", "reason"), ()),
    "reject": (("pull", "reason"), ()),
    "undo": (("pull", "reason"), ()),
    "import_claims": (("path",), ()),
    "release": ((), ()),
}


@dataclass(frozen=True)
class Asked:
    """A request as it stands. `progress`: the stage it is at, in words; `share`: how much of it is done, from 0 to 1.
    `outcome`: what it came to, ready for JSON; see docs/operations.md."""

    id: int
    kind: str
    arguments: dict[str, Any]
    asked_by: str
    asked_at: dt.datetime
    status: Status
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    progress: str | None
    share: float | None
    outcome: dict[str, Any] | None
    error: str | None


@plainly
def ask(settings: Settings, kind: str, arguments: Arguments, by: str, now: dt.datetime, *, key: str) -> int:
    """Its id. What is asked for twice with the same `key`, as by a form that was sent twice, is done once. Raises
    UsageError where an argument is missing, unknown or wrong.

    check_upload, pull_upload: `product`, `path` (of `uploads.store_upload`), `at` (a moment, or its text), `messages`;
    approve, reject, undo: `pull`, `reason`; import_claims: `path`; release: nothing.
    """
    needed, optional = KINDS.get(kind, ((), ()))
    if kind not in KINDS or not set(needed) <= arguments.keys() <= {*needed, *optional}:
        found = f"{kind} with {', '.join(arguments) or 'nothing'}"
        raise UsageError(f"expected one of {', '.join(KINDS)} with its arguments, found {found}")
    fixed = dict(arguments)
    if "reason" in fixed and not str(fixed["reason"]).strip():
        raise UsageError("expected a reason in a few words, for whoever asks why later")
    if "path" in fixed:
        fixed["path"] = uploads.name_of(settings, fixed["path"])
    if "product" in fixed:
        fixed["at"] = format_moment(_moment(settings, fixed, now))
    return requests.add(kind, fixed, key, by, now)


def _moment(settings: Settings, arguments: Arguments, now: dt.datetime) -> dt.datetime:
    """Said once, when it is asked for: who begins again an hour later must not read the report as of another moment."""
    product = _product(settings, arguments["product"])
    at, name = arguments.get("at"), arguments["path"].rpartition("/")[2]
    if at is None:
        return named_moment(name, product.report, settings.tz, product.at_time) or now.replace(microsecond=0)
    if isinstance(at, dt.datetime):
        return at
    try:
        return parse_when(str(at), settings.tz, product.at_time)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _product(settings: Settings, name: str) -> Product:
    if name not in settings.products:
        raise UsageError(f'there is no product "{name}" in winback.toml; there are: {", ".join(settings.products)}')
    return settings.products[name]


@plainly
def find(id_: int) -> Asked | None:
    request = Request.objects.filter(pk=id_).first()
    return None if request is None else _asked(request)


@plainly
def recent(limit: int) -> list[Asked]:
    """The newest first."""
    return [_asked(request) for request in Request.objects.order_by("-asked_at", "-pk")[:limit]]


def _asked(request: Request) -> Asked:
    return Asked(
        id=request.pk,
        kind=request.kind,
        arguments=request.arguments,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        status=cast(Status, request.status),
        started_at=request.started_at,
        ended_at=request.ended_at,
        progress=request.progress,
        share=request.share,
        outcome=request.outcome,
        error=request.error,
    )


def work_off(workspace: Workspace, stop: threading.Event, *, once: bool = False) -> None:
    """Does what is asked for, one after the other, until `stop` is set; what is under way is ended first. `once`: until
    nothing is left to do."""
    with _Pulse() as pulse:
        while not stop.is_set():
            try:
                with in_plain_words():
                    is_done = _work_off_one(workspace, pulse)
            except WinbackError as problem:
                # Who comes next takes it over, perhaps this very process, once the database answers again.
                log.warning("%s", problem)
                is_done = False
            if not is_done and (once or stop.wait(_EVERY)):
                break
    database.close_database()


def _work_off_one(workspace: Workspace, pulse: _Pulse) -> bool:
    request = requests.claim(pulse.worker, _clock())
    if request is None:
        return False
    log.info("%s (request %s) of %s begins", request.kind, request.pk, request.asked_by)
    with pulse.of(request):
        outcome, error = _try(workspace, request, pulse)
    requests.end(request, _clock(), outcome, error)
    # What it says may be of a report's content, which is nothing for a log.
    log.info("%s (request %s) %s", request.kind, request.pk, "failed; its row says why" if error else "is done")
    return True


def _try(workspace: Workspace, request: Request, pulse: _Pulse) -> tuple[dict[str, Any] | None, str | None]:
    if request.attempts > requests.TRIES:
        return None, f"{requests.TRIES} workers have begun it, and none came to its end: see their log, then ask again"
    try:
        with in_plain_words(), progress.heard_by(pulse.reach):
            return _DOES[request.kind](workspace, request), None
    except DatabaseFailed:
        raise
    except WinbackError as problem:
        return None, " ".join(str(problem).split())
    except Exception:
        log.exception("%s (request %s)", request.kind, request.pk)
        return None, "the program failed over it; its log has more"
    finally:
        database.close_database()


def _check_upload(workspace: Workspace, request: Request) -> dict[str, Any]:
    given = request.arguments
    try:
        path = uploads.path_of(workspace.settings, given["path"])
        outcome = workspace.pull(given["product"], path, given["at"], dry_run=True)
    except ReportRefused as refusal:
        return {"verdict": "refused", "reason": " ".join(str(refusal).split())}
    verdict = "held" if outcome.findings else "applied"
    return {"verdict": verdict if outcome.is_new else "unchanged", **_document(outcome)}


def _pull_upload(workspace: Workspace, request: Request) -> dict[str, Any]:
    given = request.arguments
    path = uploads.path_of(workspace.settings, given["path"])
    return _document(workspace.pull(given["product"], path, given["at"], messages=given.get("messages", True)))


def _decide(workspace: Workspace, request: Request) -> dict[str, Any]:
    given = request.arguments
    decide = {"approve": workspace.approve, "reject": workspace.reject, "undo": workspace.undo}[request.kind]
    return _document(decide(given["pull"], given["reason"], request.asked_by))


def _import_claims(workspace: Workspace, request: Request) -> dict[str, Any]:
    path = uploads.path_of(workspace.settings, request.arguments["path"])
    imported = workspace.import_claims(path, request.asked_by)
    unmatched = [{"line": line.shown, "uid": line.uid} for line in imported.unmatched]
    return asdict(imported) | {"unmatched": unmatched}


def _release(workspace: Workspace, request: Request) -> dict[str, Any]:
    return asdict(workspace.notify(release=True, by=request.asked_by))


def _document(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"at": format_moment(outcome.at)}


_DOES: dict[str, Callable[[Workspace, Request], dict[str, Any]]] = {
    "check_upload": _check_upload,
    "pull_upload": _pull_upload,
    "approve": _decide,
    "reject": _decide,
    "undo": _decide,
    "import_claims": _import_claims,
    "release": _release,
}


class _Pulse:
    """Says every few seconds that this worker lives, and how far it has got, from a thread of its own."""

    def __init__(self) -> None:
        self.worker = sender()
        self._request: int | None = None
        self._so_far: tuple[str | None, float | None] = (None, None)
        self._is_over = False
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._keep_beating, name="winback-pulse", daemon=True)

    def __enter__(self) -> _Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._news.set()
        self._thread.join()

    @contextmanager
    def of(self, request: Request) -> Iterator[None]:
        self._so_far = (None, None)
        self._request = request.pk
        try:
            yield
        finally:
            self._request = None

    def reach(self, stage: str, rows: int | None) -> None:
        read = "" if rows is None else f", {rows:,} row{'' if rows == 1 else 's'} read"
        self._so_far = f"{stage}{read}", progress.STAGES.index(stage) / len(progress.STAGES)
        self._news.set()

    def _keep_beating(self) -> None:
        while not self._is_over:
            self._beat()
            self._news.wait(requests.BEAT.total_seconds())
            self._news.clear()
        self._say(lambda: requests.leave(self.worker))
        database.close_database()

    def _beat(self) -> None:
        self._say(lambda: requests.beat(self.worker, _clock(), self._request, *self._so_far))

    def _say(self, what: Callable[[], None]) -> None:
        try:
            with in_plain_words():
                what()
        except WinbackError as problem:
            log.warning("%s", problem)
            database.close_database()


def _clock() -> dt.datetime:
    """What is alive is told by the clock, whatever moment a workspace takes for now."""
    return dt.datetime.now(dt.UTC)

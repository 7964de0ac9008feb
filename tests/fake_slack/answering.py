"""What becomes of a call: the token, the rate limits, the faults on order, the method itself."""

from __future__ import annotations

import time

from . import posting, reading, viewing
from .faults import Fault, Faults
from .limits import RateLimits
from .methods import METHODS, Method, need
from .things import Call, Json, SlackError
from .web import Exchange
from .workspace import Workspace

WITH_METHODS = (posting, reading, viewing)
"""Read so that METHODS is whole."""
_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Answerer:
    def __init__(self, workspace: Workspace, limits: RateLimits, faults: Faults) -> None:
        self._workspace, self._limits, self._faults = workspace, limits, faults

    def answer(self, exchange: Exchange) -> None:
        workspace = self._workspace
        call = Call(exchange.method, exchange.arguments, workspace.clock.now())
        with workspace.lock:
            workspace.calls.append(call)
            fault = self._faults.meeting(call)
            wait = 0 if fault or exchange.method not in METHODS else self._wait(exchange)
        if wait:
            call.answer = "ratelimited"
            exchange.rate_limited(wait)
        elif fault is None:
            self._answer_truly(exchange, call)
        else:
            call.answer = fault.name
            self._answer_falsely(exchange, call, fault)

    def _wait(self, exchange: Exchange) -> int:
        return self._limits.wait(self._workspace, exchange.method, exchange.arguments)

    def _run(self, exchange: Exchange, call: Call) -> Json:
        """The method's answer, or `{"ok": false}`."""
        with self._workspace.lock:
            try:
                method = METHODS.get(exchange.method)
                if method is None:
                    raise SlackError("unknown_method", req_method=exchange.method)
                self._check_token(method, exchange.token)
                call.answer = call.answer or "ok"
                answer = {"ok": True} | method.function(self._workspace, exchange.arguments)
                call.done = True
                return answer
            except SlackError as refused:
                call.answer = refused.code if call.answer in {"", "ok"} else call.answer
                return {"ok": False, "error": refused.code} | refused.more

    def _check_token(self, method: Method, token: str) -> None:
        workspace = self._workspace
        if not token:
            raise SlackError("not_authed")
        if token not in {workspace.bot_token, workspace.app_token}:
            raise SlackError("invalid_auth")
        if (token == workspace.app_token) != (method.token == "app"):
            raise SlackError("not_allowed_token_type")
        if workspace.revoked and method.token == "bot":
            raise SlackError(workspace.revoked)
        if method.scope:
            need(workspace, method.scope)

    def _answer_truly(self, exchange: Exchange, call: Call) -> None:
        answer = self._run(exchange, call)
        exchange.json(200, answer, {"X-OAuth-Scopes": ",".join(sorted(self._workspace.scopes))})

    def _answer_falsely(self, exchange: Exchange, call: Call, fault: Fault) -> None:
        if fault.kind == "token_revoked":
            self._workspace.revoked = fault.code or "token_revoked"
        if fault.kind in {"late", "hidden", "token_revoked"}:
            answer = self._run_hidden(exchange, call, fault.seconds if fault.kind == "hidden" else 0.0)
            time.sleep(fault.seconds if fault.kind == "late" else 0)
            exchange.json(200, answer)
            return
        if fault.done:
            self._run(exchange, call)
        _fail(exchange, fault)

    def _run_hidden(self, exchange: Exchange, call: Call, seconds: float) -> Json:
        workspace = self._workspace
        with workspace.lock:
            before, workspace.hide_for = workspace.hide_for, seconds or workspace.hide_for
            try:
                return self._run(exchange, call)
            finally:
                workspace.hide_for = before


def _fail(exchange: Exchange, fault: Fault) -> None:
    if fault.kind == "silence":
        exchange.wait_silently()
        exchange.drop()
    elif fault.kind == "dropped":
        exchange.drop()
    elif fault.kind == "ratelimited":
        exchange.rate_limited(max(1, round(fault.seconds)))
    elif fault.kind == "html":
        exchange.page(502, _PAGE)
    elif fault.kind in {"http_500", "http_503"}:
        exchange.page(int(fault.kind[-3:]), "upstream error")
    else:
        code = {"ratelimited_body": "ratelimited", "error": fault.code}.get(fault.kind, fault.kind)
        exchange.json(200, {"ok": False, "error": code})

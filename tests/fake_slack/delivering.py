"""How what people did reaches the app: through Socket Mode, or signed to its address."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from .sockets import SocketServer
from .things import Json
from .workspace import Workspace

Kind = Literal["interactive", "slash_commands", "events_api"]
Signature = Literal["right", "wrong", "old", "none"]
EVENT_RETRIES = 3
"""At once, after a minute, after five: the fake does not wait."""


@dataclass
class Delivery:
    kind: Kind
    payload: Json
    acknowledged: bool
    answer: Json


@dataclass
class Deliveries:
    """`times`: how often each thing is delivered; `signature`: what is wrong with it."""

    workspace: Workspace
    sockets: SocketServer
    request_url: str = ""
    times: int = 1
    signature: Signature = "right"
    acknowledged_within: float = 3.0
    seen: list[Delivery] = field(default_factory=list)

    def deliver(self, kind: Kind, payload: Json) -> Json | None:
        """What the app answered in time, `{}` if nothing but "received"; None: the person sees that it failed."""
        answers = [self._once(kind, payload, attempt) for attempt in range(self.times)]
        retries = EVENT_RETRIES if kind == "events_api" else 0
        while answers[0] is None and retries:
            answers[0] = self._once(kind, payload, EVENT_RETRIES + 1 - retries)
            retries -= 1
        self.seen.append(Delivery(kind, payload, answers[0] is not None, answers[0] or {}))
        return answers[0]

    def _once(self, kind: Kind, payload: Json, attempt: int) -> Json | None:
        if self.request_url:
            return self._over_http(kind, payload, attempt)
        more = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        return self.sockets.deliver(kind, payload, self.acknowledged_within, more if kind == "events_api" else {})

    def _over_http(self, kind: Kind, payload: Json, attempt: int) -> Json | None:
        body, content_type = _body(kind, payload)
        headers = {"Content-Type": content_type, **self._signed(body)}
        if attempt and kind == "events_api":
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        request = urllib.request.Request(self.request_url, body.encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.acknowledged_within) as answer:
                return _read(answer.read().decode())
        except urllib.error.HTTPError as refused:
            refused.close()
            return None
        except OSError:
            return None

    def _signed(self, body: str) -> dict[str, str]:
        """The time on it is the machine's: the app compares it with its own."""
        at = str(int(time.time()) - (301 if self.signature == "old" else 0))
        secret = self.workspace.signing_secret + ("x" if self.signature == "wrong" else "")
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
        assert signature is not None
        return {"X-Slack-Request-Timestamp": at} | (
            {} if self.signature == "none" else {"X-Slack-Signature": signature}
        )


def _body(kind: Kind, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _read(body: str) -> Json:
    try:
        read = json.loads(body or "{}")
    except ValueError:
        return {"text": body}
    return read if isinstance(read, dict) else {}

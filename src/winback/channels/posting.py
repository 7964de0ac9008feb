"""Posts JSON to a webhook, and tells what came of it. The address may be a secret: errors name its host alone."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from winback.messages.channel import OutcomeUnknown, Refused, TryLater

SECONDS = 20
_LONGEST_PAUSE = dt.timedelta(days=1)
# The server may have done its part before it, or a machine in front of it, failed.
_MAY_BE_DELIVERED = (500, 502, 504)


def to_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Returns once it was accepted. Raises TryLater, Refused or OutcomeUnknown. No redirect is followed: where it would
    lead nobody has looked at."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8", **headers})  # noqa: S310
    host = urlsplit(url).hostname
    try:
        with opener().open(request, timeout=SECONDS):
            return
    except urllib.error.HTTPError as answer:
        with answer:
            _raise_for(answer.code, answer.headers.get("Retry-After"), f"{host} answered {answer.code}")
    except urllib.error.URLError as problem:
        # Raised before the whole request was handed over: nobody acts on a part of one.
        raise TryLater(f"{host} can't be reached: {_plain(problem.reason)}") from None
    except UnicodeError:
        raise TryLater(f"{host} is not the name of a host") from None
    except (OSError, http.client.HTTPException) as problem:
        raise OutcomeUnknown(f"{host} took the message and did not answer: {_plain(problem)}") from None


def opener() -> urllib.request.OpenerDirector:
    """Opens addresses of the web, and follows no redirect."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        director.add_handler(handler)
    return director


def _raise_for(status: int, retry_after: str | None, said: str) -> None:
    if status in _MAY_BE_DELIVERED:
        raise OutcomeUnknown(said)
    if status in (408, 425, 429, 503):
        raise TryLater(said, _pause(retry_after))
    if 300 <= status < 400:
        raise Refused(f"{said}, a redirect, which is not followed: set the address that it leads to")
    raise Refused(said)


def _pause(retry_after: str | None) -> dt.timedelta | None:
    """Seconds, or a date of HTTP."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            pause = dt.timedelta(seconds=min(int(retry_after), _LONGEST_PAUSE.total_seconds()))
        else:
            pause = email.utils.parsedate_to_datetime(retry_after) - dt.datetime.now(dt.UTC)
    except (ValueError, TypeError):
        return None
    return min(max(pause, dt.timedelta(0)), _LONGEST_PAUSE)


def _plain(problem: object) -> str:
    """Without what the operating system adds, and never with the address."""
    if isinstance(problem, TimeoutError):
        return "no answer in time"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "its certificate can't be verified"
    return getattr(problem, "strerror", None) or type(problem).__name__

"""What is answered: JSON, and whether it is another than before (ETag), which is told without reading a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from winback import __version__
from winback.store import marks
from winback.web.api.asking import refuse_unknown
from winback.web.middleware import Asked

Document = dict[str, Any]
# Without a moment of its own an answer is of now, and is taken for the same until the next minute.
_A_MINUTE = 60
_LONGEST = 500


def as_json(document: object, status: int = 200) -> HttpResponse:
    answer = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def refused(words: str, status: int) -> HttpResponse:
    """One line; cut where it repeats something long."""
    line = " ".join(words.split())
    answer = as_json({"error": line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"}, status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="winback"'
    return answer


def answered(request: Asked, kind: type[Any], read: Callable[[], Document], is_of_now: bool) -> HttpResponse:
    """`kind`: what may be asked with. The state of the data is looked at first: what is written while the answer is
    read makes the next one another."""
    refuse_unknown(request, kind)
    etag = quote_etag(_state(request, is_of_now))
    # A proxy that compresses answers puts W/ before their ETag.
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    answer = HttpResponse(status=304) if etag in known else as_json(read())
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ["Authorization"])
    return answer


def _state(request: Asked, is_of_now: bool) -> str:
    settings = repr(request.workspace.settings)
    # What is held out is shown to a CSM some day, whatever moment they ask about.
    is_csm = request.role == "csm"
    minute = int(request.workspace.now().timestamp()) // _A_MINUTE if is_of_now or is_csm else None
    asked = [__version__, settings, request.get_full_path(), is_csm, minute]
    return hashlib.sha256(repr([asked, marks.state()]).encode()).hexdigest()[:32]


def next_address(request: HttpRequest, **changed: object) -> str:
    """That of this question with other values."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"

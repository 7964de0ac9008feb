"""HEAD: what GET would answer, and nothing after the headers."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.web.opened import Pages, listening
from winback.access.keys import make_key


def test_head_is_answered_as_get_without_its_content(pages: Pages) -> None:
    key = make_key(pages.users["viewer"], "test", None, pages.workspace.now())
    headers = {"Authorization": f"Bearer {key}"}
    with listening(pages) as url:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        for address in ("/sign-in/", "/", "/api/v1/tables/cases?at=2026-02-01", "/api/v1/none", "/api/v1/openapi.json"):
            told = []
            # One after the other on a connection: content after a HEAD would be taken for the next answer.
            for method in ("GET", "HEAD"):
                connection.request(method, address, headers=headers)
                answer = connection.getresponse()
                content = answer.read()
                assert bool(content) == (method == "GET" and answer.status != 302)
                told.append((answer.status, answer.getheader("Content-Length"), answer.getheader("ETag")))
            assert told[0] == told[1], address
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status": "ok"}'
        connection.close()

"""Slack's requests over HTTP: a small server for one machine, behind whatever speaks TLS."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from winback.errors import WinbackError

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_bolt.response import BoltResponse

PATH = "/slack/events"
_MOST_BYTES = 1_000_000
_SECONDS = 10


@contextmanager
def serving(app: App, address: tuple[str, int]) -> Iterator[tuple[str, int]]:
    """Where it listens; port 0 takes a free one."""

    class Handler(_Handler):
        bolt = app

    try:
        server = ThreadingHTTPServer(address, Handler)
    except OSError as error:
        raise WinbackError(f"can't listen on {address[0]}:{address[1]}: {error.strerror or error}") from error
    thread = threading.Thread(target=server.serve_forever, name="winback-bot-http")
    thread.start()
    try:
        yield str(server.server_address[0]), int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    bolt: App
    timeout = _SECONDS
    protocol_version = "HTTP/1.1"
    server_version = "winback"
    sys_version = ""

    def do_POST(self) -> None:
        """Bolt checks the signature before anything is looked at."""
        from slack_bolt.request import BoltRequest

        length = self.headers.get("Content-Length", "")
        if self.path.split("?")[0] != PATH or not length.isdecimal() or int(length) > _MOST_BYTES:
            self.close_connection = True
            self.send_error(404 if self.path.split("?")[0] != PATH else 413)
            return
        try:
            body = self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            self.send_error(400)
            return
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in self.headers.items()}
        self._answer(self.bolt.dispatch(BoltRequest(body=body, headers=headers)))

    def _answer(self, response: BoltResponse) -> None:
        body = response.body.encode()
        self.send_response(response.status)
        for name, values in response.headers.items():
            for value in values:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        # A connection kept open for the next request would have to be waited for when the bot stops.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What it is asked is nobody's to read."""

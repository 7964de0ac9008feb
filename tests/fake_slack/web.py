"""The Web API over HTTP, and the addresses that answer an interaction (`response_url`)."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from .things import Json, SlackError

if TYPE_CHECKING:
    from . import FakeSlack

_AS_JSON = ("blocks", "metadata", "view", "attachments")


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = False

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="fake Slack")
        self._thread.start()

    def server_bind(self) -> None:
        """Without asking for the name of this machine, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is nothing strange; anything else is a fault of the fake, and fails its test."""
        self.slack.note_error()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        announced = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(announced).decode()
        if len(body.encode()) < announced:
            return  # who was asking is no more
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        kind, _, name = parts.path.removeprefix("/").partition("/")
        if kind == "api":
            self._call(name, query, self._arguments(body))
        elif kind == "response":
            self._respond(name, body)
        else:
            self.send(404, "not found", "text/plain")

    do_GET = do_POST

    def _arguments(self, body: str) -> Json:
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body or "{}"))
        return dict(parse_qsl(body, keep_blank_values=True))

    def _call(self, name: str, query: Json, arguments: Json) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.pop("token", ""))
        given = {key: value for key, value in query.items() if key != "token"} | arguments
        self.server.slack.answer(Exchange(self, name, _read(given), token))

    def _respond(self, key: str, body: str) -> None:
        try:
            self.server.slack.take_response(key, dict(json.loads(body)))
        except SlackError as refused:
            self.send(404 if refused.code.endswith("_url") else 400, refused.code, "text/plain")
        else:
            self.send(200, "ok", "text/plain")

    def send(self, status: int, content: str, kind: str, headers: dict[str, str] | None = None) -> None:
        body = content.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        with suppress(ConnectionError):  # who does not wait for the answer is gone
            self.end_headers()
            self.wfile.write(body)

    def drop(self) -> None:
        """The connection is reset, not closed politely."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.wfile = _Nothing()  # type: ignore[assignment]
        self.connection.close()

    def wait_silently(self) -> None:
        """Until the client hangs up or the server stops."""
        with suppress(ConnectionError):
            while not self.server.stopping.is_set():
                readable, _, _ = select.select([self.connection], [], [], 0.02)
                if readable and not self.connection.recv(1):
                    return

    def log_message(self, *_: Any) -> None:
        pass


class _Nothing:
    closed = True

    def write(self, _: bytes) -> None: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


def _read(arguments: Json) -> Json:
    """Blocks, metadata and views come as JSON or as a string of JSON."""
    read = dict(arguments)
    for name in _AS_JSON:
        if isinstance(read.get(name), str):
            with suppress(ValueError):
                read[name] = json.loads(read[name])
    return read


class Exchange:
    """A call that waits for its answer."""

    def __init__(self, handler: _Handler, method: str, arguments: Json, token: str) -> None:
        self._handler = handler
        self.method, self.arguments, self.token = method, arguments, token
        self.drop: Callable[[], None] = handler.drop
        self.wait_silently: Callable[[], None] = handler.wait_silently

    def ok(self, answer: Json, headers: dict[str, str]) -> None:
        self.json(200, {"ok": True} | answer, headers)

    def json(self, status: int, answer: Json, headers: dict[str, str] | None = None) -> None:
        self._handler.send(status, json.dumps(answer), "application/json; charset=utf-8", headers)

    def page(self, status: int, content: str) -> None:
        self._handler.send(status, content, "text/html")

    def rate_limited(self, seconds: int) -> None:
        self.json(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})

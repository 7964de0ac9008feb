"""Socket Mode: the server that a bot connects to, and that sends it what people did."""

from __future__ import annotations

import json
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from .things import APP, Json

MOST_CONNECTIONS = 10


@dataclass
class _Waiting:
    arrived: threading.Event = field(default_factory=threading.Event)
    payload: Json = field(default_factory=dict)


class SocketServer:
    """Starts when a bot first asks for an address."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._tickets: set[str] = set()
        self._waiting: dict[str, _Waiting] = {}
        self._turn = 0
        self._changed = threading.Condition()
        self.connections: list[ServerConnection] = []
        self.acknowledged: list[str] = []

    def new_url(self) -> str:
        with self._changed:
            if self._server is None:
                self._start()
            ticket = uuid.uuid4().hex
            self._tickets.add(ticket)
            assert self._server is not None
            return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/?ticket={ticket}&app_id={APP}"

    def _start(self) -> None:
        """The builtin client can be closed only when something has come; hence so many pings."""
        self._server = serve(
            self._handle, "127.0.0.1", 0, compression=None, close_timeout=0.1, ping_interval=0.1, ping_timeout=None
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="fake Slack, Socket Mode")
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()

    def _handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        ticket = parse_qs(urlsplit(connection.request.path).query).get("ticket", [""])[0]
        with self._changed:
            welcome = ticket in self._tickets and len(self.connections) < MOST_CONNECTIONS
            self._tickets.discard(ticket)
        if not welcome:
            connection.send(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            connection.close(1008)
            return
        with suppress(ConnectionClosed):
            self._serve(connection)

    def _serve(self, connection: ServerConnection) -> None:
        with self._changed:
            self.connections.append(connection)
            number = len(self.connections)
        try:
            hello = {"type": "hello", "num_connections": number, "connection_info": {"app_id": APP}}
            connection.send(json.dumps(hello | {"debug_info": {"host": "fake", "approximate_connection_time": 18060}}))
            with self._changed:
                self._changed.notify_all()
            for said in connection:
                self._take(json.loads(said))
        finally:
            with self._changed:
                self.connections.remove(connection)
                self._changed.notify_all()

    def _take(self, said: Json) -> None:
        envelope = str(said.get("envelope_id"))
        self.acknowledged.append(envelope)
        waiting = self._waiting.get(envelope)
        if waiting is not None:
            waiting.payload = said.get("payload") or {}
            waiting.arrived.set()

    def wait_for(self, count: int = 1, seconds: float = 10.0) -> None:
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.connections) >= count, seconds)
        assert enough, f"{count} connections expected, {len(self.connections)} there after {seconds} s"

    def deliver(self, kind: str, payload: Json, seconds: float, more: Json) -> Json | None:
        """What came with the acknowledgement; None if there was none in time. Any one of the connections gets it."""
        with self._changed:
            there = list(self.connections)
            self._turn += 1
            chosen = there[self._turn % len(there)] if there else None
        if chosen is None:
            return None
        waiting, envelope = _Waiting(), str(uuid.uuid4())
        self._waiting[envelope] = waiting
        sent: Json = {"envelope_id": envelope, "type": kind, "payload": payload} | more
        try:
            chosen.send(json.dumps(sent | {"accepts_response_payload": kind != "events_api"}))
            return waiting.payload if waiting.arrived.wait(seconds) else None
        except ConnectionClosed:
            return None
        finally:
            del self._waiting[envelope]

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every bot to connect anew, as Slack does every few hours."""
        for connection in list(self.connections):
            with suppress(ConnectionClosed):
                connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}))

    def cut(self) -> None:
        """Every connection breaks."""
        for connection in list(self.connections):
            connection.close(1011)

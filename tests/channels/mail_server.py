"""A real SMTP server on loopback that keeps what it takes, and fails on demand."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# Of this server alone, valid for a century.
CERTIFICATE = Path(__file__).parent / "localhost.pem"


@dataclass
class MailServer:
    """`at_mail`, `at_rcpt`, `at_data`: what it answers then instead; `refuses`: these
    recipients; `drops`: it goes away after the mail came, or while it waits
    for it."""

    at_rcpt: str | None = None
    refuses: tuple[str, ...] = ()
    at_mail: str | None = None
    at_data: str | None = None
    drops: bool = False
    stalls: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_mail or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such user"
        if self.at_rcpt is None:
            envelope.rcpt_tos.append(address)
        return self.at_rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.stalls:
            await asyncio.sleep(5)
        if self.at_data is None:
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.taken.append(mail)
        if self.drops:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.at_data or "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"open sesame", handled=False)


@contextmanager
def mail_server(tls: str | None = None, **how: Any) -> Iterator[MailServer]:
    """`tls`: "starttls" or "from the start"."""
    kept = MailServer(**how)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    loop, ready = asyncio.new_event_loop(), threading.Event()

    def protocol() -> SMTP:
        begins = {"tls_context": context, "require_starttls": True} if tls == "starttls" else {}
        return SMTP(
            kept,
            loop=loop,
            hostname="localhost",
            authenticator=kept.authenticate if tls else None,
            auth_require_tls=tls == "starttls",
            **begins,  # type: ignore[arg-type]
        )

    async def serve() -> asyncio.Server:
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls == "from the start" else None)
        kept.port = server.sockets[0].getsockname()[1]
        ready.set()
        return server

    server = loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server.result()), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

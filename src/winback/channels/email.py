"""The channel `email`: a mail in plain text and HTML over SMTP; follow-ups go on in the thread of the first mail."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from winback.channels.email_html import html_of
from winback.messages.channel import Channel, Letter, OutcomeUnknown, Place, Recipient, Refused, TryLater
from winback.messages.content import Entry
from winback.messages.links import Links, open_links
from winback.messages.wording import one_line, say
from winback.settings.channels import MailServer, needed, read_mail_server, read_mailbox

if TYPE_CHECKING:
    from winback.settings import Settings

SECONDS = 30
# Seven bits, as every server takes them.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_LONGEST_SUBJECT = 150
_LONGEST_ANSWER = 200
# A relay on this machine: what goes to it passes no network.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Login:
    user: str
    password: str = field(repr=False)


class Email(Channel):
    name = "email"

    def __init__(
        self,
        server: MailServer,
        sender: Address,
        login: Login | None,
        links: Links | None,
        settings: Settings,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._server, self._sender, self._login = server, sender, login
        self._links, self._settings, self._clock = links, settings, clock

    def deliver(self, letter: Letter) -> Place:
        address = _address(letter.recipient)
        mail = self._mail(letter, address)
        smtp = self._connected()
        try:
            _hand_over(smtp, self._sender.addr_spec, address.addr_spec, mail)
        finally:
            # It has taken the mail or not; how it says goodbye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()
        return Place(conversation=str(mail["Subject"]).removeprefix("Re: "), id=str(mail["Message-ID"]))

    def _mail(self, letter: Letter, address: Address) -> EmailMessage:
        now, content = self._clock(), letter.content
        urls = {entry.notification: url for entry in content.entries if (url := self._answer(entry, now))}
        mail = EmailMessage(_POLICY)
        mail["From"] = self._sender
        mail["To"] = address
        mail["Subject"] = _subject(letter)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{letter.key}@{self._sender.domain}>"
        if letter.thread is not None and letter.thread.id is not None:
            mail["In-Reply-To"] = mail["References"] = letter.thread.id
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(self._text(letter, urls))
        mail.add_alternative(html_of(content, urls, self._settings), subtype="html")
        return mail

    def _answer(self, entry: Entry, now: dt.datetime) -> str | None:
        return self._links.answer(entry, now) if self._links else None

    def _text(self, letter: Letter, urls: dict[int, str]) -> str:
        lines = []
        for entry in letter.content.entries:
            if entry.notification in urls:
                named = "link.answer_each" if letter.content.is_bundle else "link.answer"
                lines.append(f"{say(self._settings, named, merchant=entry.merchant)}:\n{urls[entry.notification]}")
        return "\n\n".join([letter.content.text, *lines]) + "\n"

    def _connected(self) -> smtplib.SMTP:
        """Ready to take a mail. Whatever goes wrong up to here, no mail was handed over."""
        try:
            return self._logged_in(self._opened())
        except smtplib.SMTPAuthenticationError as problem:
            raise TryLater(f"{self._server.host} refused the login of email.user ({problem.smtp_code})") from None
        except smtplib.SMTPNotSupportedError as problem:
            raise TryLater(f"{self._server.host}: {_plain(problem)}") from None
        except (OSError, UnicodeError, smtplib.SMTPException) as problem:
            raise TryLater(f"{self._server.host} can't be reached: {_plain(problem)}") from None

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(server.host, server.port, timeout=SECONDS)

    def _logged_in(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        try:
            smtp.ehlo_or_helo_if_needed()
            if self._server.security == "smtp" and self._begins_tls(smtp):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if self._login is not None:
                smtp.login(self._login.user, self._login.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _begins_tls(self, smtp: smtplib.SMTP) -> bool:
        """Required, lest somebody on the way takes the offer away; on this machine, where it is offered."""
        return smtp.has_extn("starttls") or self._server.host not in _LOOPBACK or self._login is not None


def _hand_over(smtp: smtplib.SMTP, sender: str, address: str, mail: EmailMessage) -> None:
    """The mail is the server's from its answer to the end of DATA on, and may be from the moment that this was sent."""
    try:
        _expect(smtp.docmd("MAIL", f"FROM:<{sender}>"), 250)
        code, answer = smtp.docmd("RCPT", f"TO:<{address}>")
        if code // 100 == 5:
            raise Refused(f"the mail server refused {address}: {_said(code, answer)}", is_about_recipient=True)
        _expect((code, answer), 250, 251)
        _expect(smtp.docmd("DATA"), 354)
        smtp.send(re.sub(rb"(?m)^\.", b"..", mail.as_bytes()) + b".\r\n")
    except (OSError, smtplib.SMTPException) as problem:
        raise TryLater(f"the connection to the mail server was lost: {_plain(problem)}") from None
    try:
        code, answer = smtp.getreply()
    except (OSError, smtplib.SMTPException) as problem:
        raise OutcomeUnknown(f"the mail server took the mail and did not answer: {_plain(problem)}") from None
    _expect((code, answer), 250)


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    code, text = answer
    if code in codes:
        return
    said = f"the mail server answered {_said(code, text)}"
    raise Refused(said) if code // 100 == 5 else TryLater(said)


def _said(code: int, text: bytes) -> str:
    return one_line(f"{code} {text.decode('utf-8', 'replace')}")[:_LONGEST_ANSWER]


def _subject(letter: Letter) -> str:
    """The same all through a thread, as mail programs want it."""
    root = letter.thread.conversation if letter.thread else None
    if root:
        return f"Re: {root}"
    title = one_line(letter.content.title)
    return title if len(title) <= _LONGEST_SUBJECT else f"{title[:_LONGEST_SUBJECT].rstrip()} …"


def _address(recipient: Recipient) -> Address:
    name = one_line(recipient.shown.partition("<")[0]) if recipient.shown != recipient.address else ""
    try:
        if not re.fullmatch(r"[!-~]+@[!-~]+", recipient.address):
            raise ValueError
        return Address(name, addr_spec=recipient.address)
    except (ValueError, IndexError, HeaderParseError):
        raise Refused(
            f"{one_line(recipient.shown)[:_LONGEST_ANSWER]}: no e-mail address is known", is_about_recipient=True
        ) from None


def _plain(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "no answer in time"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "its certificate can't be verified"
    if isinstance(problem, smtplib.SMTPResponseException):
        said = problem.smtp_error
        return _said(problem.smtp_code, said if isinstance(said, bytes) else said.encode())
    return getattr(problem, "strerror", None) or one_line(str(problem))[:_LONGEST_ANSWER] or type(problem).__name__


def open_email(settings: Settings) -> Email:
    section = settings.email
    server = read_mail_server(needed(section, "email.smtp"))
    sender = read_mailbox(needed(section, "email.sender"), "email.sender")
    login = None
    if section is not None and section.user is not None:
        login = Login(section.user, settings.secret(needed(section, "email.password")))
    return Email(server, sender, login, open_links(settings), settings)

"""That a channel has what it needs. Addresses that are secrets are looked at when the channel is opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qsl, urlsplit

from winback.errors import SettingsError
from winback.settings.fit import found
from winback.settings.section import Section
from winback.settings.sections import Email, Oidc, Settings

if TYPE_CHECKING:
    from email.headerregistry import Address

_FORMS = '"mail.shop.example:587", "smtp://HOST:PORT", "smtps://HOST:PORT" or "plain://HOST:PORT"'
_PORTS = {"smtp": 587, "smtps": 465, "plain": 25}
_NEEDED = {"email": ("smtp", "sender"), "webhook": ("url", "secret"), "teams": ("url",)}
Security = Literal["smtp", "smtps", "plain"]


@dataclass(frozen=True)
class MailServer:
    """`security`: smtp has TLS begun by STARTTLS, smtps from the first byte, plain none."""

    security: Security
    host: str
    port: int


def check_channels(settings: Settings) -> None:
    for name, keys in _NEEDED.items():
        section: Section | None = getattr(settings, name)
        if section is not None or name in settings.messages.channel:
            for key in keys:
                needed(section, f"{name}.{key}")
    if settings.email is not None:
        _check_email(settings.email)
    if settings.messages.channel == ("email",):
        _check_recipients(settings)
    if settings.webhook is not None:
        _check_url(settings.webhook.url or "", "webhook.url")
    if settings.teams is not None:
        _check_url(settings.teams.url or "", "teams.url")
    _check_addresses(settings)


def _check_addresses(settings: Settings) -> None:
    if settings.slack is not None:
        read_url(settings.slack.base_url, "slack.base_url")
    if settings.web is not None and settings.web.base_url is not None:
        read_url(settings.web.base_url, "web.base_url")
    if settings.web is not None and settings.web.oidc is not None:
        _check_single_sign_on(settings.web.oidc)


def _check_single_sign_on(oidc: Oidc) -> None:
    for name in ("issuer", "client_id", "client_secret"):
        if getattr(oidc, name) is None:
            raise SettingsError(f"web.oidc.{name} is missing: single sign-on needs it")
    issuer = read_url(oidc.issuer or "", "web.oidc.issuer")
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError("web.oidc.issuer: expected an https:// address: who signs in where is told over it")
    if missing := {"openid", "email"} - set(oidc.scopes):
        raise SettingsError(
            f"web.oidc.scopes: {' and '.join(sorted(missing))} missing: users are known by their e-mail"
        )


def needed(section: Section | None, key: str) -> str:
    """The value of a channel's setting without which it can't work."""
    name, _, inner = key.partition(".")
    value: str | None = getattr(section, inner, None)
    if value is None:
        raise SettingsError(f"{key} is missing: the channel {name} needs it")
    return value


def _check_email(email: Email) -> None:
    server = read_mail_server(email.smtp or "")
    read_mailbox(email.sender or "", "email.sender")
    if (email.user is None) != (email.password is None):
        missing = "user" if email.user is None else "password"
        raise SettingsError(f"email.{missing} is missing: to log in takes both email.user and email.password")
    if email.user is not None and server.security == "plain":
        raise SettingsError('email.smtp: a password is never sent over "plain://"; write smtp:// or smtps://')


def _check_recipients(settings: Settings) -> None:
    """Where mail is the only channel, a channel of Slack is nowhere."""
    messages = settings.messages
    named = [("messages.fallback", messages.fallback), ("messages.redirect_to", messages.redirect_to)]
    for key, recipient in [*named, *(("alerts.to", each) for each in settings.alerts.to)]:
        if recipient and "@" not in recipient.strip("@"):
            raise SettingsError(
                f"{key}: the only channel is email: expected an e-mail address, found {found(recipient)}"
            )


def read_mail_server(text: str) -> MailServer:
    scheme, is_url, rest = text.strip().rpartition("://")
    place = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@?#\[\]]+)(?::([0-9]{1,5}))?/?", rest)
    port = int(place[2] or _PORTS.get(scheme or "smtp", 0)) if place else 0
    if place is None or (is_url and scheme not in _PORTS) or not 0 < port < 65536:
        raise SettingsError(f"email.smtp: expected {_FORMS}, name and password in email.user and email.password")
    security: Security = "plain" if scheme == "plain" else "smtps" if scheme == "smtps" or port == 465 else "smtp"
    return MailServer(security, place[1].strip("[]"), port)


def read_mailbox(text: str, key: str) -> Address:
    """An address with or without a name: `winback@shop.example`, `Winback <winback@shop.example>`."""
    from email.errors import HeaderParseError
    from email.headerregistry import Address
    from email.utils import getaddresses

    try:
        ((name, address),) = getaddresses([text])
        if not address.isascii() or address.count("@") != 1 or any(each in text for each in "\r\n"):
            raise ValueError
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        raise SettingsError(
            f'{key}: expected "winback@shop.example" or "Winback <winback@shop.example>", found {found(text)}'
        ) from None


def _check_url(text: str, key: str) -> None:
    if text.startswith(("env:", "file:")):
        return
    names = {name.lower() for name, _ in parse_qsl(read_url(text, key).query)}
    if names & {"sig", "signature", "token", "key", "secret", "password"}:
        raise SettingsError(
            f"{key}: a secret stands in the address, but secrets never stand in this file: write"
            ' "env:NAME" or "file:PATH"'
        )


def read_url(text: str, key: str) -> SplitResult:
    """What was found is not shown: it may be a secret."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or "@" in parts.netloc or parts.fragment or not re.fullmatch("[!-~]+", text):
        raise SettingsError(f'{key}: expected an address such as "https://hooks.shop.example/winback"')
    return parts

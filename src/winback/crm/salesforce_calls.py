"""Calls of Salesforce's API through simple-salesforce: signed in, tried again where that may help, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from jwt import PyJWTError
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError
from urllib3.util import Retry

from winback.errors import SettingsError, WinbackError
from winback.settings.crm_sections import Salesforce as Section

Fields = dict[str, Any]
# To connect, and to wait for an answer, in seconds.
_PATIENCE = (10, 120)
_RETRY = Retry(
    total=5,
    connect=3,
    status_forcelist=(500, 502, 503, 504),
    allowed_methods=("GET",),
    backoff_factor=0.5,
    raise_on_status=False,
)
_TOO_MANY = "REQUEST_LIMIT_EXCEEDED"


class Calls:
    """`secret`: reads a variable or a file. Signs in at once, and again whenever the session has ended."""

    def __init__(self, section: Section, secret: Callable[[str], str]) -> None:
        session = requests.Session()
        session.mount("https://", _Wire(section.base_url))
        signing: dict[str, Any] = {"consumer_key": secret(section.consumer_key)}
        if section.consumer_secret is not None:
            signing["consumer_secret"] = secret(section.consumer_secret)
        else:
            signing |= {"username": section.username, "privatekey": secret(str(section.private_key))}
        with _in_plain_words():
            self._salesforce = Salesforce(**signing, domain=section.domain, version=section.version, session=session)

    def query(self, stream: str, fields: Sequence[str], since: dt.datetime | None) -> Iterator[list[Fields]]:
        """What changed at or after a moment, deleted and archived records with it, a page after the other."""
        where = "" if since is None else f" WHERE SystemModstamp >= {since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        soql = f"SELECT {', '.join(fields)} FROM {stream}{where} ORDER BY SystemModstamp, Id"
        with _in_plain_words():
            answer = self._salesforce.query(soql, include_deleted=True)
        while True:
            if answer["records"]:
                yield answer["records"]
            if answer["done"]:
                return
            with _in_plain_words():
                answer = self._salesforce.query_more(answer["nextRecordsUrl"], identifier_is_url=True)

    def fields_of(self, stream: str) -> frozenset[str]:
        """Those that this user may see."""
        with _in_plain_words():
            described: Any = getattr(self._salesforce, stream).describe()
        return frozenset(field["name"] for field in described["fields"])

    def shown(self) -> str:
        usage: Any = self._salesforce.api_usage.get("api-usage")
        used = f"; {usage.used:,} of {usage.total:,} calls of 24 hours are used" if usage else ""
        return f"signed in at {self._salesforce.sf_instance}, API {self._salesforce.sf_version}{used}"


class _Wire(HTTPAdapter):
    """Nothing waits for ever. `elsewhere`: where all requests go instead; the library knows https:// alone."""

    def __init__(self, elsewhere: str | None) -> None:
        super().__init__(max_retries=_RETRY)
        self._elsewhere = elsewhere

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        if self._elsewhere is not None:
            request.url = self._elsewhere.rstrip("/") + request.path_url
        options["timeout"] = options.get("timeout") or _PATIENCE
        return super().send(request, *args, **options)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except SalesforceAuthenticationFailed as error:
        raise WinbackError(
            f"Salesforce refused to sign in ({error.code}: {error.auth_message}): check crm.salesforce, and the app and"
            " its user in Salesforce"
        ) from error
    except SalesforceError as error:
        raise WinbackError(_told(error)) from error
    except requests.RequestException as error:
        host = urlsplit(error.request.url or "").hostname if error.request else None
        raise WinbackError(
            f"Salesforce can't be reached{f' at {host}' if host else ''}: {type(error).__name__}"
        ) from error
    except (PyJWTError, ValueError) as error:
        raise SettingsError(f"crm.salesforce.private_key: expected a private key of RSA as PEM ({error})") from error


def _told(error: SalesforceError) -> str:
    content: Any = error.content
    first = content[0] if isinstance(content, list) and content and isinstance(content[0], dict) else {}
    code, message = first.get("errorCode"), " ".join(str(first.get("message", "")).split())
    if code == _TOO_MANY:
        return f"Salesforce allows no more calls for now ({_TOO_MANY}): what was read stays; run it again later"
    return f"Salesforce answered {error.status} {code or ''}: {message or 'without a reason'}"

"""Who says who somebody is, in single sign-on: what its discovery document tells of it.

It is read when somebody first signs in that way, and again after an hour: that it is away keeps nobody from their
password.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import requests

from winback.errors import WinbackError
from winback.settings.sections import Oidc

TIMEOUT = 10
_KEPT_FOR = 3_600
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Provider:
    """`takes_basic`: the client's secret as HTTP Basic, not in the form."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    takes_basic: bool


def provider_of(oidc: Oidc) -> Provider:
    """Raises WinbackError where its document can't be read or is none."""
    return _read(str(oidc.issuer), int(time.monotonic()) // _KEPT_FOR)


@lru_cache(maxsize=2)
def _read(issuer: str, _: int) -> Provider:
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = requests.get(url, timeout=TIMEOUT)
        answer.raise_for_status()
        document = answer.json()
    except requests.RequestException as error:
        raise WinbackError(f"single sign-on: {url} can't be read ({_reason(error)}): see web.oidc.issuer") from error
    return _checked(document, issuer, url)


def _checked(document: Any, issuer: str, url: str) -> Provider:
    """A document that speaks of another issuer may be somebody else's."""
    if not isinstance(document, dict) or any(not isinstance(document.get(name), str) for name in _NEEDED):
        raise WinbackError(f"single sign-on: {url} is no discovery document: expected {', '.join(_NEEDED)}")
    if document["issuer"] != issuer:
        raise WinbackError(
            f"single sign-on: {url} is of the issuer {document['issuer']}, not of {issuer}: write web.oidc.issuer as"
            " the provider does"
        )
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    told = {name: document[name] for name in _NEEDED}
    return Provider(**told, takes_basic="client_secret_post" not in methods)


def _reason(error: requests.RequestException) -> str:
    if error.response is not None:
        return f"status {error.response.status_code}"
    return "it does not answer" if isinstance(error, requests.ConnectionError | requests.Timeout) else "it is no JSON"

"""Single sign-on by OpenID Connect, on mozilla-django-oidc: authorization code with PKCE, state and nonce.

What that package leaves open is checked here: issuer, audience and times of the token, that both answers are about the
same person, that their e-mail address is verified, and that they have a role.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import jwt
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import import_from_settings
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from winback.access.users import admit
from winback.core.roles import Role, is_at_least
from winback.errors import WinbackError
from winback.web import site
from winback.web.provider import TIMEOUT, provider_of

if TYPE_CHECKING:
    from winback.access.models import User
    from winback.settings.sections import Oidc

Claims = dict[str, Any]
BY = "single sign-on"
# What every provider of OpenID Connect can sign with.
_ALGORITHM = "RS256"
_CLOCKS_APART = dt.timedelta(minutes=1)


class NotAdmitted(WinbackError):
    """Somebody whom the provider knows, and who may not come in here; `email`: theirs, where it is known."""

    def __init__(self, text: str, email: str = "") -> None:
        super().__init__(text)
        self.email = email


def _setting(name: str, *default: Any) -> Any:
    """As the package asks for what it calls settings."""
    found = _settings()
    return found[name] if name in found else import_from_settings(name, *default)


def _settings() -> dict[str, Any]:
    settings = site.workspace().settings
    oidc = _oidc()
    provider = provider_of(oidc)
    return {
        "OIDC_OP_AUTHORIZATION_ENDPOINT": provider.authorization_endpoint,
        "OIDC_OP_TOKEN_ENDPOINT": provider.token_endpoint,
        "OIDC_OP_USER_ENDPOINT": provider.userinfo_endpoint,
        "OIDC_OP_JWKS_ENDPOINT": provider.jwks_uri,
        "OIDC_RP_CLIENT_ID": oidc.client_id,
        "OIDC_RP_CLIENT_SECRET": settings.secret(str(oidc.client_secret)),
        "OIDC_RP_SCOPES": " ".join(oidc.scopes),
        "OIDC_RP_SIGN_ALGO": _ALGORITHM,
        "OIDC_TOKEN_USE_BASIC_AUTH": provider.takes_basic,
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": TIMEOUT,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "single-sign-on-done",
    }


def _oidc() -> Oidc:
    web = site.workspace().settings.web
    if web is None or web.oidc is None:
        raise WinbackError("single sign-on is not set up here: sign in with your password")
    return web.oidc


class SingleSignOn(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Django makes one for each request of somebody who is signed in by it; the provider is asked at sign-in alone."""

    get_settings = staticmethod(_setting)
    get_user = ModelBackend.get_user

    def __init__(self) -> None:
        """Nothing yet."""

    def authenticate(
        self, request: HttpRequest | None, nonce: str | None = None, code_verifier: str | None = None
    ) -> User | None:
        super().__init__()
        found: User | None = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        return found

    def get_payload_data(self, token: str, key: Any) -> Claims:
        """The claims of a token, which the package takes from any issuer and for any audience. Raises PyJWTError."""
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=self.OIDC_RP_CLIENT_ID,
            issuer=provider_of(_oidc()).issuer,
            leeway=_CLOCKS_APART,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if claims.get("azp", self.OIDC_RP_CLIENT_ID) != self.OIDC_RP_CLIENT_ID:
            raise SuspiciousOperation("the token was asked for by another client")
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, claims: Claims) -> User:
        told = self.get_userinfo(access_token, id_token, claims)
        if told.get("sub") != claims.get("sub"):
            raise SuspiciousOperation("the two answers are about different people")
        return _admitted({**claims, **told}, _oidc())


def _admitted(claims: Claims, oidc: Oidc) -> User:
    """Users are known by their address, so that it must be theirs. Their name stays what it is here: whoever can choose
    their name at the provider could else be any CSM of the reports."""
    email = str(claims.get("email") or "").strip().lower()
    if not email:
        raise NotAdmitted("Your provider tells no e-mail address of you, and users are known by it here.")
    if claims.get("email_verified") not in (True, "true"):
        raise NotAdmitted(f"Your provider has not verified that {email} is yours. Have it verified there first.", email)
    user = admit(email, _role(claims, oidc), bool(oidc.roles), BY, site.workspace().now())
    if user is None:
        raise NotAdmitted(
            f"{email} has no role here. Whoever administers winback, or your provider, can give you one.", email
        )
    return user


def _role(claims: Claims, oidc: Oidc) -> Role | None:
    """The highest of those that the claim gives, else the default."""
    said = claims.get(oidc.roles_claim)
    values: Iterable[Any] = said if isinstance(said, list) else [said]
    found: Role | None = oidc.default_role
    for value in values:
        role = oidc.roles.get(value) if isinstance(value, str) else None
        found = role if role is not None and (found is None or is_at_least(role, found)) else found
    return found


class Begin(OIDCAuthenticationRequestView):  # type: ignore[misc]
    get_settings = staticmethod(_setting)


class Done(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    get_settings = staticmethod(_setting)

    def login_failure(self) -> HttpResponse:
        raise NotAdmitted("Your provider did not sign you in. Begin again, or ask whoever administers it.")

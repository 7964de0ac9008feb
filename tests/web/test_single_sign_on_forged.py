"""What somebody else may try with single sign-on: states, codes and tokens that are not meant for this sign-in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from tests.oidc_provider import CLIENT_SECRET, Provider
from tests.web.company_account import Somebody, with_single_sign_on
from winback.store.models import AuditEntry


def test_an_answer_without_the_state_of_this_browser_is_refused(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        back = provider.walk(somebody.begin(), "lee")
        other = Somebody(somebody.pages, provider, somebody.pages.client(None))
        other.begin()
        for client in (other, Somebody(somebody.pages, provider, somebody.pages.client(None))):
            assert client.come_back(back).status_code == 403
            assert not client.is_in


def test_an_answer_counts_once(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        back = provider.walk(somebody.begin(), "lee")
        assert somebody.come_back(back).status_code == 302
        somebody.client.post("/sign-out/")
        assert somebody.come_back(back).status_code == 403
        assert not somebody.is_in


@pytest.mark.parametrize("part", ["nonce", "code_verifier"])
def test_a_token_that_was_not_made_for_this_sign_in_is_refused(tmp_path: Path, provider: Provider, part: str) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        back = provider.walk(somebody.begin(), "lee")
        session = somebody.client.session
        ((state, kept),) = session["oidc_states"].items()
        session["oidc_states"] = {state: {**kept, part: "x" * 64}}
        session.save()
        assert somebody.come_back(back).status_code in (403, 503)
        assert not somebody.is_in


AN_HOUR = 3_600


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"aud": "another"}, "Audience"),
        ({"aud": ["winback", "another"], "azp": "another"}, "asked for by another client"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"exp": int(time.time()) - AN_HOUR}, "expired"),
        ({"exp": None}, "exp"),
        ({"iat": int(time.time()) + AN_HOUR}, "not yet valid"),
        ({"nonce": "of another sign-in"}, "Nonce"),
        ({"sub": "another"}, "did not sign you in"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    tmp_path: Path, provider: Provider, changed: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        with monkeypatch.context() as patch:
            Signed(patch, lambda claims: claims | changed)
            assert somebody.sign_in("lee").status_code == 403
        assert not somebody.is_in
        assert words in (AuditEntry.objects.get(action="sign-in refused").details or "")


def test_clocks_may_be_some_seconds_apart(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        Signed(monkeypatch, lambda claims: claims | {"iat": int(time.time()) + 20})
        assert somebody.sign_in("lee").status_code == 302


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", CLIENT_SECRET * 2), ("RS256", "own")])
def test_a_token_that_the_provider_has_not_signed_is_refused(
    tmp_path: Path, provider: Provider, algorithm: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        with monkeypatch.context() as patch:
            Signed(patch, dict, algorithm, key)
            assert somebody.sign_in("lee").status_code == 403
        assert not somebody.is_in


class Signed:
    """The provider's token, changed and signed anew: by a key that is taken for the provider's, or as is said."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        change: Callable[[dict[str, Any]], dict[str, Any]],
        algorithm: str = "RS256",
        key: str | None = None,
    ) -> None:
        self.own = rsa.generate_private_key(65_537, 2_048)
        self.change, self.algorithm = change, algorithm
        self.key: Any = key if algorithm != "RS256" else self.own
        self.get_token = OIDCAuthenticationBackend.get_token
        patch.setattr(OIDCAuthenticationBackend, "get_token", lambda backend, asked: self.answer(backend, asked))
        if algorithm == "RS256" and key is None:
            patch.setattr(OIDCAuthenticationBackend, "retrieve_matching_jwk", lambda *_: self.own.public_key())

    def answer(self, backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
        told = self.get_token(backend, asked)
        header = jwt.get_unverified_header(told["id_token"])
        claims = self.change(jwt.decode(told["id_token"], options={"verify_signature": False}))
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(claims, self.key, self.algorithm, headers={"kid": header["kid"]})
        return {**told, "id_token": token}

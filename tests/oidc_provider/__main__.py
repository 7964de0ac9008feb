"""Serves the provider: a folder for its database, and who can sign in, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from wsgiref.simple_server import make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, PASSWORD


def configure(folder: Path, people: dict[str, dict[str, object]]) -> None:
    key = rsa.generate_private_key(65_537, 2_048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    middleware = ["sessions.middleware.Session", "middleware.csrf.CsrfView", "contrib.auth.middleware.Authentication"]
    settings.configure(
        SECRET_KEY="of a provider for tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.oidc_provider.urls",
        INSTALLED_APPS=[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions")]
        + ["oauth2_provider"],
        MIDDLEWARE=[
            f"django.{name}Middleware".replace("django.sessions", "django.contrib.sessions") for name in middleware
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        LOGIN_URL="login",
        # Read by claims.py.
        PEOPLE=people,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.decode(),
            "OAUTH2_VALIDATOR_CLASS": "tests.oidc_provider.claims.Claims",
            "SCOPES": {"openid": "who you are", "email": "your address", "profile": "your name"},
        },
    )
    django.setup()


def fill(people: dict[str, dict[str, object]]) -> None:
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name in people:
        User.objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris="http://localhost/sign-in/company/done/",
        algorithm="RS256",
        name="Winback",
    )


def main(folder: str, people: str) -> None:
    configure(Path(folder), json.loads(people))
    fill(json.loads(people))
    with make_server("127.0.0.1", 0, get_wsgi_application()) as server:
        print(server.server_port, flush=True)  # noqa: T201
        server.serve_forever()


main(*sys.argv[1:])

"""What Django is told before the first page: a workspace, its key, where its pages are reached."""

from __future__ import annotations

import secrets
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django.contrib.admin
import django_htmx
from django.conf import settings as site

from winback import __version__
from winback.errors import SettingsError
from winback.settings.channels import read_mail_server
from winback.settings.sections import Web

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.workspace import Workspace

_HERE = Path(__file__).parent
# Where an address under /static/ is looked for.
STATIC_FOLDERS = (
    _HERE / "static",
    Path(django_htmx.__file__).parent / "static",
    Path(django.contrib.admin.__file__).parent / "static",
)
_SHORTEST_KEY = 32
_A_YEAR = 365 * 86_400
_TWELVE_HOURS = 12 * 3_600
# Five wrong passwords for one address from one machine: a quarter of an hour to think.
_TRIES, _HOURS_TO_THINK = 5, 0.25
# A relay on this machine: what goes to it passes no network.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_open: list[Workspace] = []

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "winback.web.middleware.RolesMiddleware",
    "axes.middleware.AxesMiddleware",
]


def workspace() -> Workspace:
    """The one whose pages these are."""
    return _open[-1]


def prepare(opened: Workspace) -> None:
    """Makes this process one that serves the pages of a workspace. Raises SettingsError."""
    _check_single_sign_on(opened.settings)
    for name, value in options(opened.settings).items():
        setattr(site, name, value)
    _open[:] = [opened]


def options(settings: Settings) -> dict[str, Any]:
    web = settings.web or Web()
    base_url = urlsplit(web.base_url or f"http://{web.host}:{web.port}")
    is_secure = base_url.scheme == "https"
    return {
        "SECRET_KEY": _secret_key(settings, web),
        "ALLOWED_HOSTS": [*{str(base_url.hostname), "localhost", "127.0.0.1", "[::1]"}],
        "CSRF_TRUSTED_ORIGINS": [f"{base_url.scheme}://{base_url.netloc}"],
        "ROOT_URLCONF": "winback.web.urls",
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": [_templates()],
        "STATIC_URL": f"/static/{_static_version()}/",
        "TIME_ZONE": settings.workspace.timezone,
        **_sign_in(web),
        **_cookies(is_secure),
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _CONTENT},
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_HSTS_SECONDS": _A_YEAR if is_secure else 0,
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1 << 20,
        "LOGGING_CONFIG": None,
        **_mail(settings),
    }


# Everything comes from this server, and no script or style stands in a page.
_CONTENT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "winback.web.context.of_every_page",
            ],
            "builtins": ["django.templatetags.static", "winback.web.tags"],
        },
    }


def _check_single_sign_on(settings: Settings) -> None:
    """What it needs of this machine; the provider is asked when somebody signs in by it."""
    oidc = None if settings.web is None else settings.web.oidc
    if oidc is None:
        return
    if find_spec("mozilla_django_oidc") is None:
        raise SettingsError("web.oidc: single sign-on needs the extra \"sso\": run `pip install 'winback[sso]'`")
    settings.secret(str(oidc.client_secret))


def has_passwords(web: Web | None) -> bool:
    """Whether users sign in with passwords of their own here."""
    return web is None or web.oidc is None or web.oidc.passwords


def _sign_in(web: Web) -> dict[str, Any]:
    validation = "django.contrib.auth.password_validation"
    names = ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
    return {
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            *(["django.contrib.auth.backends.ModelBackend"] if has_passwords(web) else []),
            *(["winback.web.single_sign_on.SingleSignOn"] if web.oidc is not None else []),
        ],
        "AUTH_PASSWORD_VALIDATORS": [{"NAME": f"{validation}.{name}"} for name in names],
        "LOGIN_URL": "sign-in",
        "LOGIN_REDIRECT_URL": "overview",
        "LOGOUT_REDIRECT_URL": "sign-in",
        "PASSWORD_RESET_TIMEOUT": 3 * 3_600,
        "AXES_FAILURE_LIMIT": _TRIES,
        "AXES_COOLOFF_TIME": _HOURS_TO_THINK,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_LOCKOUT_CALLABLE": "winback.web.views.sign_in.too_many_tries",
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_USERNAME_FORM_FIELD": "username",
        "AXES_VERBOSE": False,
        "AXES_DISABLE_ACCESS_LOG": True,
    }


def _cookies(is_secure: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_AGE": _TWELVE_HOURS,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_NAME": "winback_session",
        "SESSION_COOKIE_SECURE": is_secure,
        "CSRF_COOKIE_SECURE": is_secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
    }


def _mail(settings: Settings) -> dict[str, Any]:
    """A forgotten password goes the way of the mail channel; without that, an administrator sets a new one."""
    section = settings.email
    if section is None or section.smtp is None or section.sender is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    server = read_mail_server(section.smtp)
    login = {"EMAIL_HOST_USER": section.user, "EMAIL_HOST_PASSWORD": settings.secret(section.password or "")}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_USE_SSL": server.security == "smtps",
        "EMAIL_USE_TLS": server.security == "smtp" and (section.user is not None or server.host not in _LOOPBACK),
        "EMAIL_TIMEOUT": 30,
        "DEFAULT_FROM_EMAIL": section.sender,
        **(login if section.user is not None else {}),
    }


def _secret_key(settings: Settings, web: Web) -> str:
    """Without one in the settings, one that this machine makes and keeps beside the histories."""
    if web.secret_key is not None:
        key = settings.secret(web.secret_key)
        if len(key) < _SHORTEST_KEY:
            raise SettingsError(f"web.secret_key: expected at least {_SHORTEST_KEY} characters, found {len(key)}")
        return key
    path = settings.data_path / ".web_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _static_version() -> str:
    """A browser keeps these files for ever: another content has another address."""
    content = sha256(__version__.encode() + django_htmx.__file__.encode())
    for path in sorted((_HERE / "static").rglob("*.*")):
        content.update(path.read_bytes())
    return content.hexdigest()[:12]

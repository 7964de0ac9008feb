"""The server of the pages: waitress, which needs nothing else on any system."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings as site_settings
from django.core.wsgi import get_wsgi_application
from waitress import create_server
from whitenoise import WhiteNoise

from winback.errors import SettingsError, WinbackError
from winback.settings.sections import Web
from winback.web import site

if TYPE_CHECKING:
    from winback.workspace import Workspace

Say = Callable[[str], None]
_THREADS = 8
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def application() -> Any:
    """The pages and their files, as WSGI; after `site.prepare`."""
    served = WhiteNoise(_answering_head(get_wsgi_application()), max_age=365 * 86_400)
    for folder in site.STATIC_FOLDERS:
        served.add_files(str(folder), prefix=site_settings.STATIC_URL)
    return served


def _answering_head(pages: Any) -> Any:
    """HEAD is answered as GET is, but for the content, which the server would send along."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return cast("Iterable[bytes]", pages(environ, start_response))
        pages({**environ, "REQUEST_METHOD": "GET"}, start_response).close()
        return []

    return answer


def serve(workspace: Workspace, say: Say, host: str | None = None, port: int | None = None) -> None:
    """Until this process is told to stop (SIGTERM or Ctrl-C); what was asked before is still answered. Raises
    SettingsError or WinbackError where it can't listen."""
    web = workspace.settings.web or Web()
    host, port = host or web.host, web.port if port is None else port
    refuse_without_address(web, host)
    site.prepare(workspace)
    try:
        server = create_server(
            application(),
            host=host,
            port=port,
            threads=_THREADS,
            ident=None,
            trusted_proxy=web.proxy,
            trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
            clear_untrusted_proxy_headers=True,
            max_request_body_size=_most_bytes(workspace),
        )
    except OSError as error:
        raise WinbackError(f"can't listen on {host}:{port}: {os.strerror(error.errno or 0)}") from error
    signal.signal(signal.SIGTERM, _stop)
    say(f"listening on http://{server.effective_host}:{server.effective_port}/")
    # It ends by itself on SystemExit and KeyboardInterrupt, when those at work have answered.
    server.run()
    say("stopped")


def refuse_without_address(web: Web, host: str) -> None:
    if host not in _LOOPBACK and web.base_url is None:
        raise SettingsError(
            f"web.base_url: pages on {host} are for other machines: say where people reach them, such as"
            ' base_url = "https://winback.example"'
        )


def _most_bytes(workspace: Workspace) -> int:
    """Of an upload: the largest report that any product takes, and what a form adds to it."""
    return max((product.max_report_bytes for product in workspace.settings.products.values()), default=0) + (1 << 20)


def _stop(*_: object) -> None:
    raise SystemExit

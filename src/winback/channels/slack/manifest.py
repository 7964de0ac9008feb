"""The app of a company's own Slack workspace, as text to be pasted where apps are made."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from winback.errors import UsageError

# What each is for; `winback doctor` names the ones that an app lacks.
SCOPES = {
    "chat:write": "to post messages, and to edit them when a case changes",
    "users:read": "to find CSMs by name, and to notice who has left",
    "users:read.email": "to find CSMs by e-mail",
    "im:write": "to open the conversation with a CSM",
    "im:history": "to look up, in its own conversations, whether a message arrived whose outcome is unknown",
    "channels:read": "to see whether the channels of the settings exist and the app is in them",
    "groups:read": "the same of the private channels that it is in",
    "commands": "for /winback",
}
PATH = "/slack/events"


def make_manifest(http: str | None = None) -> dict[str, Any]:
    """For Socket Mode; or, with the address at which Slack can reach the bot, for HTTP."""
    url = None if http is None else f"{_checked(http)}{PATH}"
    requests = {} if url is None else {"request_url": url}
    command = {"command": "/winback", "description": "Accounts at risk and figures", "usage_hint": "[help]"}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Winback",
            "description": "Tells CSMs which accounts stopped using a product, and follows up until they are back",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "winback", "always_online": True},
            "slash_commands": [command | ({} if url is None else {"url": url}) | {"should_escape": False}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": ["app_home_opened"]},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(http: str | None = None) -> str:
    return json.dumps(make_manifest(http), indent=2)


def _checked(http: str) -> str:
    try:
        parts = urlsplit(http)
        is_good = parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_good = False
    if not is_good or "@" in parts.netloc:
        raise UsageError(
            f'--http: expected an address that Slack can reach, such as "https://winback.shop.example"; found {http}'
        )
    return http.rstrip("/").removesuffix(PATH)

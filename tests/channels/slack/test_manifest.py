"""The manifest: what Slack's schema of manifests allows of what stands in it, and no scope too many."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from winback.channels.slack.manifest import SCOPES, make_manifest
from winback.cli import cli
from winback.errors import UsageError

SLACK = Path(__file__).parents[3] / "src" / "winback" / "channels" / "slack"


def table(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def words(most: int, least: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most, **more}


def several(items: dict[str, Any], most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


TRUTH: dict[str, Any] = {"type": "boolean"}
WEB: dict[str, Any] = {"pattern": "^https?://"}
# The keys that a manifest of ours has, with the limits of https://github.com/slackapi/manifest-schema (1.0.0).
SCHEMA = table(
    ("display_information",),
    _metadata=table(major_version={"type": "integer"}, minor_version={"type": "integer"}),
    display_information=table(("name",), name=words(35), description=words(140)),
    features=table(
        app_home=table(home_tab_enabled=TRUTH, messages_tab_enabled=TRUTH, messages_tab_read_only_enabled=TRUTH),
        bot_user=table(("display_name",), display_name=words(80, pattern="^[a-z0-9._-]+$"), always_online=TRUTH),
        slash_commands=several(
            table(
                ("command", "description"),
                command=words(32, 2, pattern="^/"),
                description=words(2000),
                usage_hint=words(1000),
                url=words(3000, **WEB),
                should_escape=TRUTH,
            ),
            most=50,
            least=1,
        ),
    ),
    oauth_config=table(scopes=table(bot=several(words(50), 255))),
    settings=table(
        event_subscriptions=table(request_url=words(3500, **WEB), bot_events=several(words(50), 100)),
        interactivity=table(("is_enabled",), is_enabled=TRUTH, request_url=words(3500, **WEB)),
        org_deploy_enabled=TRUTH,
        socket_mode_enabled=TRUTH,
        token_rotation_enabled=TRUTH,
    ),
)


@pytest.mark.parametrize("http", [None, "https://winback.shop.example"])
def test_the_manifest_is_what_slack_takes(http: str | None) -> None:
    jsonschema.validate(make_manifest(http), SCHEMA)


def test_every_method_that_is_called_has_its_scope_and_no_scope_is_for_nothing() -> None:
    """https://docs.slack.dev/reference/methods names the scope of each."""
    of_method = {
        "chat_postMessage": "chat:write",
        "chat_update": "chat:write",
        "chat_delete": "chat:write",
        "conversations_open": "im:write",
        "conversations_history": "im:history",
        "conversations_replies": "im:history",
        "conversations_list": "channels:read",
        "users_list": "users:read",
        "users_lookupByEmail": "users:read.email",
        "auth_test": None,
        "apps_connections_open": None,
    }
    called = {name for path in SLACK.glob("*.py") for name in methods_in(path)}
    assert called - of_method.keys() == set()
    needed = {of_method[name] for name in called} - {None}
    # The private channels among those that are listed; the slash command of the bot.
    assert needed | {"groups:read", "commands"} == SCOPES.keys()


def methods_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in names if re.match(r"(chat|conversations|users|views|auth|apps|dnd|files)_", name)}


def test_socket_mode_needs_no_address() -> None:
    manifest = make_manifest()
    assert manifest["settings"]["socket_mode_enabled"]
    assert "http" not in json.dumps(manifest)


@pytest.mark.parametrize("http", ["https://winback.shop.example", "https://winback.shop.example/slack/events"])
def test_by_http_every_request_has_the_address(http: str) -> None:
    manifest = make_manifest(http)
    address = "https://winback.shop.example/slack/events"
    assert not manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["features"]["slash_commands"][0]["url"] == address


@pytest.mark.parametrize("http", ["http://winback.shop.example", "winback.shop.example", "", "https://", "https://a@b"])
def test_an_address_that_slack_would_not_call_is_refused(http: str) -> None:
    with pytest.raises(UsageError, match="--http: expected an address"):
        make_manifest(http)


def test_the_command_prints_what_can_be_pasted() -> None:
    result = CliRunner().invoke(cli, ["slack", "manifest"])
    assert json.loads(result.stdout) == make_manifest()

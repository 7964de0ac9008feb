"""What `winback doctor` looks at in Slack. Nothing is posted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winback.channels.slack.client import channels, open_client, open_socket_client
from winback.channels.slack.errors import in_our_terms
from winback.channels.slack.manifest import SCOPES
from winback.errors import SettingsError
from winback.messages.channel import NotDelivered
from winback.settings.sections import Slack

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from winback.settings import Settings

# Verdict (ok, note or wrong), and what to say.
Check = tuple[str, str]


def check_slack(settings: Settings) -> Iterator[Check]:
    """Goes on after what is wrong as far as the rest can still be looked at."""
    try:
        client = open_client(settings)
        with in_our_terms():
            who = client.auth_test()
    except (SettingsError, NotDelivered) as problem:
        yield "wrong", str(problem)
        return
    yield "ok", f"{who['user']} in the workspace {who['team']}"
    yield _scopes(str(who.headers.get("X-OAuth-Scopes") or who.headers.get("x-oauth-scopes") or ""))
    yield from _channels(client, settings)
    yield _answers(settings)


def _scopes(header: str) -> Check:
    given = {scope.strip() for scope in header.split(",")}
    lacking = [f"{scope} ({why})" for scope, why in SCOPES.items() if scope not in given]
    if not lacking:
        return "ok", f"all {len(SCOPES)} scopes"
    return "wrong", (
        f"the app lacks {', '.join(lacking)}: paste `winback slack manifest` into its App Manifest anew, then install"
        " it again"
    )


def _channels(client: WebClient, settings: Settings) -> Iterator[Check]:
    wanted = _wanted(settings)
    names = {address.removeprefix("#") for address in wanted}
    try:
        found = {
            key: channel for channel in channels(client) for key in (channel["name"], channel["id"]) if key in names
        }
    except NotDelivered as problem:
        if wanted:
            yield "wrong", f"{', '.join(wanted)} can't be looked up: {problem}"
        return
    for address, key in wanted.items():
        yield _channel(address, key, found.get(address.removeprefix("#")))


def _wanted(settings: Settings) -> dict[str, str]:
    """Channel → the settings that name it; what names a person is not looked at here."""
    digest = settings.slack.digest if settings.slack else None
    named = [("messages.fallback", settings.messages.fallback), ("messages.redirect_to", settings.messages.redirect_to)]
    named += [("alerts.to", address) for address in settings.alerts.to]
    named += [("slack.digest", digest.channel)] if digest else []
    wanted: dict[str, list[str]] = {}
    for key, address in named:
        if address.startswith(("#", "C", "G")) and "@" not in address:
            wanted.setdefault(address, []).append(key)
    return {address: ", ".join(keys) for address, keys in wanted.items()}


def _channel(address: str, key: str, found: Any) -> Check:
    if found is None:
        return "wrong", (
            f"{key}: there is no channel {address} that the app may see: make it, and if it is private, let the app in:"
            " /invite @winback"
        )
    if found.get("is_archived"):
        return "wrong", f"{key}: {address} is archived: take it out of the archive, or name another channel"
    if not found.get("is_member"):
        return "wrong", f"{key}: the app is not in {address}: write /invite @winback there"
    return "ok", f"{key}: {address} can be posted to"


def _answers(settings: Settings) -> Check:
    """Whether clicks can arrive: by Socket Mode, else by HTTP."""
    slack = settings.slack or Slack()
    try:
        client = open_socket_client(settings)
    except SettingsError as problem:
        try:
            settings.secret(slack.signing_secret)
        except SettingsError:
            return "wrong", f"nobody can answer: {problem}"
        return "ok", "clicks arrive by HTTP (there is no slack.app_token), and are checked with slack.signing_secret"
    try:
        with in_our_terms():
            client.apps_connections_open(app_token=client.token or "")
    except NotDelivered as problem:
        return "wrong", f"slack.app_token: {problem}"
    return "ok", "clicks arrive by Socket Mode"

"""The channel `slack`: messages with buttons, found again by their key, edited where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winback.channels.slack.client import open_client
from winback.messages.channel import Channel

if TYPE_CHECKING:
    from winback.settings import Settings


def open_slack(settings: Settings) -> Channel:
    """Raises SettingsError where the packages of Slack or the token are missing."""
    client = open_client(settings)
    from winback.channels.slack.channel import Slack

    return Slack(client, settings)

"""How a message is sent: a file for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from winback.channels.console import Console
from winback.messages.channel import Channel

if TYPE_CHECKING:
    from winback.settings import Settings


def open_channel(name: str, settings: Settings, output: TextIO | None = None) -> Channel:
    """The channel of a name; `output`: where the console prints. Reads the secrets that it needs. Raises SettingsError
    where one is missing. What a channel needs is imported when it is opened."""
    if name == "email":
        from winback.channels.email import open_email

        return open_email(settings)
    if name == "webhook":
        from winback.channels.webhook import open_webhook

        return open_webhook(settings)
    if name == "slack":
        from winback.channels.slack import open_slack

        return open_slack(settings)
    if name == "teams":
        from winback.channels.teams import open_teams

        return open_teams(settings)
    return Console(output)

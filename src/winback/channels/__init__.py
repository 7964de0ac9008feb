"""How a message is sent: a file for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from winback.channels.console import Console
from winback.messages.channel import Channel

if TYPE_CHECKING:
    from winback.settings import Settings


def open_channel(name: str, settings: Settings, output: TextIO | None = None) -> Channel:
    """The channel of a name; `output`: where the console prints. Raises SettingsError where it lacks a setting."""
    return Console(output)

"""Writes settings files for tests, and reads what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from winback.errors import SettingsError
from winback.settings import Settings, load_settings

PRODUCT = '[products.payments]\nreport = "reports/payments_{date}.csv"\n'


def load(folder: Path, text: str) -> Settings:
    (folder / "winback.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def refusal(folder: Path, text: str) -> str:
    """What is said of the settings, without the file's name in front; one line."""
    with pytest.raises(SettingsError) as error:
        load(folder, text)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(str(folder / "winback.toml"))
    return message.removeprefix(str(folder / "winback.toml")).removeprefix(": ")

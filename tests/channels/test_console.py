"""What the console prints."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.messages.letters import HOSTILE, content, letter, planned, settings_of
from winback.channels import open_channel
from winback.messages.channel import Recipient


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_report_holds_does_not_act_on_a_terminal_nor_leave_its_frame(tmp_path: Path, name: str) -> None:
    settings, output = settings_of(tmp_path), io.StringIO()
    told = content(settings, planned(merchant_name=HOSTILE[name], region=HOSTILE[name]))
    open_channel("console", settings, output).deliver(letter(told, recipient=Recipient("d", HOSTILE[name])))
    first, *lines, last = output.getvalue().splitlines()
    assert first == last
    assert all(line.startswith("|") for line in lines)
    assert not set(output.getvalue()) & {"\r", "\x07", "\x1b", "\x00"}
    assert len(lines) == 10

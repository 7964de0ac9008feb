"""Winback: from a daily report of product adoption to won-back accounts.

import winback

changes = winback.compare("monday.csv", "tuesday.csv", columns={"uid": "UID"})

with winback.open_workspace("my-workspace") as workspace:
    workspace.pull("payments")
    at_risk = workspace.table("at_risk").to_pandas()
    figures = workspace.kpis()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["WinbackError", "Workspace", "compare", "make_workspace", "open_workspace", "understand_report"]

if TYPE_CHECKING:
    from winback.beginning import make_workspace
    from winback.comparing import compare
    from winback.discovery.understand import understand_report
    from winback.errors import WinbackError
    from winback.workspace import Workspace, open_workspace

_HOMES = {
    "Workspace": "workspace",
    "WinbackError": "errors",
    "compare": "comparing",
    "make_workspace": "beginning",
    "open_workspace": "workspace",
    "understand_report": "discovery.understand",
}


def __getattr__(name: str) -> Any:
    """Loaded when asked for: `winback --help` needs neither the engine nor the database."""
    if name not in _HOMES:
        raise AttributeError(f"module 'winback' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"winback.{_HOMES[name]}"), name)

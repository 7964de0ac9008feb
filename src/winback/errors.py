"""What a person can mend. Each message is one line: what was expected, what was found, what to do."""

from __future__ import annotations


class WinbackError(Exception):
    """Whatever a person can mend; its text is one line for them."""

    exit_status = 1


class UsageError(WinbackError):
    """A command or function was used wrongly."""

    exit_status = 2


class NotKept(WinbackError):
    """What is asked for reaches further back than histories are kept."""


class SettingsError(WinbackError):
    """winback.toml, or a secret it refers to, is missing or wrong."""

    exit_status = 2


class ReportRefused(WinbackError):
    """A report that can't be read, or that a product can't take (rules.md R2.8, R3.7, R3.14)."""


class DatabaseMismatch(WinbackError):
    """The database is older or newer than the program, or not there."""


class DatabaseFailed(WinbackError):
    """The database can't be read or written: locked, full, damaged, out of reach. What was to be kept in it is not."""

"""winback.toml: read once, checked before anything runs, one frozen `Settings` out."""

from __future__ import annotations

from winback.settings.address import Address, PostgresUrl, SqliteFile
from winback.settings.crm_sections import Crm, CrmFiles, CrmSql, Hubspot, Salesforce
from winback.settings.load import FILE_NAME, find_workspace, load_settings
from winback.settings.secrets import secret
from winback.settings.sections import (
    Alerts,
    Cases,
    Claims,
    Columns,
    Digest,
    Email,
    FollowUps,
    Guard,
    Messages,
    Person,
    Product,
    QuietHours,
    Schedule,
    Settings,
    Slack,
    Teams,
    Web,
    Webhook,
    Workspace,
)
from winback.settings.wording import WORDING

__all__ = [
    "FILE_NAME",
    "WORDING",
    "Address",
    "Alerts",
    "Cases",
    "Claims",
    "Columns",
    "Crm",
    "CrmFiles",
    "CrmSql",
    "Digest",
    "Email",
    "FollowUps",
    "Guard",
    "Hubspot",
    "Messages",
    "Person",
    "PostgresUrl",
    "Product",
    "QuietHours",
    "Salesforce",
    "Schedule",
    "Settings",
    "Slack",
    "SqliteFile",
    "Teams",
    "Web",
    "Webhook",
    "Workspace",
    "find_workspace",
    "load_settings",
    "secret",
]

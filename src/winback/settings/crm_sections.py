"""[crm] and what stands below it, with the defaults; docs/settings.md says what it means."""

from __future__ import annotations

from winback.settings import kinds
from winback.settings.section import Section


class CrmColumns(Section, frozen=True, kw_only=True):
    """Our name → the file's names, tried in order; None: looked for under our name."""

    external_id: kinds.ColumnNames | None = None
    kind: kinds.ColumnNames | None = None
    occurred_at: kinds.ColumnNames | None = None
    uid: kinds.ColumnNames | None = None
    account_ref: kinds.ColumnNames | None = None
    owner_email: kinds.ColumnNames | None = None
    owner_name: kinds.ColumnNames | None = None
    owner_ref: kinds.ColumnNames | None = None
    logged_at: kinds.ColumnNames | None = None
    modified_at: kinds.ColumnNames | None = None
    product: kinds.ColumnNames | None = None
    is_done: kinds.ColumnNames | None = None
    is_deleted: kinds.ColumnNames | None = None
    outcome: kinds.ColumnNames | None = None
    note: kinds.ColumnNames | None = None


class CrmFiles(Section, frozen=True, kw_only=True):
    path: kinds.Words | None = None
    columns: CrmColumns = CrmColumns()
    kind_names: kinds.KindsByName = {}
    delimiter: kinds.Delimiter | None = None
    encoding: kinds.Encoding | None = None
    sheet: kinds.Words | None = None
    max_report_bytes: kinds.PositiveCount = 10_000_000_000


class CrmSql(Section, frozen=True, kw_only=True):
    url: kinds.Words | None = None
    query: kinds.Words | None = None
    kind_names: kinds.KindsByName = {}
    overlap_minutes: kinds.Minutes = 10
    max_report_bytes: kinds.PositiveCount = 10_000_000_000


class Salesforce(Section, frozen=True, kw_only=True):
    """Client credentials with `consumer_secret`, or JWT with `username` and `private_key`."""

    domain: kinds.SalesforceDomain | None = None
    consumer_key: kinds.SecretRef = "env:SALESFORCE_CONSUMER_KEY"
    consumer_secret: kinds.SecretRef | None = None
    username: kinds.Words | None = None
    private_key: kinds.SecretRef | None = None
    uid_field: kinds.FieldName | None = None
    version: kinds.SalesforceVersion = "67.0"
    base_url: kinds.Words | None = None


class Hubspot(Section, frozen=True, kw_only=True):
    token: kinds.SecretRef = "env:HUBSPOT_TOKEN"  # noqa: S105
    uid_property: kinds.FieldName | None = None
    version: kinds.HubspotVersion = "2026-03"
    base_url: kinds.Words = "https://api.hubapi.com"


class Crm(Section, frozen=True, kw_only=True):
    """What CSMs did for accounts. `engagement`: the kinds that count; `robots`: by name, e-mail or ID, whose do not."""

    engagement: kinds.Kinds = ("call", "email", "meeting", "message", "task", "visit")
    robots: kinds.WordsList = ()
    files: CrmFiles | None = None
    sql: CrmSql | None = None
    salesforce: Salesforce | None = None
    hubspot: Hubspot | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(name for name in ("files", "sql", "salesforce", "hubspot") if getattr(self, name) is not None)

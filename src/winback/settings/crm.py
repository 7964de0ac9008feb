"""That each source of the CRM has what it needs. Secrets are looked at when the source is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winback.errors import SettingsError
from winback.settings.channels import read_url
from winback.settings.checks import DATABASES, has_secret

if TYPE_CHECKING:
    from winback.settings.crm_sections import CrmSql, Salesforce
    from winback.settings.sections import Settings


def check_crm(settings: Settings) -> None:
    crm = settings.crm
    if crm.files is not None and crm.files.path is None:
        raise SettingsError('crm.files.path is missing: where the files are, such as "crm/*.csv"')
    if crm.sql is not None:
        _check_sql(crm.sql)
    if crm.salesforce is not None:
        _check_salesforce(crm.salesforce)
    if crm.hubspot is not None:
        read_url(crm.hubspot.base_url, "crm.hubspot.base_url")


def _check_sql(sql: CrmSql) -> None:
    if sql.url is None:
        raise SettingsError('crm.sql.url is missing: the database, such as "postgresql://user@host/name"')
    if sql.query is None:
        raise SettingsError("crm.sql.query is missing: the select that gives the activities, one a row")
    if not sql.url.startswith(("env:", "file:")):
        refuse_other_scheme(sql.url, "crm.sql.url")
        _refuse_secret(sql.url, "crm.sql.url")


def refuse_other_scheme(url: str, key: str) -> None:
    """What was found is not shown: it may be a secret."""
    scheme, is_address, _ = url.partition("://")
    if not is_address or scheme.lower() not in DATABASES:
        raise SettingsError(f'{key}: expected an address such as "postgresql://user@host/name" or "sqlite:///PATH"')


def _refuse_secret(url: str, key: str) -> None:
    if has_secret(url.partition("://")[2]):
        raise SettingsError(
            f"{key}: a password or key stands in it, but secrets never stand in this file: leave it out and set"
            ' PGPASSWORD or a passfile; or put the whole address elsewhere and write "env:NAME" or "file:PATH"'
        )


def _check_salesforce(salesforce: Salesforce) -> None:
    if salesforce.domain is None:
        raise SettingsError('crm.salesforce.domain is missing: My Domain without ".salesforce.com", such as "acme.my"')
    by_jwt = salesforce.username is not None or salesforce.private_key is not None
    if by_jwt == (salesforce.consumer_secret is not None):
        raise SettingsError(
            "crm.salesforce: expected either consumer_secret (client credentials), or username and private_key (JWT)"
        )
    if by_jwt and (salesforce.username is None or salesforce.private_key is None):
        missing = "username" if salesforce.username is None else "private_key"
        raise SettingsError(f"crm.salesforce.{missing} is missing: JWT takes both username and private_key")
    if salesforce.base_url is not None:
        read_url(salesforce.base_url, "crm.salesforce.base_url")

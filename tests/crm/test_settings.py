"""Settings of the CRM: what is missing or does not fit is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings_files import PRODUCT, load
from winback.errors import SettingsError

SALESFORCE = '[crm.salesforce]\ndomain = "acme.my"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crm.files]", "crm.files.path is missing"),
        ('[crm.files]\npath = "x"\nkind_names = { "Anruf" = "telefon" }', "crm.files.kind_names: expected a table of"),
        ('[crm.files]\npath = "x"\n[crm.files.columns]\nkinds = "x"', "did you mean crm.files.columns.kind?"),
        ('[crm.sql]\nquery = "select 1"', "crm.sql.url is missing"),
        ('[crm.sql]\nurl = "sqlite:///x"', "crm.sql.query is missing"),
        ('[crm.sql]\nurl = "mysql://x"\nquery = "select 1"', "crm.sql.url: expected an address such as"),
        (
            '[crm.sql]\nurl = "postgresql://me:pw@x/y"\nquery = "select 1"',
            "crm.sql.url: a password or key stands in it",
        ),
        ("[crm.salesforce]", "crm.salesforce.domain is missing"),
        ('[crm.salesforce]\ndomain = "https://acme.my.salesforce.com"', "crm.salesforce.domain: expected My Domain"),
        (SALESFORCE, "expected either consumer_secret (client credentials), or username and private_key"),
        (f'{SALESFORCE}consumer_secret = "s3cret"', "secrets never stand in this file"),
        (f'{SALESFORCE}consumer_secret = "env:A"\nusername = "x"', "expected either consumer_secret"),
        (f'{SALESFORCE}username = "x"', "crm.salesforce.private_key is missing"),
        (f'{SALESFORCE}private_key = "file:key.pem"', "crm.salesforce.username is missing"),
        (
            f'{SALESFORCE}consumer_secret = "env:A"\nuid_field = "A b"',
            "crm.salesforce.uid_field: expected the API name",
        ),
        ('[crm.hubspot]\nversion = "v3"', "crm.hubspot.version: expected a version of HubSpot's API"),
        ('[crm.hubspot]\nbase_url = "hubspot"', "crm.hubspot.base_url: expected an address"),
        ('[crm]\nengagement = ["calls"]', "crm.engagement: expected a list of kinds"),
        ("[crm.pipedrive]", "unknown key crm.pipedrive"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, PRODUCT + text)
    assert said in str(refused.value)


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    settings = load(tmp_path, f'{PRODUCT}{SALESFORCE}consumer_secret = "env:A"\n[crm.files]\npath = "crm/*.csv"\n')
    assert settings.crm.sources == ("files", "salesforce")
    assert load(tmp_path, PRODUCT).crm.sources == ()

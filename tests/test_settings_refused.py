"""Settings that are refused, and what is said of them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.settings_files import PRODUCT, load, refusal
from winback.errors import SettingsError
from winback.settings.not_yet import NOT_YET

# Unknown keys


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[workspace]\ntimezon = 1", "unknown key workspace.timezon: did you mean workspace.timezone?"),
        ("[workspaces]", "unknown key workspaces: did you mean workspace?"),
        ("[schedules]", "unknown key schedules: did you mean schedule?"),
        ("mod = 1", "unknown key products.payments.mod: did you mean products.payments.mode?"),
        ("MODE = 1", "unknown key products.payments.MODE: did you mean products.payments.mode?"),
        (
            "[products.payments.guard]\nmax_lost = 1",
            "unknown key products.payments.guard.max_lost: did you mean products.payments.guard.max_",
        ),
        (
            "[products.payments.columns]\nmerchant = 1",
            "unknown key products.payments.columns.merchant: did you mean products.payments.columns.merch",
        ),
        (
            '[people."Dana Ortiz"]\nslak = 1',
            'unknown key people."Dana Ortiz".slak: did you mean people."Dana Ortiz".slack?',
        ),
        (
            "[slack]\ndigest = { channels = 1 }",
            "unknown key slack.digest.channels: did you mean slack.digest.channel?",
        ),
        ("[schedule]\npayment = 1", "unknown key schedule.payment: did you mean schedule.payments?"),
        ("[crm.sugar]", "unknown key crm.sugar: known here are engagement, robots, files, sql, salesforce, hubspot"),
        ("[cases]\nxyz = 1", "unknown key cases.xyz: known here are lost_after_days, holdout"),
        ("[workspace]\n'a.b' = 1", 'unknown key workspace."a.b": known here are timezone, '),
        ("name = 1", "unknown key products.payments.name: known here are report, mode"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_known_one_named(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, f"{PRODUCT}{text}").startswith(said)


@pytest.mark.parametrize("name", ["folder", "wording"])
def test_what_only_the_program_knows_is_no_key(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, f'{name} = "x"\n{PRODUCT}').startswith(f"unknown key {name}: known here are")


# Values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[workspace]\ntimezone = 1",
            "workspace.timezone: expected text in quotes that is not blank, found 1",
        ),
        (
            '[workspace]\ndata_dir = " "',
            'workspace.data_dir: expected text in quotes that is not blank, found " "',
        ),
        ('[workspace]\nkeep = "7"', "workspace.keep: expected a whole number of at least 2 ("),
        ("[workspace]\nkeep = 1", "workspace.keep: expected a whole number of at least 2 ("),
        ("[workspace]\nkeep = true", "workspace.keep: expected a whole number of at least 2 ("),
        ("[workspace]\nkeep = 7.0", "workspace.keep: expected a whole number of at least 2 ("),
        ('[workspace]\ncurrency = "usd"', 'workspace.currency: expected three capital letters such as "USD"'),
        ('[workspace]\ncurrency = "USD\\n"', "workspace.currency: expected three capital letters"),
        ('mode = "list"', 'products.payments.mode: expected "flag" or "presence", found "list"'),
        ('vanished = "lost"', 'products.payments.vanished: expected "keep" or "churn", found "lost"'),
        ('decimal = ";"', 'products.payments.decimal: expected "." or ",", found ";"'),
        (
            'encoding = "utf-88"',
            'products.payments.encoding: expected the name of an encoding such as "utf-8", "cp1252",',
        ),
        ('encoding = "base64"', "products.payments.encoding: expected the name of an encoding"),
        ('encoding = "idna"', "products.payments.encoding: expected the name of an encoding"),
        ('encoding = ""', "products.payments.encoding: expected the name of an encoding"),
        ("encoding = 8", "products.payments.encoding: expected the name of an encoding"),
        ('delimiter = ";;"', "products.payments.delimiter: expected one character such as"),
        ("delimiter = '\"'", "products.payments.delimiter: expected one character such as"),
        (
            'at_time = "7:30"',
            'products.payments.at_time: expected a time of day such as "07:30", found "7:30"',
        ),
        ('at_time = "24:00"', "products.payments.at_time: expected a time of day"),
        ('at_time = "07:30:00+01:00"', "products.payments.at_time: expected a time of day"),
        ('at_time = "0730Z"', "products.payments.at_time: expected a time of day"),
        ("at_time = 730", "products.payments.at_time: expected a time of day"),
        ("max_report_bytes = 0", "products.payments.max_report_bytes: expected a whole number of at least 1"),
        ("columns = 1", "products.payments.columns: expected a table [products.payments.columns], found 1"),
        (
            "[products.payments.columns]\nuid = ''",
            "products.payments.columns.uid: expected the name of a column",
        ),
        (
            "[products.payments.columns]\nuid = []",
            "products.payments.columns.uid: expected the name of a column",
        ),
        ("[products.payments.columns]\nuid = ['a', ' ']", "products.payments.columns.uid: expected the name"),
        (
            "[products.payments.columns]\nuid = 1",
            "products.payments.columns.uid: expected the name of a column",
        ),
        (
            "[products.payments.guard]\nmax_churn = 1.5",
            "products.payments.guard.max_churn: expected a share from 0",
        ),
        (
            "[products.payments.guard]\nmax_churn = -0.1",
            "products.payments.guard.max_churn: expected a share",
        ),
        ("[products.payments.guard]\nmax_churn = nan", "products.payments.guard.max_churn: expected a share"),
        (
            "[products.payments.guard]\nmax_churn = '10 %'",
            "products.payments.guard.max_churn: expected a share",
        ),
        (
            "[products.payments.guard]\nmin_accounts = -1",
            "products.payments.guard.min_accounts: expected a whole",
        ),
        (
            "[cases]\nlost_after_days = 0",
            "cases.lost_after_days: expected a whole number of days from 1 to 36500, or",
        ),
        ("[cases]\nlost_after_days = 'ever'", "cases.lost_after_days: expected a whole number of days"),
        ("[cases]\nlost_after_days = 10.5", "cases.lost_after_days: expected a whole number of days"),
        ("[cases]\nlost_after_days = 1000000", "cases.lost_after_days: expected a whole number of days"),
        ("[cases]\nholdout = 2", "cases.holdout: expected a share from 0 to 1"),
        ("[follow_ups]\nsecond = 2", "follow_ups.second: expected two whole numbers [from day, to day]"),
        ("[follow_ups]\nsecond = [2]", "follow_ups.second: expected two whole numbers [from day, to day]"),
        ("[follow_ups]\nsecond = [0, 3]", "follow_ups.second: expected two whole numbers"),
        (
            "[follow_ups]\nstop_when_engaged = 1",
            "follow_ups.stop_when_engaged: expected true or false, found 1",
        ),
        ("[claims]\nclaim_within_days = 0", "claims.claim_within_days: expected a whole number of days"),
        ("[claims]\nreasons_won = []", "claims.reasons_won: expected a list of at least one reason"),
        ("[messages]\nchannel = 'fax'", 'messages.channel: expected "console", "slack", "email"'),
        ("[messages]\nchannel = []", 'messages.channel: expected "console", "slack", "email"'),
        (
            "[messages]\nnew_adoptions = false",
            'messages.new_adoptions: expected "bundle" or "off", found false',
        ),
        (
            "[messages]\nshow = 'x'",
            'messages.show: expected a list of texts, such as ["one", "two"], found "x"',
        ),
        ("[messages]\nbundle_over = -1", "messages.bundle_over: expected a whole number of at least 0"),
        ("[alerts]\nto = '#ops'", "alerts.to: expected a list of texts"),
        ("[alerts]\nno_pull_for_hours = 0", "alerts.no_pull_for_hours: expected a whole number of hours"),
        ("[people]\nDana = 'x'", 'people.Dana: expected a table [people.Dana], found "x"'),
        ("[people.Dana]\nemail = 'dana'", "people.Dana.email: expected an e-mail address such as"),
        ("[people.Dana]\ncountry = 'Spain'", "people.Dana.country: expected two capital letters"),
        ("[quiet_hours]\ndays = ['monday']", "quiet_hours.days: expected a list of days"),
        ("[quiet_hours]\nclosed_on = ['25.12.2026']", "quiet_hours.closed_on: expected a list of dates"),
        ("[slack]\nbot_token = 'xoxb-1'", 'slack.bot_token: expected "env:NAME" (a variable) or "file:PATH"'),
        ("[web]\nport = 99999", "web.port: expected a port from 1 to 65535, found 99999"),
        ("[web]\nsecret_key = 'env:'", 'web.secret_key: expected "env:NAME"'),
        (
            "[schedule]\npayments = '7h'",
            'schedule.payments: expected a time of day such as "07:30", found "7h"',
        ),
        ("[crm]\nfiles = 1", "crm.files: expected a table [crm.files], found 1"),
    ],
)
def test_a_wrong_value_is_refused_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, f"{PRODUCT}{text}").startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[products.payments]\nreport = 1", "products.payments.report: expected text in quotes, found 1"),
        ("products = 1", "products: expected a table [products.NAME], found 1"),
        ("[[products]]", "products: expected a table [products.NAME], found [{}]"),
        (
            "[products]\nreport = 'a.csv'",
            'products.report: expected a table [products.report], found "a.csv"',
        ),
        ("schedule = 1", "schedule: expected a table [schedule], found 1"),
        ("cases = 2026-11-03", "cases: expected a table [cases], found 2026-11-03"),
    ],
)
def test_a_value_in_place_of_a_table_or_text_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, text) == said


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{PRODUCT}decimal = '{'x' * 500}'")
    assert said.endswith("xxx…")
    assert len(said) < 150


# Settings that must fit the world and each other


@pytest.mark.parametrize("text", ["", "[workspace]\ntimezone = 'UTC'", "[products]"])
def test_a_workspace_without_a_product_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text) == "no product: add [products.NAME] with the path of its report"


@pytest.mark.parametrize("text", ["", "report = ''", "report = '  '"])
def test_a_product_without_a_report_is_told_to_fill_it_in(tmp_path: Path, text: str) -> None:
    said = refusal(tmp_path, f"[products.payments]\n{text}")
    assert said == (
        "products.payments.report is missing or empty: fill in the path of the report, "
        'such as "reports/payments_{date}.csv"'
    )


@pytest.mark.parametrize("name", ["'my product'", "'a/b'", "''", "'é'", "'..'"])
def test_a_products_name_is_plain(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, f"[products.{name}]\nreport = 'a.csv'")
    assert said.endswith("a name has letters, digits, _ and - only")


def test_products_may_not_differ_by_case_alone(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[products.Payments]\nreport = 'b.csv'")
    assert said == "products.Payments: there is products.payments already; give it another name"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Madird", 'there is no time zone "Europe/Madird"; did you mean "Europe/Madrid"?'),
        ("zzzz", 'there is no time zone "zzzz"; write one such as "Europe/Madrid"'),
        ("Europe", 'there is no time zone "Europe"; '),
        ("../../etc/passwd", 'there is no time zone "../../etc/passwd"; '),
    ],
)
def test_a_time_zone_must_exist(tmp_path: Path, zone: str, said: str) -> None:
    of_workspace = refusal(tmp_path, f'{PRODUCT}[workspace]\ntimezone = "{zone}"')
    assert of_workspace.startswith(f"workspace.timezone: {said}")
    of_person = refusal(tmp_path, f'{PRODUCT}[people."Dana Ortiz"]\ntimezone = "{zone}"')
    assert of_person.startswith(f'people."Dana Ortiz".timezone: {said}')


def test_accounts_vanish_in_flag_mode_only(tmp_path: Path) -> None:
    vanished = f'{PRODUCT}vanished = "churn"\n'
    assert load(tmp_path, vanished).products["payments"].vanished == "churn"
    said = refusal(tmp_path, f'{vanished}mode = "presence"')
    assert said.startswith('products.payments.vanished: "churn" is for mode "flag" only')
    load(tmp_path, f'{PRODUCT}vanished = "keep"\nmode = "presence"')


@pytest.mark.rule("R5.1")
@pytest.mark.parametrize(("second", "final"), [([2, 4], [4, 6]), ([5, 8], [4, 6]), ([7, 8], [4, 6])])
def test_windows_of_follow_ups_may_not_overlap_nor_change_places(
    tmp_path: Path, second: list[int], final: list[int]
) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[follow_ups]\nsecond = {second}\nfinal = {final}")
    assert said == f"follow_ups: the windows overlap: second {second} must end before final {final} starts"


def test_windows_may_be_one_day_long_and_have_days_between(tmp_path: Path) -> None:
    follow_ups = load(tmp_path, f"{PRODUCT}[follow_ups]\nsecond = [1, 1]\nfinal = [7, 7]").follow_ups
    assert (follow_ups.second, follow_ups.final) == ((1, 1), (7, 7))


def test_a_window_may_not_end_before_it_starts(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[follow_ups]\nfinal = [6, 4]")
    assert said == "follow_ups.final: expected [from day, to day], found [6, 4], which ends before it starts"


def test_people_have_names(tmp_path: Path) -> None:
    assert refusal(tmp_path, f"{PRODUCT}[people.' ']").startswith("people: a name is blank")


@pytest.mark.parametrize("engine", ["", "spark", "DuckDB", "local[", "local[two]", "spark://", "http://host:7077"])
def test_an_engine_is_one_that_there_is(tmp_path: Path, engine: str) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[workspace]\nengine = {json.dumps(engine)}")
    assert said.startswith("workspace.engine: ")


def test_quiet_hours_open_before_they_close(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[quiet_hours]\nopen = '18:00'")
    assert said == "quiet_hours: open 18:00 must be before close 17:30"


def test_some_day_of_the_year_is_open(tmp_path: Path) -> None:
    coming = [date.today() + timedelta(days=day) for day in range(380)]  # noqa: DTZ011
    mondays = [str(day) for day in coming if day.weekday() == 0]
    settings = f"{PRODUCT}[quiet_hours]\ndays = ['mon']\nclosed_on = {mondays}"
    assert refusal(tmp_path, settings).startswith("quiet_hours.closed_on: no day of the coming year is open")
    assert load(tmp_path, settings.replace(mondays[40], mondays[39])).quiet_hours is not None


def test_a_country_is_one_with_known_holidays(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{PRODUCT}[people.Dana]\ncountry = 'XX'")
    assert said == 'people.Dana.country: the public holidays of "XX" are not known; leave it out'


# The database


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("winback.sqlite3", '"winback.sqlite3"'),
        ("sqlite:///", '"sqlite:///"'),
        ("sqlite:///:memory:", '"sqlite:///:memory:"'),
        ("mysql://dana:s3cret@host/winback", '"mysql://…"'),
        ("dana:s3cret@host/winback", "something else"),
    ],
)
def test_a_database_is_a_file_or_of_a_postgresql_server(tmp_path: Path, written: str, shown: str) -> None:
    said = refusal(tmp_path, f'{PRODUCT}[workspace]\ndatabase = "{written}"')
    assert said.startswith(
        'workspace.database: expected "sqlite:///PATH", "postgresql://user@host:port/name", "env:NAME"'
    )
    assert said.endswith(f" found {shown}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://dana:s3cret@host/winback",
        "postgres://dana:s3cret@host:5432/winback?sslmode=require",
        "postgresql://dana@host/winback?password=s3cret",
        "postgresql://dana:@host/winback",
    ],
)
def test_a_password_does_not_stand_in_the_settings(tmp_path: Path, url: str) -> None:
    said = refusal(tmp_path, f'{PRODUCT}[workspace]\ndatabase = "{url}"')
    assert said.startswith("workspace.database: a password stands in it, but secrets never stand in this file")
    assert "s3cret" not in said


ODD_URLS = [
    "postgresql://host",
    "postgresql://host/",
    "postgresql://dana:s3/cret@host/winback",
    "postgresql://dana:33/cret@host/winback",
    "postgresql://dana:s3#cret@host/winback",
    "postgresql://dana:s3?cret@host/winback",
    "postgresql://[::1/winback",
]


@pytest.mark.parametrize("url", ODD_URLS)
def test_what_is_no_url_of_a_database_is_not_shown(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(tmp_path, f'{PRODUCT}[workspace]\ndatabase = "{url}"')
    assert said.startswith('workspace.database: expected "postgresql://user@host:port/name", special characters')
    assert "cret" not in said
    monkeypatch.setenv("WINBACK_DATABASE", url)
    settings = load(tmp_path, f'{PRODUCT}[workspace]\ndatabase = "env:WINBACK_DATABASE"')
    with pytest.raises(SettingsError, match="env:WINBACK_DATABASE: expected") as error:
        _ = settings.database
    assert "cret" not in str(error.value)


# What this version does not do yet

REFUSED = {
    "workspace.data_dir": ['[workspace]\ndata_dir = "s3://bucket/data"'],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in REFUSED.items() for text in texts])
def test_what_this_version_does_not_do_is_refused(tmp_path: Path, key: str, text: str) -> None:
    said = refusal(tmp_path, f"{PRODUCT}{text}")
    assert re.match(rf"{re.escape(key)}: this version supports .+; found ", said)


def test_every_refusal_has_a_test() -> None:
    tested = {(key.split(".")[0], key.split(".")[-1]) for key in REFUSED}
    assert tested == {(refusal.section, refusal.key) for refusal in NOT_YET}


@pytest.mark.parametrize("text", ['encoding = "UTF-8"', 'encoding = "utf8"', "[messages]\nchannel = ['console']"])
def test_other_spellings_of_what_it_does_are_taken(tmp_path: Path, text: str) -> None:
    load(tmp_path, f"{PRODUCT}{text}")


@pytest.mark.parametrize("report", ["reports", "reports/", "a.ndjson", "a.csv.gz", "json/*.parquet", "a.tsv.zst"])
def test_reports_that_it_reads_are_taken(tmp_path: Path, report: str) -> None:
    load(tmp_path, f'[products.payments]\nreport = "{report}"')


def test_sections_with_all_their_settings_load(tmp_path: Path) -> None:
    text = """
        [email]
        smtp = "mail.example:587"
        sender = "winback@shop.example"
        user = "winback"
        password = "env:SMTP_PASSWORD"
        [webhook]
        url = "https://hooks.example/winback"
        secret = "file:secrets/webhook"
        [teams]
        url = "https://teams.example/hook"
        [web]
        host = "0.0.0.0"
        port = 8080
        base_url = "https://winback.shop.example"
        secret_key = "env:WINBACK_SECRET_KEY"
    """
    load(tmp_path, PRODUCT + text)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "web.oidc.issuer is missing"),
        ('issuer = "https://id.example"', "web.oidc.client_id is missing"),
        ('issuer = "https://id.example"\nclient_id = "a"', "web.oidc.client_secret is missing"),
        ('issuer = "http://id.example"\nclient_id = "a"\nclient_secret = "env:A"', "expected an https:// address"),
        ('issuer = "id.example"\nclient_id = "a"\nclient_secret = "env:A"', "web.oidc.issuer: expected an address"),
        ('client_secret = "plain text"', "web.oidc.client_secret: expected"),
        ('roles = { admins = "boss" }', "web.oidc.roles: expected a table of roles"),
        ('default_role = "boss"', "web.oidc.default_role: expected"),
        (
            'issuer = "https://id.example"\nclient_id = "a"\nclient_secret = "env:A"\nscopes = ["openid"]',
            "web.oidc.scopes: email missing",
        ),
    ],
)
def test_single_sign_on_that_can_t_work_is_refused(tmp_path: Path, lines: str, words: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)):
        load(tmp_path, f"{PRODUCT}[web.oidc]\n{lines}")

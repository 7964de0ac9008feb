"""What stands in winback.toml, and what is left out, as the rest of the program sees it."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from tests.settings_files import PRODUCT, load, refusal
from winback.errors import SettingsError
from winback.settings import (
    PostgresUrl,
    Settings,
    SqliteFile,
    find_workspace,
    load_settings,
    secret,
    sections,
)

# The settings of the outside description whose values are the defaults, as it writes them.
DEFAULTS = """
[workspace]
timezone = "UTC"
database = "sqlite:///winback.sqlite3"
data_dir = "data"
engine   = "duckdb"
currency = "USD"
revenue_period = "month"
keep = 7

[products.payments]
report   = "reports/payments_{date}.csv"
mode     = "flag"
vanished = "keep"
at_time = "00:00"
decimal = "."

[products.payments.guard]
max_rejected = 0.01
max_missing = 0.20
max_churn = 0.10
max_wins = 0.10
max_new = 0.50
max_group = 0.50
min_accounts = 10

[cases]
lost_after_days = 90
holdout = 0.0

[follow_ups]
second = [2, 3]
final  = [4, 6]
stop_when_engaged = true

[claims]
recovery_within_days = 14
claim_within_days = 30
reasons_won  = ["Issue resolved", "Re-trained", "Commercial offer", "Other"]
reasons_lost = ["Price", "Competitor", "Missing feature", "Out of business", "Other"]

[messages]
channel = "console"
fallback = "#winback"
bundle_over = 5
max_per_run = 500
redirect_to = ""
new_adoptions = "bundle"
account_url = ""
show = []

[alerts]
to = []
no_pull_for_hours = 26
"""

QUIET_HOURS_AND_SLACK = """
[quiet_hours]
open = "08:30"
close = "17:30"
days = ["mon", "tue", "wed", "thu", "fri"]
closed_on = []

[slack]
bot_token = "env:SLACK_BOT_TOKEN"
app_token = "env:SLACK_APP_TOKEN"
signing_secret = "env:SLACK_SIGNING_SECRET"
base_url = "https://slack.com/api/"
digest = { channel = "#winback", at = "09:00" }
"""


# Defaults


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    short = load(tmp_path, PRODUCT)
    full = load(tmp_path, DEFAULTS)
    for name in Settings.__struct_fields__:
        assert getattr(short, name) == getattr(full, name), name


def test_quiet_hours_and_slack_have_their_defaults_once_they_are_there(tmp_path: Path) -> None:
    short = load(tmp_path, PRODUCT + "[quiet_hours]\n[slack]\ndigest = {}")
    full = load(tmp_path, PRODUCT + QUIET_HOURS_AND_SLACK)
    assert short == full
    assert load(tmp_path, PRODUCT).quiet_hours is None


def test_more_accounts_may_be_missing_from_a_list_of_accounts_at_risk(tmp_path: Path) -> None:
    presence = PRODUCT + 'mode = "presence"\n'
    guard = "[products.payments.guard]\n"
    assert load(tmp_path, presence).products["payments"].guard.max_missing == 0.5
    assert load(tmp_path, f"{presence}{guard}max_new = 0.3").products["payments"].guard.max_missing == 0.5
    assert load(tmp_path, f"{presence}{guard}max_missing = 0.2").products["payments"].guard.max_missing == 0.2


# What the rest of the program sees


def test_values_have_the_types_of_the_domain(tmp_path: Path) -> None:
    text = """
        [products.payments]
        report = "a.csv"
        at_time = "07:30"
        [products.payments.columns]
        uid = "UID"
        merchant_name = ["Merchant", "Merchant name"]
        [cases]
        lost_after_days = 30
        [quiet_hours]
        closed_on = ["2026-12-25", 2027-01-01]
        [people."Dana Ortiz"]
        email = "dana@shop.example"
        [schedule]
        payments = "07:30"
        retry_until = 10:00:00
        [crm.files]
        path = "crm"
        kind_names = { "Anruf" = "call" }
    """
    settings = load(tmp_path, text)
    payments = settings.products["payments"]
    assert payments.name == "payments"
    assert payments.at_time == time(7, 30)
    assert payments.columns.uid == ("UID",)
    assert payments.columns.merchant_name == ("Merchant", "Merchant name")
    assert payments.columns.region is None
    assert settings.cases.lost_after == timedelta(days=30)
    assert settings.quiet_hours is not None
    assert settings.quiet_hours.closed_on == (date(2026, 12, 25), date(2027, 1, 1))
    assert settings.people["Dana Ortiz"].email == "dana@shop.example"
    assert settings.schedule is not None
    assert settings.schedule.times == {"payments": time(7, 30)}
    assert settings.schedule.retry_until == time(10)
    assert settings.crm.files is not None
    assert settings.crm.files.kind_names == {"Anruf": "call"}


def test_a_case_may_never_be_lost(tmp_path: Path) -> None:
    assert load(tmp_path, f'{PRODUCT}[cases]\nlost_after_days = "never"').cases.lost_after is None


def test_several_products_keep_their_order(tmp_path: Path) -> None:
    text = '[products.z]\nreport = "z.csv"\n[products.a]\nreport = "a.csv"'
    assert list(load(tmp_path, text).products) == ["z", "a"]


def test_settings_can_not_be_changed(tmp_path: Path) -> None:
    settings = load(tmp_path, PRODUCT)
    with pytest.raises(AttributeError):
        settings.workspace.timezone = "Europe/Madrid"  # type: ignore[misc]


def test_paths_are_seen_from_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/dana")
    settings = load(tmp_path, PRODUCT)
    assert settings.folder == tmp_path
    assert settings.database == SqliteFile(tmp_path / "winback.sqlite3")
    assert settings.data_path == tmp_path / "data"
    assert settings.resolve("reports/a_{date}.csv") == f"{tmp_path}/reports/a_{{date}}.csv"
    assert settings.resolve("/srv/**/*.csv") == "/srv/**/*.csv"
    assert settings.resolve("~/a.csv") == "/home/dana/a.csv"


def test_the_database_of_a_server_is_shown_without_password_and_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://dana:s3cret@host:5433/winback?sslmode=require&passfile=x"
    monkeypatch.setenv("WINBACK_DATABASE", url)
    settings = load(tmp_path, PRODUCT + '[workspace]\ndatabase = "env:WINBACK_DATABASE"')
    assert str(settings.database) == "postgresql://dana@host:5433/winback"
    assert isinstance(settings.database, PostgresUrl)
    assert settings.database.url == url
    assert "s3cret" not in repr(settings.database) + repr(settings)


def test_paths_may_be_absolute(tmp_path: Path) -> None:
    text = '[workspace]\ndatabase = "sqlite:////srv/w.sqlite3"\ndata_dir = "/srv/data"\n'
    settings = load(tmp_path, text + PRODUCT)
    assert settings.database == SqliteFile(Path("/srv/w.sqlite3"))
    assert settings.data_path == Path("/srv/data")


def test_a_relative_workspace_folder_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path, PRODUCT)
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path()).folder == tmp_path


def test_the_time_zone(tmp_path: Path) -> None:
    assert str(load(tmp_path, f'{PRODUCT}[workspace]\ntimezone = "Europe/Madrid"').tz) == "Europe/Madrid"


def test_the_workspace_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    (tmp_path / "winback.toml").touch()
    inside = tmp_path / "reports" / "2026"
    inside.mkdir(parents=True)
    assert find_workspace(inside) == find_workspace(tmp_path) == tmp_path


def test_without_a_workspace_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no winback\.toml in .* or above it: run `winback init`"):
        find_workspace(tmp_path)


# The file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[workspace]\ntimezone = UTC", "is not valid TOML: Invalid value (at line 2, column 12)"),
        ("a = 1\n[workspace", "is not valid TOML: Expected ']' at the end of a table declaration (at line 2"),
        ("\na = [1,", "is not valid TOML: Invalid value (at line 2, the last)"),
        ("[cases]\n[cases]", "is not valid TOML: Cannot declare ('cases',) twice (at line 2, column 7)"),
    ],
)
def test_an_error_of_syntax_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, text).strip().startswith(said)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    load(tmp_path, "\ufeff" + PRODUCT)


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "winback.toml").write_bytes(b'[people."Jos\xe9"]')
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load_settings(tmp_path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no .*winback\.toml: run `winback init`"):
        load_settings(tmp_path)


def test_a_file_that_can_not_be_opened_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "winback.toml").mkdir()
    with pytest.raises(SettingsError, match=r"winback\.toml can't be read"):
        load_settings(tmp_path)


# Secrets


def test_a_secret_is_read_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    settings = load(tmp_path, f"{PRODUCT}[slack]")
    assert settings.slack is not None
    with pytest.raises(SettingsError, match="the variable SLACK_BOT_TOKEN is not set: set it, or change env:"):
        settings.secret(settings.slack.bot_token)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1\n")
    assert settings.secret(settings.slack.bot_token) == "xoxb-1"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-1\n")
    assert secret("file:token", tmp_path) == "xoxb-1"
    assert secret(f"file:{tmp_path}/token", Path("/elsewhere")) == "xoxb-1"


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file"), (b" \n", "is empty"), (b"\xff\xfe", "it is not text")]
)
def test_a_secret_file_must_hold_a_secret(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(SettingsError, match=rf"the secret file .*token .*{said}"):
        secret("file:token", tmp_path)


def test_what_is_no_reference_is_itself(tmp_path: Path) -> None:
    assert secret("https://hooks.example/winback", tmp_path) == "https://hooks.example/winback"


# The file that `winback init` writes


def template() -> str:
    return files("winback").joinpath("winback.toml").read_text(encoding="utf-8")


def with_report_filled_in(text: str) -> str:
    assert text.count('\nreport = ""') == 1
    return text.replace('\nreport = ""', '\nreport = "reports/payments_{date}.csv"')


def test_the_template_works_once_the_report_is_filled_in(tmp_path: Path) -> None:
    settings = load(tmp_path, with_report_filled_in(template()))
    assert list(settings.products) == ["payments"]
    assert settings.products["payments"].columns.uid == ("UID",)


def test_the_template_says_to_fill_in_the_report(tmp_path: Path) -> None:
    assert refusal(tmp_path, template()).startswith("products.payments.report is missing or empty: fill in")


def test_the_template_shows_the_defaults(tmp_path: Path) -> None:
    """Taking the # away from every key but examples changes nothing."""
    text = with_report_filled_in(template())
    shown = re.sub(
        r"^#(?=\w+ = )(?!delimiter|encoding|sheet|filter|engine_memory)",
        "",
        text.partition("# People")[0],
        flags=re.MULTILINE,
    )
    assert shown.count("\n#") < text.count("\n#") - 25
    settings, written_out = load(tmp_path, text), load(tmp_path, shown)
    names = {"merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue", "changed_at", "currency"}
    columns = written_out.products["payments"].columns
    assert {name: getattr(columns, name) for name in names} == {name: (name,) for name in names}
    for section in ("workspace", "cases", "follow_ups", "messages", "alerts"):
        assert getattr(settings, section) == getattr(written_out, section)
    for name in ("guard", "vanished", "at_time", "decimal", "max_report_bytes"):
        assert getattr(settings.products["payments"], name) == getattr(written_out.products["payments"], name)


def test_everything_in_the_template_can_be_switched_on(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=\w+ = |\[)", "", with_report_filled_in(template()), flags=re.MULTILINE)
    settings = load(tmp_path, text)
    assert settings.people["Dana Ortiz"].country == "ES"
    assert settings.products["payments"].delimiter == ";"


def test_the_template_has_every_key_that_this_version_serves() -> None:
    absent = {"query"}
    keys = set(re.findall(r"^#?(\w+) = ", template(), flags=re.MULTILINE))
    assert expected_keys() - keys == absent


def expected_keys() -> set[str]:
    served = (
        sections.Workspace,
        sections.Product,
        sections.Columns,
        sections.Guard,
        sections.Cases,
        sections.FollowUps,
        sections.Messages,
        sections.Alerts,
        sections.Person,
        sections.QuietHours,
    )
    return {name for kind in served for name in kind.__struct_fields__} - {"name", "columns", "guard"}

"""What stands in winback.toml, section by section, with the defaults; docs/settings.md says what it means."""

from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from winback.core.roles import Role
from winback.settings import kinds
from winback.settings.address import SQLITE, Address, read_address
from winback.settings.crm_sections import Crm
from winback.settings.secrets import secret
from winback.settings.section import Section


class Workspace(Section, frozen=True, kw_only=True):
    timezone: kinds.Words = "UTC"
    database: kinds.Words = "sqlite:///winback.sqlite3"
    data_dir: kinds.Words = "data"
    engine: kinds.Words = "duckdb"
    engine_memory: kinds.Memory | None = None
    currency: kinds.Currency = "USD"
    revenue_period: kinds.Words = "month"
    keep: kinds.Keep = 7


class Columns(Section, frozen=True, kw_only=True):
    """Our name → the report's names, tried in order; None: looked for under our name."""

    uid: kinds.ColumnNames | None = None
    is_product_enabled: kinds.ColumnNames | None = None
    merchant_name: kinds.ColumnNames | None = None
    csm_name: kinds.ColumnNames | None = None
    csm_email: kinds.ColumnNames | None = None
    region: kinds.ColumnNames | None = None
    gmv: kinds.ColumnNames | None = None
    revenue: kinds.ColumnNames | None = None
    changed_at: kinds.ColumnNames | None = None
    currency: kinds.ColumnNames | None = None


class Guard(Section, frozen=True, kw_only=True):
    """rules.md R3.8 to R3.11. Loading fills in a `max_missing` of 0.50 in presence mode."""

    max_rejected: kinds.Share = 0.01
    max_missing: kinds.Share = 0.20
    max_churn: kinds.Share = 0.10
    max_wins: kinds.Share = 0.10
    max_new: kinds.Share = 0.50
    max_group: kinds.Share = 0.50
    min_accounts: kinds.Count = 10


PRESENCE_MAX_MISSING = 0.50


class Product(Section, frozen=True, kw_only=True):
    name: str
    report: kinds.Text = ""
    mode: Literal["flag", "presence"] = "flag"
    vanished: Literal["keep", "churn"] = "keep"
    columns: Columns = Columns()
    guard: Guard = Guard()
    at_time: kinds.ClockTime = time(0)
    decimal: Literal[".", ","] = "."
    delimiter: kinds.Delimiter | None = None
    encoding: kinds.Encoding | None = None
    query: kinds.Words | None = None
    sheet: kinds.Words | None = None
    filter: kinds.Words | None = None
    max_report_bytes: kinds.PositiveCount = 10_000_000_000

    @property
    def key(self) -> str:
        """Where it stands in winback.toml."""
        return f"products.{self.name}"


class Export(Product, frozen=True, kw_only=True):
    """What is read as a report is, and is none: its `name` is its place in winback.toml, such as `crm.files`."""

    @property
    def key(self) -> str:
        return self.name


class Cases(Section, frozen=True, kw_only=True):
    lost_after_days: kinds.DaysOrNever = 90
    holdout: kinds.Share = 0.0

    @property
    def lost_after(self) -> timedelta | None:
        return None if self.lost_after_days == "never" else timedelta(days=self.lost_after_days)


class FollowUps(Section, frozen=True, kw_only=True):
    second: kinds.Window = (2, 3)
    final: kinds.Window = (4, 6)
    stop_when_engaged: kinds.Flag = True


class Claims(Section, frozen=True, kw_only=True):
    recovery_within_days: kinds.Days = 14
    claim_within_days: kinds.Days = 30
    reasons_won: kinds.Reasons = ("Issue resolved", "Re-trained", "Commercial offer", "Other")
    reasons_lost: kinds.Reasons = ("Price", "Competitor", "Missing feature", "Out of business", "Other")


class Messages(Section, frozen=True, kw_only=True):
    channel: kinds.Channels = ("console",)
    fallback: kinds.Text = "#winback"
    bundle_over: kinds.Count = 5
    max_per_run: kinds.Count = 500
    redirect_to: kinds.Text = ""
    new_adoptions: Literal["bundle", "off"] = "bundle"
    account_url: kinds.Text = ""
    show: kinds.WordsList = ()


class Alerts(Section, frozen=True, kw_only=True):
    to: kinds.WordsList = ()
    no_pull_for_hours: kinds.Hours = 26


class Person(Section, frozen=True, kw_only=True):
    slack: kinds.SlackMember | None = None
    email: kinds.Address | None = None
    manager: kinds.Words | None = None
    timezone: kinds.Words | None = None
    country: kinds.Country | None = None


class QuietHours(Section, frozen=True, kw_only=True):
    open: kinds.ClockTime = time(8, 30)
    close: kinds.ClockTime = time(17, 30)
    days: kinds.Weekdays = ("mon", "tue", "wed", "thu", "fri")
    closed_on: kinds.Dates = ()


class Digest(Section, frozen=True, kw_only=True):
    channel: kinds.Words = "#winback"
    at: kinds.ClockTime = time(9)


class Slack(Section, frozen=True, kw_only=True):
    bot_token: kinds.SecretRef = "env:SLACK_BOT_TOKEN"  # noqa: S105
    app_token: kinds.SecretRef = "env:SLACK_APP_TOKEN"  # noqa: S105
    signing_secret: kinds.SecretRef = "env:SLACK_SIGNING_SECRET"  # noqa: S105
    base_url: kinds.Words = "https://slack.com/api/"
    digest: Digest | None = None


class Email(Section, frozen=True, kw_only=True):
    smtp: kinds.Words | None = None
    sender: kinds.Words | None = None
    user: kinds.Words | None = None
    password: kinds.SecretRef | None = None


class Webhook(Section, frozen=True, kw_only=True):
    url: kinds.Words | None = None
    secret: kinds.SecretRef | None = None


class Teams(Section, frozen=True, kw_only=True):
    url: kinds.Words | None = None


class Schedule(Section, frozen=True, kw_only=True):
    """`times`: product → local time of its daily pull."""

    times: dict[str, time] = {}
    retry_until: kinds.ClockTime | None = None


class Oidc(Section, frozen=True, kw_only=True):
    """Single sign-on by OpenID Connect. `roles`: value of the claim → role; the highest that somebody has counts.
    `passwords`: whether there is a way in beside it."""

    issuer: kinds.Words | None = None
    client_id: kinds.Words | None = None
    client_secret: kinds.SecretRef | None = None
    scopes: kinds.WordsList = ("openid", "email", "profile")
    roles_claim: kinds.Words = "groups"
    roles: kinds.Roles = {}
    default_role: Role | None = None
    passwords: kinds.Flag = True


class Web(Section, frozen=True, kw_only=True):
    """`base_url`: where people reach the pages; `proxy`: the address of what speaks TLS before them, whose word on who
    asks is believed."""

    host: kinds.Words = "127.0.0.1"
    port: kinds.Port = 8000
    base_url: kinds.Words | None = None
    proxy: kinds.Words = "127.0.0.1"
    secret_key: kinds.SecretRef | None = None
    oidc: Oidc | None = None


class Settings(Section, frozen=True, kw_only=True):
    """`wording`: the entries of messages/wording.toml that the company has in words of its own."""

    folder: Path
    wording: dict[str, str] = {}
    workspace: Workspace = Workspace()
    products: dict[str, Product] = {}
    cases: Cases = Cases()
    follow_ups: FollowUps = FollowUps()
    claims: Claims = Claims()
    messages: Messages = Messages()
    alerts: Alerts = Alerts()
    people: dict[str, Person] = {}
    quiet_hours: QuietHours | None = None
    slack: Slack | None = None
    email: Email | None = None
    webhook: Webhook | None = None
    teams: Teams | None = None
    crm: Crm = Crm()
    schedule: Schedule | None = None
    web: Web | None = None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.workspace.timezone)

    @property
    def database(self) -> Address:
        """Reads the variable or file that holds it, where one does."""
        written = self.workspace.database
        place = written if written.startswith(("env:", "file:")) else "workspace.database"
        return read_address(self.secret(written), self.folder, place)

    @property
    def data_path(self) -> Path:
        return Path(self.resolve(self.workspace.data_dir))

    def resolve(self, path_text: str) -> str:
        """A path or pattern of the settings, seen from the workspace folder; `~` is the user's home."""
        return os.path.join(self.folder, os.path.expanduser(path_text))

    def report_of(self, product: Product) -> str:
        """Where the report of a product is: a path or pattern, or an address, which may have a password in it."""
        return self.locate(self.secret(product.report))

    def locate(self, report: str) -> str:
        """The path or address of a report, seen from the workspace folder."""
        if report.startswith(SQLITE):
            return SQLITE + self.resolve(report.removeprefix(SQLITE))
        return report if "://" in report else self.resolve(report)

    def secret(self, value: str) -> str:
        return secret(value, self.folder)

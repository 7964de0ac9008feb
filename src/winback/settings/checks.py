"""What one value alone can't tell: that settings exist outside the file, and fit each other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from winback.errors import SettingsError
from winback.settings import kinds
from winback.settings.address import read_address, refuse_password
from winback.settings.fit import dotted, found, nearest
from winback.settings.sections import FollowUps, Person, Product, QuietHours, Settings

ENGINE = re.compile(r"duckdb|local(\[(\d+|\*)\])?|(spark|sc)://\S+")
DATABASES = ("postgresql", "postgres", "sqlite", "snowflake", "grpc", "grpc+tls")
BUCKETS = ("s3", "gs", "gcs", "abfs", "abfss")
WEEKDAYS = get_args(kinds.Weekday)
PRODUCT_NAME = re.compile(r"[A-Za-z0-9_-]+")


def check(settings: Settings) -> None:
    check_time_zone(settings.workspace.timezone, "workspace.timezone")
    _check_engine(settings.workspace.engine)
    _check_database(settings)
    _check_product_names(list(settings.products))
    for product in settings.products.values():
        _check_product(product)
    _check_windows(settings.follow_ups)
    for name, person in settings.people.items():
        _check_person(name, person)
    if settings.quiet_hours:
        _check_quiet_hours(settings.quiet_hours)


def check_time_zone(name: str, key: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, sorted(available_timezones()))
        hint = f'did you mean "{near}"?' if near else 'write one such as "Europe/Madrid"'
        raise SettingsError(f"{key}: there is no time zone {found(name)}; {hint}") from None


def _check_engine(engine: str) -> None:
    if not ENGINE.fullmatch(engine):
        raise SettingsError(
            'workspace.engine: expected "duckdb", or a Spark such as "local[2]", "spark://host:7077" or'
            f' "sc://host:15002"; found {found(engine)}'
        )


def _check_database(settings: Settings) -> None:
    """What a variable or a file holds is looked at when it is used."""
    written, place = settings.workspace.database, "workspace.database"
    if not written.startswith(("env:", "file:")):
        refuse_password(written, place)
        read_address(written, settings.folder, place)


def _check_product_names(names: list[str]) -> None:
    if not names:
        raise SettingsError("no product: add [products.NAME] with the path of its report")
    seen: dict[str, str] = {}
    for name in names:
        if not PRODUCT_NAME.fullmatch(name):
            raise SettingsError(f"{dotted('products', name)}: a name has letters, digits, _ and - only")
        # On some systems folders that differ by case alone are one folder.
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise SettingsError(f"products.{name}: there is products.{other} already; give it another name")


def _check_product(product: Product) -> None:
    key = f"products.{product.name}"
    if not product.report.strip():
        raise SettingsError(
            f"{key}.report is missing or empty: fill in the path of the report, "
            f'such as "reports/{product.name}_{{date}}.csv"'
        )
    _check_address(product, key)
    if product.mode == "presence" and product.vanished == "churn":
        raise SettingsError(
            f'{key}.vanished: "churn" is for mode "flag" only; '
            'in mode "presence" an account that leaves the list is re-adopted'
        )


def _check_address(product: Product, key: str) -> None:
    """A report that is elsewhere. An address that is a secret is not looked at before it is used."""
    scheme, is_address, rest = product.report.strip().partition("://")
    if is_address and scheme.lower() not in (*DATABASES, *BUCKETS):
        known = ", ".join(f"{each}://" for each in ("postgresql", "sqlite", *BUCKETS))
        raise SettingsError(
            f'{key}.report: "{scheme}://" is not known; expected a path, or an address with one of {known}'
        )
    if is_address and has_secret(rest):
        raise SettingsError(
            f"{key}.report: a password or key stands in it, but secrets never stand in this file: leave it out and set"
            ' PGPASSWORD or a passfile; or put the whole address elsewhere and write "env:NAME" or "file:PATH"'
        )
    if is_address and scheme.lower() in DATABASES and product.query is None:
        raise SettingsError(f"{key}.query is missing: the report is a database; write the select that gives its rows")
    is_hidden = product.report.startswith(("env:", "file:"))
    if product.query is not None and not is_hidden and (not is_address or scheme.lower() in BUCKETS):
        raise SettingsError(
            f'{key}.query is for a report in a database, such as "postgresql://user@host/name"; leave it out'
        )


def has_secret(rest: str) -> bool:
    place, _, options = rest.partition("?")
    who = place.rpartition("@")[0]
    named = [option.partition("=")[0].lower() for option in options.split("&")]
    return ":" in who or any("pass" in name or "secret" in name or "key" in name for name in named)


def _check_windows(follow_ups: FollowUps) -> None:
    for stage in ("second", "final"):
        first_day, last_day = getattr(follow_ups, stage)
        if first_day > last_day:
            raise SettingsError(
                f"follow_ups.{stage}: expected [from day, to day], "
                f"found [{first_day}, {last_day}], which ends before it starts"
            )
    if follow_ups.second[1] >= follow_ups.final[0]:
        raise SettingsError(
            f"follow_ups: the windows overlap: second {list(follow_ups.second)} "
            f"must end before final {list(follow_ups.final)} starts"
        )


def _check_person(name: str, person: Person) -> None:
    if not name.strip():
        raise SettingsError('people: a name is blank; write [people."Dana Ortiz"]')
    if person.timezone is not None:
        check_time_zone(person.timezone, f"{dotted('people', name)}.timezone")
    if person.country is not None:
        check_country(person.country, f"{dotted('people', name)}.country")


def check_country(country: str, key: str) -> None:
    from holidays.registry import COUNTRIES

    if not any(country in names for names in COUNTRIES.values()):
        raise SettingsError(f"{key}: the public holidays of {found(country)} are not known; leave it out")


def _check_quiet_hours(hours: QuietHours) -> None:
    if hours.open >= hours.close:
        raise SettingsError(f"quiet_hours: open {hours.open:%H:%M} must be before close {hours.close:%H:%M}")
    closed = frozenset(hours.closed_on)
    days = (date.today() + timedelta(days=day) for day in range(366))  # noqa: DTZ011
    if all(day in closed or WEEKDAYS[day.weekday()] not in hours.days for day in days):
        raise SettingsError("quiet_hours.closed_on: no day of the coming year is open; no message would ever be sent")

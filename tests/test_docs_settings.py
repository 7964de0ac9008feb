"""docs/settings.md names every setting with the default that holds, and says which are served in part."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import time
from pathlib import Path
from typing import NamedTuple, get_args, get_origin

import msgspec
import pytest

from tests.settings_files import PRODUCT, load
from winback.errors import SettingsError
from winback.settings import Settings
from winback.settings.not_yet import NOT_YET
from winback.settings.section import Section

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
NO_DEFAULT = "–"
EXAMPLES_NOT_SERVED: set[str] = set()
# Settings that no channel works without, and those that go together.
ALL_OR_NONE = {
    "email": {
        "smtp": '"mail.shop.example:587"',
        "sender": '"winback@shop.example"',
        "user": '"winback"',
        "password": '"env:SMTP_PASSWORD"',
    },
    "webhook": {"url": '"https://hooks.shop.example/winback"', "secret": '"env:WEBHOOK_SECRET"'},
    "teams": {"url": '"env:TEAMS_URL"'},
    "web.oidc": {"issuer": '"https://id.shop.example"', "client_id": '"winback"', "client_secret": '"env:SECRET"'},
    "crm.files": {"path": '"crm/*.csv"'},
    "crm.sql": {"url": '"sqlite:///crm.sqlite3"', "query": '"select 1"'},
}
# Either the secret, or user and key.
SALESFORCE = {"domain": '"acme.my"', "consumer_secret": '"env:SECRET"'}
BY_JWT = {"domain": '"acme.my"', "username": '"me"', "private_key": '"file:key.pem"'}
OF_THE_PROGRAM = {"folder", "wording", "products.NAME.name"}


class Row(NamedTuple):
    key: str
    default: str
    example: str
    meaning: str


def chapters() -> dict[str, str]:
    """Section, such as `products.NAME.guard` → its text."""
    parts = re.split(r"^## `\[(.+)\]`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip((name.replace('"', "") for name in parts[1::2]), parts[2::2], strict=True))


def rows() -> dict[str, Row]:
    """Dotted key → its row."""
    found = {}
    for section, text in chapters().items():
        for line in re.findall(r"^\| `.*\|$", text, flags=re.MULTILINE):
            key, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            found[f"{section}.{key.strip('`')}"] = Row(key.strip("`"), *cells)
    return found


def settings_of(kind: type[Section], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every dotted key with its default; names that the user chooses are `NAME`."""
    for field in msgspec.structs.fields(kind):
        key = f"{prefix}{field.name}".replace("schedule.times", "schedule.NAME")
        inner, named = section_in(field.type)
        if inner:
            yield from settings_of(inner, f"{key}.NAME." if named else f"{key}.")
        if key not in OF_THE_PROGRAM and (not inner or key == "slack.digest"):
            yield key, field.default


def section_in(kind: object) -> tuple[type[Section] | None, bool]:
    """The section that a field holds, if any, and whether it holds several by name."""
    for candidate in (kind, *get_args(kind)):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate, get_origin(kind) is dict
    return None, False


def as_written(default: object) -> object:
    """A default as winback.toml would have it."""
    if isinstance(default, tuple):
        return default[0] if default == ("console",) else list(default)
    return f"{default:%H:%M}" if isinstance(default, time) else default


def read_cell(cell: str) -> object:
    return tomllib.loads(f"value = {cell.strip('`')}")["value"]


SETTINGS = dict(settings_of(Settings))


def test_every_setting_is_documented() -> None:
    assert sorted(SETTINGS.keys() - rows().keys()) == []


def test_every_setting_documented_exists() -> None:
    assert sorted(rows().keys() - SETTINGS.keys()) == []


@pytest.mark.parametrize("key", SETTINGS)
def test_the_default_documented_holds(key: str) -> None:
    default, cell = SETTINGS[key], rows()[key].default
    if default is None or default is msgspec.NODEFAULT:
        assert cell == NO_DEFAULT
    else:
        assert read_cell(cell) == as_written(default)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_has_a_meaning_and_an_example(key: str) -> None:
    row = rows()[key]
    assert row.meaning.endswith(".")
    assert re.fullmatch("`.+`", row.example)


def as_file(key: str, example: str) -> str:
    """A settings file in which one setting has the value of its example."""
    section, _, name = key.replace("NAME", "payments").rpartition(".")
    if section == "crm.files.columns":
        return f'{PRODUCT}[crm.files]\npath = "crm"\n[{section}]\n{name} = {example}'
    line = example if key == "schedule.NAME" else f"{name} = {example}"
    if key == "products.NAME.query":
        return f'[{section}]\nreport = "sqlite:///crm.sqlite3"\n{line}'
    go_together = ALL_OR_NONE | {"crm.salesforce": BY_JWT if name in BY_JWT else SALESFORCE}
    if section in go_together:
        others = "".join(f"{key} = {value}\n" for key, value in go_together[section].items() if key != name)
        return f"{PRODUCT}[{section}]\n{others}{line}"
    if section == "products.payments":
        return f"[{section}]\n{line}" if name == "report" else PRODUCT + line
    return f"{PRODUCT}[{section}]\n{line}"


@pytest.mark.parametrize("key", SETTINGS)
def test_every_example_is_taken_unless_it_is_not_served_yet(tmp_path: Path, key: str) -> None:
    row = rows()[key]
    not_served = pytest.raises(SettingsError, match="this version supports")
    with not_served if key in EXAMPLES_NOT_SERVED else nullcontext():
        load(tmp_path, as_file(key, row.example.strip("`")))


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
def test_every_block_of_settings_loads(tmp_path: Path, block: str) -> None:
    load(tmp_path, block if "report = " in block else PRODUCT + block)


def test_settings_of_which_this_version_serves_a_part_say_so_and_no_others() -> None:
    said = {key for key, row in rows().items() if "*This version*: " in row.meaning}
    assert said == {
        f"{refusal.section}{'.NAME' if refusal.section == 'products' else ''}.{refusal.key}" for refusal in NOT_YET
    }


def test_links_to_sections_lead_to_one() -> None:
    anchors = {re.sub(r"[^\w-]", "", name).lower() for name in chapters()}
    linked = re.findall(r"\]\(#([\w-]+)\)", PAGE.read_text(encoding="utf-8"))
    assert set(linked) == anchors

"""Finds and reads winback.toml."""

from __future__ import annotations

import tomllib
from datetime import time
from pathlib import Path
from typing import Any, cast

import msgspec

from winback.errors import SettingsError
from winback.settings import kinds
from winback.settings.channels import check_channels
from winback.settings.checks import check
from winback.settings.crm import check_crm
from winback.settings.fit import fit_section, fit_value, found, refuse_unknown_keys
from winback.settings.not_yet import refuse_not_yet
from winback.settings.sections import PRESENCE_MAX_MISSING, Product, Schedule, Settings
from winback.settings.wording import read_wording

FILE_NAME = "winback.toml"
OF_THE_PROGRAM = ("folder", "wording")
SECTIONS = tuple(name for name in Settings.__struct_fields__ if name not in OF_THE_PROGRAM)


def find_workspace(start: Path) -> Path:
    """The folder, or the nearest of its parents, with a winback.toml."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise SettingsError(
        f"no {FILE_NAME} in {start} or above it: run `winback init`, or name the folder with --workspace"
    )


def load_settings(folder: Path) -> Settings:
    """SettingsError names the file, the key, what was expected and what was found."""
    folder = folder.absolute()
    path = folder / FILE_NAME
    document = _read_document(path)
    try:
        settings = _fit_settings(document, folder)
        check(settings)
        check_channels(settings)
        check_crm(settings)
        refuse_not_yet(settings)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None
    return msgspec.structs.replace(settings, wording=read_wording(folder))


def _read_document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(f"there is no {path}: run `winback init`") from error
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text: save it as UTF-8") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last_line = f"at line {max(1, len(text.splitlines()))}, the last"
        reason = str(error).replace("at end of document", last_line)
        raise SettingsError(f"{path} is not valid TOML: {reason}") from error


def _fit_settings(document: dict[str, Any], folder: Path) -> Settings:
    refuse_unknown_keys(document, SECTIONS, "")
    sections = {name: table for name, table in document.items() if name != "schedule"}
    settings = fit_section(Settings, sections, "", folder=folder, wording={}, schedule=None)
    products = {
        name: _with_defaults_of_mode(product, document["products"][name]) for name, product in settings.products.items()
    }
    schedule = _fit_schedule(document["schedule"], list(products)) if "schedule" in document else None
    return msgspec.structs.replace(settings, products=products, schedule=schedule)


def _with_defaults_of_mode(product: Product, table: dict[str, Any]) -> Product:
    if product.mode == "flag" or "max_missing" in table.get("guard", {}):
        return product
    guard = msgspec.structs.replace(product.guard, max_missing=PRESENCE_MAX_MISSING)
    return msgspec.structs.replace(product, guard=guard)


def _fit_schedule(table: object, products: list[str]) -> Schedule:
    if not isinstance(table, dict):
        raise SettingsError(f"schedule: expected a table [schedule], found {found(table)}")
    refuse_unknown_keys(table, [*products, "retry_until"], "schedule")
    times = {name: cast(time, fit_value(kinds.ClockTime, value, f"schedule.{name}")) for name, value in table.items()}
    retry_until = times.pop("retry_until", None)
    return Schedule(times=times, retry_until=retry_until)

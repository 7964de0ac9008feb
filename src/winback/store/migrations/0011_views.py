"""What the views for other programs (store/views.py) take from the settings; and whether anything that the tables show
has been written since somebody asked.

The nonces of `data_state` have another sum after each such statement: a counter would say the same after a backup was
put back. Only SQLite, which has one writer at a time, has one row of them: on PostgreSQL a writer would wait for the
other's. `store/marks.py` makes one out of many again. Django makes a table of SQLite anew for some changes, and its
triggers are gone then: such a migration runs `make_triggers` again.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TEXT = {"sqlite": "text", "postgresql": 'text collate "C"'}
_NONCE = {"sqlite": "random()", "postgresql": "(random() * 9007199254740992)::bigint"}
_TABLES = """
    create table view_settings (
        lost_after bigint, recovery_days bigint not null, claim_days bigint not null,
        zone {text} not null, calendars {text} not null, staff {text} not null
    );
    create table views_made (made_of {text} not null);
    create table data_state (nonce bigint not null);
    insert into data_state values ({nonce})
"""
_ANY = ("insert", "update", "delete")
# What else is written, of cases, adoptions, owners, worths, is written together with a pull or an assignment: a mark for
# each of a million new cases would take seconds.
_WATCHED = {
    **dict.fromkeys(
        ("activities", "assignments", "claims", "feedback", "notifications", "people", "pulls", "snoozes"), _ANY
    ),
    "cases": ("update of voided_at", "delete"),
}


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for sql in _sqlite() if vendor == "sqlite" else _postgresql():
            cursor.execute(sql)


def _sqlite() -> list[str]:
    mark, made = f"update data_state set nonce = {_NONCE['sqlite']}", []  # noqa: S608
    for table, changes in _WATCHED.items():
        for change in changes:
            name = f"mark_{table}_{change.partition(' ')[0]}"
            made += [
                f"drop trigger if exists {name}",
                f"create trigger {name} after {change} on {table} begin {mark}; end",
            ]
    return made


def _postgresql() -> list[str]:
    """Once for a statement, however many rows it changes."""
    mark = f"insert into data_state values ({_NONCE['postgresql']})"  # noqa: S608
    made = [
        "create or replace function mark_data_state() returns trigger language plpgsql as"
        f" $$ begin {mark}; return null; end $$"
    ]
    for table, changes in _WATCHED.items():
        made += [
            f"drop trigger if exists mark_{table} on {table}",
            f"create trigger mark_{table} after {' or '.join(changes)} on {table}"
            " for each statement execute function mark_data_state()",
        ]
    return made


def _make_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for sql in _TABLES.format(text=_TEXT[vendor], nonce=_NONCE[vendor]).split(";"):
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("store", "0010_requests")]

    operations = [
        migrations.RunPython(_make_tables),
        migrations.RunPython(make_triggers),
    ]

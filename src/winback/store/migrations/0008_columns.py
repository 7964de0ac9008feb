"""What is written about an account is noted while there is a copy of the columns that figures are made of, see
store/copies.py. Django makes a table of SQLite anew for some changes, and its triggers are gone then: such a migration
runs `make_triggers` again.

`touched`: whose account, case or new adoption, and the earliest moment whose figures it may change.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLES = {
    "sqlite": """
        create table columns_copy (name text not null, mark bigint not null);
        create table touched (
            id integer primary key autoincrement, nonce bigint not null default (random()), since_at bigint,
            product text, uid text, case_id bigint, adoption_id bigint
        );
    """,
    "postgresql": """
        create table columns_copy (name text collate "C" not null, mark bigint not null);
        create table touched (
            id bigint generated always as identity primary key,
            nonce bigint not null default (random() * 9007199254740992)::bigint, since_at bigint,
            product text collate "C", uid text collate "C", case_id bigint, adoption_id bigint
        );
    """,
}
_NOTE = "insert into touched (since_at, product, uid, case_id, adoption_id) select"
_ADOPTION = "(select adoption_id from notifications where id = {row}.notification_id)"
_CASE = "(select case_id from notifications where id = {row}.notification_id)"
# What is noted of a row of a table: as it is, and as it was.
_ROWS = {
    "cases": "{row}.churned_at, {row}.product, {row}.uid, {row}.id, null",
    "adoptions": "{row}.won_at, {row}.product, {row}.uid, null, {row}.id",
    "owners": "{row}.since_at, null, null, {row}.case_id, null",
    "claims": "{row}.claimed_at, null, null, {row}.case_id, null where {row}.case_id is not null",
    "activities": "{row}.occurred_at, {row}.product, {row}.uid, null, null where {row}.uid is not null",
    "notifications": "{row}.sent_at, null, null, {row}.case_id, {row}.adoption_id where {row}.status = 'sent'",
    "feedback": f"{{row}}.answered_at, null, null, {_CASE}, {_ADOPTION}",
}
# A case that closes, or is open again, changes no figure of an earlier moment.
_CHANGED_CASE = """
    case
        when coalesce(old.voided_at, -1) <> coalesce(new.voided_at, -1)
            or coalesce(old.readopted_at, -1) = coalesce(new.readopted_at, -1) then new.churned_at
        when old.readopted_at is null or new.readopted_at < old.readopted_at then new.readopted_at
        else old.readopted_at
    end, new.product, new.uid, new.id, null"""
# A message is claimed and marked many times; these columns count.
_COUNTING = {"notifications": ("status", "sent_at", "corrected_at")}


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make = _sqlite_triggers if schema_editor.connection.vendor == "sqlite" else _postgresql_trigger
    with schema_editor.connection.cursor() as cursor:
        for table in _ROWS:
            for sql in make(table):
                cursor.execute(sql)


def _make_tables(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        for sql in filter(str.strip, _TABLES[schema_editor.connection.vendor].split(";")):
            cursor.execute(sql)


def _notes(table: str) -> dict[str, list[str]]:
    """What to run at each kind of change."""
    was, now = (f"{_NOTE} {_ROWS[table].format(row=row)}" for row in ("old", "new"))
    changed = [f"{_NOTE} {_CHANGED_CASE}"] if table == "cases" else [was, now]
    return {"insert": [now], "update": changed, "delete": [was]}


def _sqlite_triggers(table: str) -> list[str]:
    made = []
    for change, notes in _notes(table).items():
        name = f"touch_{table}_{change}"
        of = f" of {', '.join(_COUNTING[table])}" if change == "update" and table in _COUNTING else ""
        body = "; ".join(notes)
        made += [
            f"drop trigger if exists {name}",
            f"create trigger {name} after {change}{of} on {table} when exists (select 1 from columns_copy)"  # noqa: S608
            f" begin {body}; end",
        ]
    return made


def _postgresql_trigger(table: str) -> list[str]:
    columns = _COUNTING.get(table)
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in columns) if columns else "false"
    notes = {change: "; ".join(notes) for change, notes in _notes(table).items()}
    return [
        f"""create or replace function touch_{table}() returns trigger language plpgsql as $$
        begin
            if exists (select 1 from columns_copy) then
                if tg_op = 'INSERT' then {notes["insert"]};
                elsif tg_op = 'DELETE' then {notes["delete"]};
                elsif not ({same}) then {notes["update"]};
                end if;
            end if;
            return null;
        end $$""",  # noqa: S608
        f"drop trigger if exists touch_{table} on {table}",
        f"create trigger touch_{table} after insert or update or delete on {table}"
        f" for each row execute function touch_{table}()",
    ]


class Migration(migrations.Migration):
    dependencies = [("store", "0007_messages_by_address")]

    operations = [
        # Figures were asked of it.
        migrations.RemoveIndex("case", "cases_drawn"),
        migrations.RunPython(_make_tables),
        migrations.RunPython(make_triggers),
    ]

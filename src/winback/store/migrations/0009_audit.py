"""The audit log, to which the database only lets anybody add. Where a right to more is needed, its owner can drop the
triggers; that is no way of this program."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import winback.store.fields

_REFUSED = "the audit log is only added to"
_TRIGGERS = {
    "sqlite": [
        f"create trigger audit_{change} before {change} on audit begin select raise(abort, '{_REFUSED}'); end"
        for change in ("update", "delete")
    ],
    "postgresql": [
        f"""create function refuse_audit_change() returns trigger language plpgsql as
        $$ begin raise exception '{_REFUSED}'; end $$""",
        """create trigger audit_only_added_to before update or delete on audit
        for each row execute function refuse_audit_change()""",
    ],
}


def _make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        for sql in _TRIGGERS[schema_editor.connection.vendor]:
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("store", "0008_columns")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", winback.store.fields.MomentField()),
                ("actor", winback.store.fields.Text()),
                ("action", winback.store.fields.Text()),
                ("subject", winback.store.fields.Text()),
                ("details", winback.store.fields.Text(null=True)),
            ],
            options={
                "db_table": "audit",
                "indexes": [models.Index(models.F("at"), name="audit_by_time")],
            },
        ),
        migrations.RunPython(_make_triggers),
    ]

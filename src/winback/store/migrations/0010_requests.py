from django.db import migrations, models

import winback.store.fields


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("name", winback.store.fields.Text(primary_key=True, serialize=False)),
                ("seen_at", winback.store.fields.MomentField()),
            ],
            options={
                "db_table": "workers",
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", winback.store.fields.Text()),
                ("arguments", winback.store.fields.Json()),
                ("key", winback.store.fields.Text(unique=True)),
                ("status", winback.store.fields.Text()),
                ("asked_by", winback.store.fields.Text()),
                ("asked_at", winback.store.fields.MomentField()),
                ("worker", winback.store.fields.Text(null=True)),
                ("started_at", winback.store.fields.MomentField(null=True)),
                ("beat_at", winback.store.fields.MomentField(null=True)),
                ("attempts", models.IntegerField(db_default=0)),
                ("progress", winback.store.fields.Text(null=True)),
                ("share", models.FloatField(null=True)),
                ("ended_at", winback.store.fields.MomentField(null=True)),
                ("outcome", winback.store.fields.Json(null=True)),
                ("error", winback.store.fields.Text(null=True)),
            ],
            options={
                "db_table": "requests",
                "indexes": [models.Index(models.F("status"), models.F("asked_at"), name="requests_by_status")],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models

import winback.store.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("product", models.CharField(max_length=100)),
                ("key", models.TextField(unique=True)),
                ("recipient", models.TextField()),
                ("text", models.TextField()),
                ("created_at", winback.store.fields.MomentField()),
                ("claimed_at", winback.store.fields.MomentField(null=True)),
                ("told_at", winback.store.fields.MomentField(null=True)),
            ],
            options={
                "db_table": "notices",
            },
        ),
        migrations.CreateModel(
            name="Pull",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=100)),
                ("at", winback.store.fields.MomentField()),
                ("status", models.CharField(max_length=10)),
                ("reason", models.TextField(null=True)),
                ("rows", models.BigIntegerField()),
                ("accepted", models.BigIntegerField()),
                ("rejected", models.BigIntegerField()),
                ("churned", models.BigIntegerField(null=True)),
                ("won", models.BigIntegerField(null=True)),
                ("missing", models.BigIntegerField(null=True)),
                ("unreadable_amounts", models.BigIntegerField(default=0)),
                ("source", models.TextField()),
                ("read_at", winback.store.fields.MomentField()),
                ("decided_at", winback.store.fields.MomentField(null=True)),
                ("decided_by", models.TextField(null=True)),
                ("mode", models.CharField(max_length=10)),
                ("uid_columns", models.JSONField()),
                ("other_columns", models.JSONField()),
                ("fingerprint", models.TextField()),
                ("silent", models.BooleanField()),
                ("sends", models.BooleanField()),
                ("findings", models.JSONField()),
                ("report_file", models.TextField(null=True)),
                ("report_size", models.BigIntegerField(null=True)),
                ("report_hash", models.TextField(null=True)),
                ("absent_file", models.TextField(null=True)),
                ("absent_size", models.BigIntegerField(null=True)),
                ("absent_hash", models.TextField(null=True)),
                ("rejected_file", models.TextField(null=True)),
            ],
            options={
                "db_table": "pulls",
                "indexes": [models.Index(models.F("product"), models.F("at"), name="pulls_by_moment")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("product"),
                        models.F("at"),
                        condition=models.Q(("status", "undone"), _negated=True),
                        name="one_pull_a_moment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=100)),
                ("uid", models.TextField()),
                ("merchant_name", models.TextField(null=True)),
                ("csm_name", models.TextField(null=True)),
                ("csm_email", models.TextField(null=True)),
                ("region", models.TextField(null=True)),
                ("gmv", winback.store.fields.MoneyField(null=True)),
                ("revenue", winback.store.fields.MoneyField(null=True)),
                ("other_columns", models.TextField(null=True)),
                ("churned_at", winback.store.fields.MomentField()),
                ("readopted_at", winback.store.fields.MomentField(null=True)),
                ("voided_at", winback.store.fields.MomentField(null=True)),
                ("void_reason", models.TextField(null=True)),
                ("baseline", models.BooleanField()),
                ("silent", models.BooleanField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="closed", to="store.pull"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opened", to="store.pull"
                    ),
                ),
            ],
            options={
                "db_table": "cases",
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=100)),
                ("uid", models.TextField()),
                ("merchant_name", models.TextField(null=True)),
                ("csm_name", models.TextField(null=True)),
                ("csm_email", models.TextField(null=True)),
                ("region", models.TextField(null=True)),
                ("gmv", winback.store.fields.MoneyField(null=True)),
                ("revenue", winback.store.fields.MoneyField(null=True)),
                ("other_columns", models.TextField(null=True)),
                ("won_at", winback.store.fields.MomentField()),
                ("pull", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.pull")),
            ],
            options={
                "db_table": "adoptions",
            },
        ),
        migrations.CreateModel(
            name="Worth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_at", winback.store.fields.MomentField()),
                ("gmv", winback.store.fields.MoneyField(null=True)),
                ("revenue", winback.store.fields.MoneyField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="worths", to="store.case"
                    ),
                ),
                ("pull", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.pull")),
            ],
            options={
                "db_table": "worths",
            },
        ),
        migrations.CreateModel(
            name="Owner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_at", winback.store.fields.MomentField()),
                ("csm_name", models.TextField(null=True)),
                ("csm_email", models.TextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="owners", to="store.case"
                    ),
                ),
                ("pull", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.pull")),
            ],
            options={
                "db_table": "owners",
                "constraints": [
                    models.UniqueConstraint(models.F("case"), models.F("since_at"), name="one_owner_a_moment")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=100)),
                ("uid", models.TextField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("adoption_id", models.BigIntegerField(null=True)),
                ("region", models.TextField(null=True)),
                ("stage", models.CharField(max_length=12)),
                ("csm_name", models.TextField(null=True)),
                ("csm_email", models.TextField(null=True)),
                ("channel", models.CharField(max_length=20)),
                ("recipient", models.TextField(null=True)),
                ("message_id", models.TextField(null=True)),
                ("status", models.CharField(max_length=12)),
                ("planned_at", winback.store.fields.MomentField()),
                ("sent_at", winback.store.fields.MomentField(null=True)),
                ("error", models.TextField(null=True)),
                ("claimed_by", models.TextField(null=True)),
                ("claimed_until", winback.store.fields.MomentField(null=True)),
                ("corrected_at", winback.store.fields.MomentField(null=True)),
                ("settled_from", models.CharField(max_length=12, null=True)),
                (
                    "pull",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to="store.pull"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="settled", to="store.pull"
                    ),
                ),
            ],
            options={
                "db_table": "notifications",
                "indexes": [
                    models.Index(models.F("case_id"), models.F("stage"), name="notifications_by_case"),
                    models.Index(models.F("status"), name="notifications_by_status"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("case_id"),
                        models.F("stage"),
                        condition=models.Q(models.Q(("status", "skipped"), _negated=True), ("corrected_at", None)),
                        name="one_notification_a_stage",
                    ),
                    models.UniqueConstraint(
                        models.F("adoption_id"),
                        condition=models.Q(("adoption_id", None), _negated=True),
                        name="one_notification_an_adoption",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("product"), models.F("uid"), models.F("churned_at"), name="cases_by_account"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("product"), models.F("churned_at"), name="cases_by_churn"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                models.F("product"), models.F("uid"), condition=models.Q(("readopted_at", None)), name="one_open_case"
            ),
        ),
        migrations.AddIndex(
            model_name="adoption",
            index=models.Index(models.F("product"), models.F("uid"), models.F("won_at"), name="adoptions_by_account"),
        ),
        migrations.AddConstraint(
            model_name="worth",
            constraint=models.UniqueConstraint(models.F("case"), models.F("since_at"), name="one_worth_a_moment"),
        ),
    ]

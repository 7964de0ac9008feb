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
                ("kind", winback.store.fields.Text()),
                ("product", winback.store.fields.Text()),
                ("key", winback.store.fields.Text(unique=True)),
                ("recipient", winback.store.fields.Text()),
                ("text", winback.store.fields.Text()),
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
                ("product", winback.store.fields.Text()),
                ("at", winback.store.fields.MomentField()),
                ("status", winback.store.fields.Text()),
                ("reason", winback.store.fields.Text(null=True)),
                ("rows", models.BigIntegerField()),
                ("accepted", models.BigIntegerField()),
                ("rejected", models.BigIntegerField()),
                ("churned", models.BigIntegerField(null=True)),
                ("won", models.BigIntegerField(null=True)),
                ("missing", models.BigIntegerField(null=True)),
                ("unreadable_amounts", models.BigIntegerField(default=0)),
                ("source", winback.store.fields.Text()),
                ("read_at", winback.store.fields.MomentField()),
                ("decided_at", winback.store.fields.MomentField(null=True)),
                ("decided_by", winback.store.fields.Text(null=True)),
                ("mode", winback.store.fields.Text()),
                ("uid_columns", winback.store.fields.Json()),
                ("other_columns", winback.store.fields.Json()),
                ("fingerprint", winback.store.fields.Text()),
                ("silent", models.BooleanField()),
                ("sends", models.BooleanField()),
                ("findings", winback.store.fields.Json()),
                ("report_file", winback.store.fields.Text(null=True)),
                ("report_size", models.BigIntegerField(null=True)),
                ("report_hash", winback.store.fields.Text(null=True)),
                ("absent_file", winback.store.fields.Text(null=True)),
                ("absent_size", models.BigIntegerField(null=True)),
                ("absent_hash", winback.store.fields.Text(null=True)),
                ("rejected_file", winback.store.fields.Text(null=True)),
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
                ("product", winback.store.fields.Text()),
                ("uid", winback.store.fields.Text()),
                ("merchant_name", winback.store.fields.Text(null=True)),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("region", winback.store.fields.Text(null=True)),
                ("gmv", winback.store.fields.MoneyField(null=True)),
                ("revenue", winback.store.fields.MoneyField(null=True)),
                ("other_columns", winback.store.fields.Text(null=True)),
                ("churned_at", winback.store.fields.MomentField()),
                ("readopted_at", winback.store.fields.MomentField(null=True)),
                ("voided_at", winback.store.fields.MomentField(null=True)),
                ("void_reason", winback.store.fields.Text(null=True)),
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
                ("product", winback.store.fields.Text()),
                ("uid", winback.store.fields.Text()),
                ("merchant_name", winback.store.fields.Text(null=True)),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("region", winback.store.fields.Text(null=True)),
                ("gmv", winback.store.fields.MoneyField(null=True)),
                ("revenue", winback.store.fields.MoneyField(null=True)),
                ("other_columns", winback.store.fields.Text(null=True)),
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
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
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
                ("product", winback.store.fields.Text()),
                ("uid", winback.store.fields.Text()),
                ("case_id", models.BigIntegerField(null=True)),
                ("adoption_id", models.BigIntegerField(null=True)),
                ("region", winback.store.fields.Text(null=True)),
                ("stage", winback.store.fields.Text()),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("channel", winback.store.fields.Text()),
                ("recipient", winback.store.fields.Text(null=True)),
                ("message_id", winback.store.fields.Text(null=True)),
                ("status", winback.store.fields.Text()),
                ("planned_at", winback.store.fields.MomentField()),
                ("sent_at", winback.store.fields.MomentField(null=True)),
                ("error", winback.store.fields.Text(null=True)),
                ("claimed_by", winback.store.fields.Text(null=True)),
                ("claimed_until", winback.store.fields.MomentField(null=True)),
                ("corrected_at", winback.store.fields.MomentField(null=True)),
                ("settled_from", winback.store.fields.Text(null=True)),
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

from django.db import migrations, models

import winback.store.fields


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_holdout"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="account_ref",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="account_uid",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="counts",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="is_done",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="maker_ref",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="modified_at",
            field=winback.store.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="note",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="outcome",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="owner_ref",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AlterField(
            model_name="activity",
            name="uid",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.CreateModel(
            name="CrmAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", winback.store.fields.Text()),
                ("ref", winback.store.fields.Text()),
                ("name", winback.store.fields.Text(null=True)),
                ("uid", winback.store.fields.Text(null=True)),
                ("said_uid", winback.store.fields.Text(null=True)),
                ("said_by", winback.store.fields.Text(null=True)),
                ("said_at", winback.store.fields.MomentField(null=True)),
            ],
            options={
                "db_table": "crm_accounts",
                "constraints": [models.UniqueConstraint(models.F("source"), models.F("ref"), name="one_account_a_ref")],
            },
        ),
        migrations.CreateModel(
            name="CrmMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", winback.store.fields.Text()),
                ("stream", winback.store.fields.Text()),
                ("read_until", winback.store.fields.MomentField()),
            ],
            options={
                "db_table": "crm_marks",
                "constraints": [
                    models.UniqueConstraint(models.F("source"), models.F("stream"), name="one_mark_a_stream")
                ],
            },
        ),
        migrations.CreateModel(
            name="CrmOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", winback.store.fields.Text()),
                ("ref", winback.store.fields.Text()),
                ("name", winback.store.fields.Text(null=True)),
                ("email", winback.store.fields.Text(null=True)),
                ("is_robot", models.BooleanField(default=False)),
                ("is_nobody", models.BooleanField(default=False)),
                ("said_name", winback.store.fields.Text(null=True)),
                ("said_email", winback.store.fields.Text(null=True)),
                ("said_by", winback.store.fields.Text(null=True)),
                ("said_at", winback.store.fields.MomentField(null=True)),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
            ],
            options={
                "db_table": "crm_owners",
                "constraints": [models.UniqueConstraint(models.F("source"), models.F("ref"), name="one_owner_a_ref")],
            },
        ),
    ]

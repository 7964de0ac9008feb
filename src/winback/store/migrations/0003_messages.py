import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import winback.store.fields


def make_messages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was sent before a message was a row of its own."""
    alias = schema_editor.connection.alias
    notifications = apps.get_model("store", "Notification").objects.using(alias)
    message = apps.get_model("store", "Message")
    told = notifications.exclude(former_key=None).order_by("pk")
    made = {
        each.former_key: message(
            key=each.former_key,
            channel=each.channel,
            address=each.recipient or "",
            recipient=each.recipient or "",
            attempted_at=each.sent_at or each.planned_at,
            sent_at=each.sent_at,
        )
        for each in told.iterator()
    }
    message.objects.using(alias).bulk_create(made.values(), batch_size=1000)
    told.update(message_id=models.F("former_key"))
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_base"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", winback.store.fields.Text()),
                ("external_id", winback.store.fields.Text()),
                ("product", winback.store.fields.Text(null=True)),
                ("uid", winback.store.fields.Text()),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("kind", winback.store.fields.Text()),
                ("occurred_at", winback.store.fields.MomentField()),
                ("logged_at", winback.store.fields.MomentField()),
            ],
            options={
                "db_table": "activities",
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", winback.store.fields.Text()),
                ("uid", winback.store.fields.Text()),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("reported_name", winback.store.fields.Text(null=True)),
                ("reported_email", winback.store.fields.Text(null=True)),
                ("assigned_at", winback.store.fields.MomentField()),
                ("assigned_by", winback.store.fields.Text()),
                ("reason", winback.store.fields.Text(null=True)),
                ("answer", winback.store.fields.Text(unique=True)),
            ],
            options={
                "db_table": "assignments",
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", winback.store.fields.Text()),
                ("uid", winback.store.fields.Text()),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("outcome", winback.store.fields.Text()),
                ("reason", winback.store.fields.Text(null=True)),
                ("note", winback.store.fields.Text(null=True)),
                ("claimed_at", winback.store.fields.MomentField()),
                ("recorded_at", winback.store.fields.MomentField()),
                ("source", winback.store.fields.Text()),
                ("answer", winback.store.fields.Text(unique=True)),
            ],
            options={
                "db_table": "claims",
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("answered_by", winback.store.fields.Text()),
                ("useful", models.BooleanField()),
                ("answered_at", winback.store.fields.MomentField()),
            ],
            options={
                "db_table": "feedback",
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("slack", winback.store.fields.Text(primary_key=True, serialize=False)),
                ("real_name", winback.store.fields.Text(null=True)),
                ("display_name", winback.store.fields.Text(null=True)),
                ("real_key", winback.store.fields.Text(null=True)),
                ("display_key", winback.store.fields.Text(null=True)),
                ("email", winback.store.fields.Text(null=True)),
                ("timezone", winback.store.fields.Text(null=True)),
                ("is_active", models.BooleanField()),
                ("is_person", models.BooleanField()),
                ("is_guest", models.BooleanField()),
                ("read_at", winback.store.fields.MomentField()),
            ],
            options={
                "db_table": "members",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("key", winback.store.fields.Text(primary_key=True, serialize=False)),
                ("channel", winback.store.fields.Text()),
                ("address", winback.store.fields.Text()),
                ("recipient", winback.store.fields.Text()),
                ("conversation", winback.store.fields.Text(null=True)),
                ("external_id", winback.store.fields.Text(null=True)),
                ("attempted_at", winback.store.fields.MomentField()),
                ("sent_at", winback.store.fields.MomentField(null=True)),
                ("edited_at", winback.store.fields.MomentField(null=True)),
            ],
            options={
                "db_table": "messages",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", winback.store.fields.Text(unique=True)),
                ("name", winback.store.fields.Text()),
                ("slack", winback.store.fields.Text(null=True)),
                ("email", winback.store.fields.Text(null=True)),
                ("manager", winback.store.fields.Text(null=True)),
                ("timezone", winback.store.fields.Text(null=True)),
                ("country", winback.store.fields.Text(null=True)),
                ("away_until", winback.store.fields.MomentField(null=True)),
                ("covered_by", winback.store.fields.Text(null=True)),
                ("set_at", winback.store.fields.MomentField()),
                ("set_by", winback.store.fields.Text()),
            ],
            options={
                "db_table": "people",
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("set_at", winback.store.fields.MomentField()),
                ("until_at", winback.store.fields.MomentField()),
                ("reason", winback.store.fields.Text()),
                ("csm_name", winback.store.fields.Text(null=True)),
                ("csm_email", winback.store.fields.Text(null=True)),
                ("answer", winback.store.fields.Text(unique=True)),
            ],
            options={
                "db_table": "snoozes",
            },
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="one_notification_a_stage",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="one_notification_an_adoption",
        ),
        migrations.RenameField(
            model_name="notification",
            old_name="message_id",
            new_name="former_key",
        ),
        migrations.AddField(
            model_name="notice",
            name="attempts",
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="notice",
            name="channel",
            field=winback.store.fields.Text(default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="notice",
            name="error",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="not_before",
            field=winback.store.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="attempts",
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="notification",
            name="not_before",
            field=winback.store.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="shown",
            field=winback.store.fields.Text(null=True),
        ),
        migrations.AlterField(
            model_name="owner",
            name="pull",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.pull"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(models.F("uid"), models.F("occurred_at"), name="activities_by_account"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                models.F("source"), models.F("external_id"), name="one_activity_a_record"
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                models.F("product"), models.F("uid"), models.F("assigned_at"), name="assignments_by_account"
            ),
        ),
        migrations.AddField(
            model_name="owner",
            name="assignment",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="store.assignment"),
        ),
        migrations.AddField(
            model_name="claim",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="claims", to="store.case"
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="notification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="feedback", to="store.notification"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(models.F("email"), name="members_by_email"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(models.F("real_key"), name="members_by_real_name"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(models.F("display_key"), name="members_by_display_name"),
        ),
        migrations.AddField(
            model_name="message",
            name="thread",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="store.message"),
        ),
        migrations.AddField(
            model_name="notice",
            name="message",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="notices", to="store.message"
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notifications",
                to="store.message",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                models.F("case_id"),
                models.F("stage"),
                models.F("channel"),
                condition=models.Q(models.Q(("status", "skipped"), _negated=True), ("corrected_at", None)),
                name="one_notification_a_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                models.F("adoption_id"),
                models.F("channel"),
                condition=models.Q(("adoption_id", None), _negated=True),
                name="one_notification_an_adoption",
            ),
        ),
        migrations.AddField(
            model_name="snooze",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="snoozes", to="store.case"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(models.F("case_id"), models.F("claimed_at"), name="claims_by_case"),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.UniqueConstraint(
                models.F("notification"), models.F("answered_by"), name="one_answer_a_person"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(models.F("conversation"), models.F("external_id"), name="messages_by_place"),
        ),
        migrations.RunPython(make_messages),
        migrations.RemoveField(
            model_name="notification",
            name="former_key",
        ),
    ]

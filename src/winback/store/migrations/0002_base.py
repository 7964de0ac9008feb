from django.db import migrations, models

import winback.store.fields


class Migration(migrations.Migration):
    dependencies = [("store", "0001_first")]

    operations = [
        migrations.AddField("pull", "base_file", winback.store.fields.Text(null=True)),
        migrations.AddField("pull", "base_size", models.BigIntegerField(null=True)),
        migrations.AddField("pull", "base_hash", winback.store.fields.Text(null=True)),
    ]

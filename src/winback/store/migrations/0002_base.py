from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_first")]

    operations = [
        migrations.AddField("pull", "base_file", models.TextField(null=True)),
        migrations.AddField("pull", "base_size", models.BigIntegerField(null=True)),
        migrations.AddField("pull", "base_hash", models.TextField(null=True)),
    ]

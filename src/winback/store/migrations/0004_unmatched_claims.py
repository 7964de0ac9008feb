from django.db import migrations

import winback.store.fields


class Migration(migrations.Migration):
    dependencies = [("store", "0003_messages")]

    operations = [migrations.AlterField("claim", "product", winback.store.fields.Text(null=True))]

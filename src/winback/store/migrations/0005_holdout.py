from django.db import migrations, models

import winback.store.fields


class Migration(migrations.Migration):
    dependencies = [("store", "0004_unmatched_claims")]

    operations = [
        migrations.AddField("case", "arm", winback.store.fields.Text(null=True)),
        migrations.AddField("case", "holdout_share", models.FloatField(null=True)),
        migrations.AddIndex(
            "case",
            models.Index(
                *("arm", "holdout_share", "product", "churned_at", "readopted_at", "region", "revenue"),
                condition=models.Q(arm__isnull=False, voided_at=None),
                name="cases_drawn",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0006_crm")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index("channel", "address", "sent_at", name="messages_by_address"),
        ),
    ]

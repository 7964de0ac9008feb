"""The operational database: pulls, cases, notifications. A Django app without pages.

Django wants its settings before the first model is loaded, so this is where they are made; which database it is, is
said later by `store.database.open_database`.
"""

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        INSTALLED_APPS=["winback.store"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()

"""The operational database: pulls, cases, notifications. A Django app without pages.

Django wants its settings before the first model is loaded, so this is where they are made; which database it is, is
said later by `store.database.open_database`, and what only the pages need by `web.site.prepare`.
"""

import django
from django.conf import settings

# Everything that has tables: a database is the same whether anybody looks at pages or not. The admin's own modules are
# loaded with the pages, hence its simple configuration.
APPS = [
    "winback.store",
    "winback.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "axes",
]

if not settings.configured:
    settings.configure(
        INSTALLED_APPS=APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        AUTH_USER_MODEL="access.User",
        USE_TZ=True,
        SILENCED_SYSTEM_CHECKS=["axes.W002", "axes.W003"],
    )
    django.setup()

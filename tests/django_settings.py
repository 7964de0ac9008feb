"""Static settings for mypy's plugin and `django-admin makemigrations`; winback itself makes its own."""

SECRET_KEY = "for-tests-only-not-a-secret"
INSTALLED_APPS = [
    "winback.store",
    "winback.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "axes",
]
AUTH_USER_MODEL = "access.User"
SILENCED_SYSTEM_CHECKS = [
    "admin.E403",
    "admin.E406",
    "admin.E408",
    "admin.E409",
    "admin.E410",
    "axes.W002",
    "axes.W003",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True

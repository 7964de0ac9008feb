"""Static settings for mypy's plugin and `django-admin makemigrations`; winback itself makes its own."""

SECRET_KEY = "for-tests-only-not-a-secret"
INSTALLED_APPS = ["winback.store"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True

"""The project's own settings, made quick for tests; TEST_DATABASE_URL chooses PostgreSQL."""

import os

os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 5)

from budgetpool.settings import *  # noqa: F403
from budgetpool.settings import BASE_DIR, LEDGER_FACTS, database

DATABASES = {"default": database(os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"))}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Nothing here outlives the server, so no commit waits for the disk.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOCAL = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
MAILERS = {"default": LOCAL, "kept": LOCAL}
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # else every test client reads the list of all files first
STATIC_ROOT = BASE_DIR / "budgetpool" / "portals" / "static"
MESSAGE_SECONDS = READY_SECONDS = 0
OVERSEER_EMAIL = "overseer@example.nl"
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests put money into a pool without a bank statement.
LEDGER_FACTS = [*LEDGER_FACTS, "tests.fund.filling.FILLED"]

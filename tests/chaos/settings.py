"""The settings of the installation that is killed: as on a server, with files and an engine."""

from tests.settings import *  # noqa: F403
from tests.settings import STORAGES, VAR_DIR

STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
ALLOWED_HOSTS = ["testserver"]
TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend", "OPTIONS": {"LOCK_TIMEOUT": 30}}}
KEPT = {
    "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "OPTIONS": {"file_path": VAR_DIR / "mail"},
}
MAILERS = {"default": KEPT, "kept": KEPT}

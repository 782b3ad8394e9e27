"""Modules that import each other still find each other under their fingerprints."""

import re

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.any_database
IMPORT = re.compile(r'from "(\./[^"]+)"')


def test_every_import_leads_to_a_file_that_is_kept(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = True
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "budgetpool.serving.static_files.StaticFiles"}
    }
    of_others = ["admin", "rest_framework", "drf_spectacular*"]
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=of_others)
    modules = sorted((tmp_path / "check").glob("*.js"))
    imported = [
        (module.name, path)
        for module in modules
        for path in IMPORT.findall(module.read_text(encoding="utf-8"))
    ]
    assert len(imported) > 20
    assert [each for each in imported if not (tmp_path / "check" / each[1]).exists()] == []
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", path) for _module, path in imported)

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from budgetpool.environment import read_bool, read_int, read_secret

ROOT = Path(__file__).resolve().parent.parent


def run(*args, **environment):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DEBUG", "SECRET_KEY", "DATABASE_URL"} and not name.startswith("DJANGO_")
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *args],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean_with_the_default_settings(tmp_path):
    done = run(
        "check", "--deploy", "--fail-level", "WARNING", DEBUG="0", BUDGETPOOL_VAR=str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_models_have_no_change_without_a_migration(tmp_path):
    done = run("makemigrations", "--check", "--dry-run", BUDGETPOOL_VAR=str(tmp_path))
    assert done.returncode == 0, done.stdout


def test_an_odd_setting_is_refused_with_the_remedy(tmp_path):
    done = run("check", DEBUG="maybe", BUDGETPOOL_VAR=str(tmp_path))
    assert done.returncode != 0
    assert "DEBUG='maybe' is neither true nor false. Set it to 1 or 0." in done.stderr


def test_no_message_leaves_a_sandbox_whatever_else_is_set(tmp_path):
    done = run(
        "shell",
        "--no-imports",
        "--command",
        "from django.conf import settings as s; print(s.MAILERS['default'], s.SMS_BACKEND)",
        SANDBOX="1",
        EMAIL_HOST="smtp.example.nl",
        BUDGETPOOL_SMS_URL="https://sms.example.nl",
        BUDGETPOOL_VAR=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert "filebased" in done.stdout
    assert "smtp" not in done.stdout
    assert done.stdout.strip().endswith("file")


def test_a_database_other_than_sqlite_and_postgresql_is_refused(tmp_path):
    done = run("check", DATABASE_URL="mysql://a@b/c", BUDGETPOOL_VAR=str(tmp_path))
    assert done.returncode != 0
    assert "Use sqlite:///PATH or postgres://USER@HOST/NAME." in done.stderr


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Off", False), ("", True)])
def test_true_and_false_are_read_in_many_spellings(monkeypatch, text, value):
    monkeypatch.setenv("A_SETTING", text)
    assert read_bool("A_SETTING", default=True) is value


@pytest.mark.parametrize("text", ["0", "65536", "many"])
def test_a_number_out_of_bounds_is_refused(monkeypatch, text):
    monkeypatch.setenv("A_SETTING", text)
    with pytest.raises(ImproperlyConfigured, match="a number from 1 to 65535"):
        read_int("A_SETTING", default=80, least=1, most=65535)


def test_a_secret_is_made_once_and_kept_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("A_SECRET", raising=False)
    file = tmp_path / "deep" / "secret"
    first = read_secret("A_SECRET", file)
    assert len(first) >= 50
    assert read_secret("A_SECRET", file) == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_short_secret_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("A_SECRET", "short")
    with pytest.raises(ImproperlyConfigured, match="at least 50"):
        read_secret("A_SECRET", tmp_path / "secret")


def test_every_setting_of_the_environment_is_documented():
    source = (ROOT / "budgetpool" / "settings.py").read_text()
    names = set(re.findall(r'read_\w+\(\s*"([A-Z_]+)"', source))
    assert len(names) > 10
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert names - documented == set()

"""A backup is made, damaged, refused, restored: with real files and a real database."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def installation(tmp_path, migrated_file):
    shutil.copyfile(migrated_file, tmp_path / "books.sqlite3")
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'books.sqlite3'}")


class Installation:
    """A whole installation of its own on a migrated database, driven by its command line."""

    def __init__(self, folder, url):
        self.folder = folder
        self.environment = os.environ | {
            "DEBUG": "1",
            "BUDGETPOOL_VAR": str(folder / "var"),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        }

    def manage(self, *args, check=True):
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.environment,
            check=check,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def ask(self, statement):
        """What the database itself says, without a process of Django."""
        url = self.environment["DATABASE_URL"]
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path) if path != url else psycopg.connect(url)) as books:
            answer = books.execute(statement)
            rows = answer.fetchall() if answer.description else []
            books.commit()
        return rows

    def add_person(self, email):
        self.ask(
            "INSERT INTO users_user (email, name, password, phone, language, is_superuser, "
            f"is_staff, is_active, joined_at) VALUES ('{email}', 'Iemand', '!', '', 'nl', FALSE, "
            "FALSE, TRUE, '2026-11-30 12:00:00')"
        )

    def people(self):
        return " ".join(email for (email,) in self.ask("SELECT email FROM users_user ORDER BY 1"))

    def put_file(self, name, content):
        file = self.folder / "var" / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def backup(self):
        made = json.loads(self.manage("backup", str(self.folder / "backups"), "--json").stdout)
        return Path(made["file"])


def back_and_forth(installation):
    installation.add_person("a@example.org")
    paper = installation.put_file("offers/17.pdf", b"an offer")
    file = installation.backup()
    installation.add_person("b@example.org")
    paper.write_bytes(b"another offer")
    installation.put_file("offers/18.pdf", b"too much")

    installation.manage("restore", str(file), "--replace")

    assert installation.people() == "a@example.org"
    assert paper.read_bytes() == b"an offer"
    assert not (paper.parent / "18.pdf").exists()


def test_a_restore_brings_back_people_and_files_as_they_were(installation):
    back_and_forth(installation)


@pytest.mark.postgres
def test_a_restore_brings_back_people_and_files_on_postgresql(tmp_path, own_database):
    back_and_forth(Installation(tmp_path, own_database))


def test_without_replace_a_restore_only_checks(installation):
    installation.add_person("a@example.org")
    file = installation.backup()
    installation.add_person("b@example.org")
    shown = installation.manage("restore", str(file))
    assert "Nothing was changed" in shown.stdout
    assert installation.people() == "a@example.org b@example.org"


def test_a_damaged_backup_is_refused_and_changes_nothing(installation):
    installation.add_person("a@example.org")
    file = installation.backup()
    damaged = file.with_name("damaged.zip")
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(damaged, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, content + b"!" if name == "database" else content)
    refused = installation.manage("restore", str(damaged), "--replace", check=False)
    assert refused.returncode == 2
    assert "database is damaged. Take another backup." in refused.stderr
    assert installation.people() == "a@example.org"


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_a_file_that_is_no_backup_is_refused(installation, content):
    other = installation.folder / "other.zip"
    other.write_bytes(content)
    refused = installation.manage("restore", str(other), "--replace", check=False)
    assert refused.returncode == 2
    assert "is no whole backup" in refused.stderr


def test_a_sealed_backup_is_opened_by_its_key_and_by_no_other(installation):
    key, other = installation.folder / "key", installation.folder / "other"
    public = installation.manage("make_backup_key", str(key)).stdout.strip()
    installation.manage("make_backup_key", str(other))
    assert installation.manage("make_backup_key", str(key), check=False).returncode == 1
    assert key.stat().st_mode & 0o077 == 0
    installation.add_person("before@example.nl")
    installation.environment["BUDGETPOOL_BACKUP_KEYS"] = public
    folder = installation.folder / "backups"
    installation.manage("backup", str(folder))
    [sealed] = folder.iterdir()
    assert sealed.name.endswith(".zip.age")
    assert sealed.stat().st_mode & 0o077 == 0
    assert b"before@example.nl" not in sealed.read_bytes()
    for refused in ([], ["--key", str(other)]):
        done = installation.manage("restore", str(sealed), *refused, check=False)
        assert done.returncode == 2, done.stderr
    installation.add_person("later@example.nl")
    installation.manage("restore", str(sealed), "--key", str(key), "--replace")
    assert installation.people() == "before@example.nl"


def test_a_key_that_is_none_is_refused_before_anything_is_written(installation):
    installation.environment["BUDGETPOOL_BACKUP_KEYS"] = "age1nonsense"
    folder = installation.folder / "backups"
    done = installation.manage("backup", str(folder), check=False)
    assert (done.returncode, "is no public key" in done.stderr) == (2, True)
    assert not folder.exists()


def test_a_backup_can_be_read_by_its_owner_only(installation):
    assert installation.backup().stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.tool
@pytest.mark.any_database
def test_files_of_an_object_store_come_back_as_they_were(installation, store, bucket):
    installation.environment["BUDGETPOOL_FILES"] = store.url
    installation.add_person("a@example.org")
    bucket.put("offers/17.pdf", b"an offer")
    bucket.put("offers/19.pdf", b"a third")
    file = installation.backup()
    installation.add_person("b@example.org")
    bucket.put("offers/17.pdf", b"another offer")
    bucket.put("offers/18.pdf", b"too much")
    bucket.delete("offers/19.pdf")

    installation.manage("restore", str(file), "--replace")
    assert installation.people() == "a@example.org"
    there = {name: bucket.get(name) for name, _ in bucket.names()}
    assert there == {"offers/17.pdf": b"an offer", "offers/19.pdf": b"a third"}

"""One file that holds the whole installation: the database, the uploaded files, a manifest.

The database is copied as of one moment while people go on working: by SQLite's own online copy,
or by `pg_dump`. The manifest carries the SHA-256 of every part, so that a damaged copy is refused
before anything is replaced. The secret key is not in it: keep that apart.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import connection
from django.utils import timezone

from budgetpool.files import walking

DATABASE_PART = "database"
MANIFEST_PART = "manifest.json"
FILES_FOLDER = "files/"


class BackupError(Exception):
    """A backup cannot be made, or a file is no whole backup. The text says what to do."""


@dataclass(frozen=True)
class Backup:
    """A backup file on disk and what its manifest says."""

    file: Path
    vendor: str
    made_at: str
    parts: dict[str, str]


def make(folder: Path, files: Storage) -> Backup:
    """Write a new backup into the folder; half a file never bears the final name.

    Raises:
        BackupError: the database cannot be copied.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_at = timezone.now().strftime("%Y-%m-%dT%H-%M-%SZ")
    target = folder / f"budgetpool-{made_at}.zip"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        dump = Path(work) / DATABASE_PART
        _dump(dump)
        draft = Path(work) / "draft.zip"
        digests: dict[str, str] = {}
        manifest = {"vendor": connection.vendor, "made_at": made_at, "parts": digests}
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            with dump.open("rb") as stream:
                digests[DATABASE_PART] = _put(archive, DATABASE_PART, stream)
            for name in walking.names(files):
                try:
                    opened = files.open(name)
                except FileNotFoundError:
                    continue  # somebody removed it since the list was made
                with opened as kept:
                    digests[FILES_FOLDER + name] = _put(archive, FILES_FOLDER + name, kept)
            archive.writestr(MANIFEST_PART, json.dumps(manifest, indent=1))
        draft.chmod(0o600)
        os.replace(draft, target)
    return Backup(target, connection.vendor, made_at, digests)


def check(file: Path) -> Backup:
    """Read the backup and compare every part with its SHA-256.

    Raises:
        BackupError: the file is no backup, or a part is damaged or missing.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST_PART))
            for name, digest in manifest["parts"].items():
                with archive.open(name) as stream:
                    if _digest_of(stream) != digest:
                        raise BackupError(f"{file}: {name} is damaged. Take another backup.")
            return Backup(file, manifest["vendor"], manifest["made_at"], manifest["parts"])
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{file} is no whole backup ({error}). Take another backup.") from error


def restore(backup: Backup, files: Storage) -> None:
    """Replace the database and the uploaded files by those of a checked backup.

    Raises:
        BackupError: the backup is of another kind of database, or loading it failed; a failed
            load leaves PostgreSQL as it was, and SQLite's file is replaced in one step.
    """
    if backup.vendor != connection.vendor:
        raise BackupError(
            f"The backup is of {backup.vendor}, DATABASE_URL names {connection.vendor}. "
            "Set DATABASE_URL to a database of the same kind."
        )
    with zipfile.ZipFile(backup.file) as archive:
        if isinstance(files, FileSystemStorage):
            _restore_here(archive, Path(files.location))
        else:
            _restore_there(archive, files, backup.parts)


def _restore_here(archive: zipfile.ZipFile, media_root: Path) -> None:
    media_root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media_root.parent) as work:
        archive.extractall(work)
        _load(Path(work) / DATABASE_PART)
        if media_root.exists():
            os.replace(media_root, Path(work) / "replaced")
        restored = Path(work) / FILES_FOLDER
        if restored.exists():
            os.replace(restored, media_root)
        else:
            media_root.mkdir()


def _restore_there(archive: zipfile.ZipFile, files: Storage, parts: dict[str, str]) -> None:
    """Files first, then the database that names them, then away with what it does not name."""
    wanted = {name.removeprefix(FILES_FOLDER): name for name in parts if name != DATABASE_PART}
    for name, part in wanted.items():
        with archive.open(part) as stream:
            files.save(name, File(stream)) if not files.exists(name) else _same(files, name, stream)
    with tempfile.TemporaryDirectory() as work:
        archive.extract(DATABASE_PART, work)
        _load(Path(work) / DATABASE_PART)
    for name in list(walking.names(files)):
        if name not in wanted:
            files.delete(name)


def _same(files: Storage, name: str, stream: IO[bytes]) -> None:
    content = stream.read()
    with files.open(name) as kept:
        is_same = kept.read() == content
    if not is_same:
        files.delete(name)
        files.save(name, ContentFile(content))


def _put(archive: zipfile.ZipFile, name: str, stream: IO[bytes]) -> str:
    """Write one part while it is read, and give its hash."""
    digest = hashlib.sha256()
    with archive.open(name, "w") as part:
        while block := stream.read(1 << 20):
            digest.update(block)
            part.write(block)
    return digest.hexdigest()


def _digest_of(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        source = sqlite3.connect(connection.settings_dict["NAME"], timeout=30)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}"])


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        for leftover in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(dump, file.with_name(f"{file.name}.new"))
        os.replace(file.with_name(f"{file.name}.new"), file)
        return
    connection.close()
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run(["pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(dump)])


def _run(command: list[str]) -> None:
    """Run one of PostgreSQL's own tools, with the connection in its environment."""
    facts = connection.settings_dict
    address = {
        "PGHOST": facts["HOST"],
        "PGPORT": str(facts["PORT"]),
        "PGUSER": facts["USER"],
        "PGPASSWORD": facts["PASSWORD"],
        "PGDATABASE": facts["NAME"],
    }
    environment = os.environ | {name: value for name, value in address.items() if value}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise BackupError(
            f"{command[0]} is not installed. Install PostgreSQL's client programs."
        ) from None
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]} failed: {error.stderr.strip()}") from error

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
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils import timezone

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


def make(folder: Path, media_root: Path) -> Backup:
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
        parts = {DATABASE_PART: dump} | {
            FILES_FOLDER + str(path.relative_to(media_root)): path for path in _files(media_root)
        }
        digests = {name: _sha256(path) for name, path in parts.items()}
        manifest = {"vendor": connection.vendor, "made_at": made_at, "parts": digests}
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in parts.items():
                archive.write(path, name)
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


def restore(backup: Backup, media_root: Path) -> None:
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
    media_root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media_root.parent) as work:
        with zipfile.ZipFile(backup.file) as archive:
            archive.extractall(work)
        _load(Path(work) / DATABASE_PART)
        if media_root.exists():
            os.replace(media_root, Path(work) / "replaced")
        restored = Path(work) / FILES_FOLDER
        if restored.exists():
            os.replace(restored, media_root)
        else:
            media_root.mkdir()


def _files(media_root: Path) -> Iterator[Path]:
    if media_root.exists():
        yield from sorted(path for path in media_root.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return _digest_of(stream)


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

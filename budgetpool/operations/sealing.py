"""Backups that only the holder of a secret key can read, in the format of age (age-encryption.org).

The server knows public keys only: who breaks into it reads no backup. Any `age` program opens the
file, also on a machine without Budgetpool.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyrage

from budgetpool.operations.backup import BackupError

SEALED: Final = ".age"


type Recipients = list[pyrage.x25519.Recipient]


def recipients(public_keys: Sequence[str]) -> Recipients:
    """Who will be able to open what is sealed.

    Raises:
        BackupError: a key is none.
    """
    return [_recipient(key) for key in public_keys]


def seal(file: Path, readers: Recipients) -> Path:
    """Encrypt a file for these readers, and destroy the open one."""
    target = file.with_name(file.name + SEALED)
    with tempfile.TemporaryDirectory(dir=file.parent) as work:
        draft = Path(work) / "draft"
        with file.open("rb") as source, draft.open("wb") as out:
            pyrage.encrypt_io(source, out, readers)
        draft.chmod(0o600)
        os.replace(draft, target)
    file.unlink()
    return target


@contextmanager
def opened(file: Path, secret: Path | None) -> Iterator[Path]:
    """The open file of a backup, for as long as it is needed; one that was not sealed as it is.

    Args:
        secret: a file with the secret key, as `make_backup_key` or `age-keygen` wrote it.

    Raises:
        BackupError: no key was given, or it does not fit, or the file is damaged.
    """
    if file.suffix != SEALED:
        yield file
        return
    if secret is None:
        raise BackupError(f"{file} is sealed. Name the file of its secret key with --key.")
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / file.stem
        try:
            identities = [
                pyrage.x25519.Identity.from_str(line.strip())
                for line in secret.read_text().splitlines()
                if line.strip() and not line.startswith("#")
            ]
            with file.open("rb") as source, target.open("wb") as out:
                pyrage.decrypt_io(source, out, identities)
        except (OSError, pyrage.IdentityError, pyrage.DecryptError) as error:
            raise BackupError(
                f"{file} cannot be opened with {secret} ({error}). Take the right key, or another "
                "backup."
            ) from error
        yield target


def make_key() -> tuple[str, str]:
    """A new pair: the public key for the server, the secret one for a safe."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def _recipient(key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise BackupError(
            f"{key} is no public key ({error}). Make a pair with manage.py make_backup_key."
        ) from error

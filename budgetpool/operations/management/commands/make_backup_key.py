"""`manage.py make_backup_key FILE`: a pair of keys, so that only its holder reads the backups."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import sealing


class Command(BaseCommand):
    help = "Writes a secret key into a new file, to be kept elsewhere, and prints its public key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where the secret key is written")

    def handle(self, *, file: Path, **options: Any) -> None:
        public, secret = sealing.make_key()
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(f"# public key: {public}\n{secret}\n")
        except FileExistsError as error:
            raise CommandError(f"{file} is there already. Name another file.") from error
        self.stdout.write(public)
        self.stderr.write(
            f"Set BUDGETPOOL_BACKUP_KEYS={public} on the server, and move {file} into a safe: "
            "without it no backup can be read."
        )

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import backup, sealing


class Command(BaseCommand):
    help = "Write the database and all uploaded files into one checked file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            default=settings.BACKUPS_DIR,
            help="where the backup is written (default: %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, folder: Path, json: bool, **options: Any) -> None:
        try:
            # A key that is none is refused before anything is written in the open.
            readers = sealing.recipients(settings.BACKUP_KEYS)
            made = backup.make(folder, default_storage)
            backup.check(made.file)
            if readers:
                made = replace(made, file=sealing.seal(made.file, readers))
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        if json:
            self.stdout.write(_document(made))
        else:
            size = made.file.stat().st_size / 1_000_000
            self.stdout.write(f"{made.file} ({size:.1f} MB, {len(made.parts)} parts, checked)")


def _document(made: backup.Backup) -> str:
    return json.dumps({"file": str(made.file), "made_at": made.made_at, "parts": made.parts})

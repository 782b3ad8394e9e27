import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import backup


class Command(BaseCommand):
    help = "Write the database and all uploaded files into one checked file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the backup is written")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, folder: Path, json: bool, **options: Any) -> None:
        try:
            made = backup.make(folder, Path(settings.MEDIA_ROOT))
            backup.check(made.file)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        if json:
            self.stdout.write(_document(made))
        else:
            size = made.file.stat().st_size / 1_000_000
            self.stdout.write(f"{made.file} ({size:.1f} MB, {len(made.parts)} parts, checked)")


def _document(made: backup.Backup) -> str:
    return json.dumps({"file": str(made.file), "made_at": made.made_at, "parts": made.parts})

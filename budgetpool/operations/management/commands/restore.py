from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import backup


class Command(BaseCommand):
    help = "Put a backup in the place of the present database and files, then check the books."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="really replace what is here; without it the file is only checked",
        )

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            checked = backup.check(file)
            if not replace:
                self.stdout.write(
                    f"{file} of {checked.made_at} is whole ({len(checked.parts)} parts). "
                    "Nothing was changed: add --replace to restore it."
                )
                return
            backup.restore(checked, Path(settings.MEDIA_ROOT))
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", verbosity=0)
        call_command("check_ledger", stdout=self.stdout)
        self.stdout.write(f"Restored {file} of {checked.made_at}.")

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import backup, sealing


class Command(BaseCommand):
    help = "Put a backup in the place of the present database and files, then check the books."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")
        parser.add_argument(
            "--key", type=Path, help="the file of the secret key, for a backup that is sealed"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="really replace what is here; without it the file is only checked",
        )

    def handle(self, *, file: Path, key: Path | None, replace: bool, **options: Any) -> None:
        try:
            with sealing.opened(file, key) as readable:
                checked = backup.check(readable)
                if not replace:
                    self.stdout.write(
                        f"{file} of {checked.made_at} is whole ({len(checked.parts)} parts). "
                        "Nothing was changed: add --replace to restore it."
                    )
                    return
                backup.restore(checked, default_storage)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored {file} of {checked.made_at}.")
        call_command("check_ledger", stdout=self.stdout)

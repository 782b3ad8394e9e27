"""`manage.py load_regions [FILE]`: bring the list of labour-market regions up to date."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.fund import regions


class Command(BaseCommand):
    help = "Load the list of labour-market regions from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            default=regions.REGIONS_FILE,
            help="CSV with the columns " + ", ".join(regions.COLUMNS),
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            created, known = regions.load_regions(file)
        except (OSError, regions.BadRegionList) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{created} regions added, {known} brought up to date.")

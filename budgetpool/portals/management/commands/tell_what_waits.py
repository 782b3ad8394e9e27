"""Tell each person once a day what waits at their desks. Run it every morning."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgetpool.portals import daily


class Command(BaseCommand):
    help = "Queue an e-mail to each person for whom something waits: one a day, never an empty one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--dry-run", action="store_true", help="count, and queue nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        told = daily.tell_all(is_dry=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, count in told.items():
            self.stdout.write(f"{name}: {count}")

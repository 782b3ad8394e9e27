"""Destroy traces of sign-ins, sessions and programs past their time; run it every night.

Files that could not be removed, because their store was away, are tried again.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgetpool.files import erasing
from budgetpool.operations import traces


class Command(BaseCommand):
    help = "Destroy technical traces that are past their term, and log how many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = traces.forget(dry=options["dry_run"])
        if not options["dry_run"]:
            erasing.ask_again()
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        verb = "would be destroyed" if options["dry_run"] else "destroyed"
        for category, count in counts.items():
            self.stdout.write(f"{category}: {count} {verb}")

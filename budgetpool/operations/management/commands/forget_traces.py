"""Destroy traces of sign-ins, sessions and programs past their time; run it every night."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgetpool.operations import traces


class Command(BaseCommand):
    help = "Destroy technical traces that are past their term, and log how many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = traces.forget(dry=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        verb = "would be destroyed" if options["dry_run"] else "destroyed"
        for category, count in counts.items():
            self.stdout.write(f"{category}: {count} {verb}")

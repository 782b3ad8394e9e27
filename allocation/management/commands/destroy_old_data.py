"""Destroy personal data that is past its time; run it every night."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from allocation.models import Decision
from allocation.retention import CATEGORIES
from workers.data import retention


class Command(BaseCommand):
    help = "Destroy what is past its retention term, and log how much of what."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = retention.run(
            decided=Decision.objects.values_list("request_id", flat=True),
            more=CATEGORIES,
            dry=options["dry_run"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        verb = "would be destroyed" if options["dry_run"] else "destroyed"
        for category, count in counts.items():
            self.stdout.write(f"{category}: {count} {verb}")

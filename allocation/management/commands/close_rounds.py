"""`manage.py close_rounds`: closes rounds whose window is over. Run it every night."""

import json
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.utils import translation

from allocation.rounds import by_clock


class Command(BaseCommand):
    help = "Close the rounds whose window is over, unless somebody may still mend a request."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say which are due")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        due = by_clock.due()
        closed, waiting = ([], []) if options["dry_run"] else by_clock.close_due()
        told = {
            "due": [str(round) for round in due],
            "closed": [str(round) for round in closed],
            "waiting": {str(one.round): one.why.code for one in waiting},
            "dry_run": options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        with translation.override("en"):
            self.stdout.write(f"{len(due)} rounds are due, {len(closed)} closed.")
            for one in waiting:
                self.stdout.write(f"{one.round} stays open: {one.why}")

"""`manage.py check_ledger [--json]`: prove that the books are right."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgetpool.fund import checks, facts


class Command(BaseCommand):
    help = "Recompute every balance and compare the ledger with the business facts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = checks.check_ledger()
        all_ok = all(outcome.ok for outcome in outcomes)
        if options["json"]:
            document = {"ok": all_ok, "checks": [outcome.as_json() for outcome in outcomes]}
            self.stdout.write(json.dumps(document, indent=2))
        else:
            for outcome in outcomes:
                mark = "ok" if outcome.ok else "WRONG"
                self.stdout.write(f"{outcome.check:24} {outcome.looked_at:>9}  {mark}")
                for finding in outcome.findings:
                    self.stdout.write(f"    {finding}")
            for line in facts.lines():
                self.stdout.write(line)
            self.stdout.write("The books are right." if all_ok else "The books are not right.")
        if not all_ok:
            sys.exit(1)

import json as json_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import checks


class Command(BaseCommand):
    help = "Say whether everything is set up, and otherwise how to mend it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = [check() for check in checks.ALL]
        if json:
            rows = [
                {"check": finding.name, "ok": finding.well, "remedy": finding.remedy}
                for finding in found
            ]
            self.stdout.write(json_module.dumps({"ok": all(f.well for f in found), "checks": rows}))
        else:
            for finding in found:
                self.stdout.write(f"{finding.name:<12} {finding.remedy or 'OK'}")
        ill = [finding.name for finding in found if not finding.well]
        if ill:
            raise CommandError(f"To mend: {', '.join(ill)}.", returncode=1)

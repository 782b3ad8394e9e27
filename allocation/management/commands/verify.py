"""manage.py verify FOLDER OUT: check a published division without a solver."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from allocation.optimiser import verify
from allocation.optimiser.errors import InvalidInput

HOLDS, DOES_NOT_HOLD, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Exit 0: everything holds; 1: each thing that does not is named; 2: unreadable input."""

    help = "Check every limit, sum, lot and bound of a division, in whole numbers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the input: requests.csv, policy.toml, …")
        parser.add_argument("out", type=Path, help="the result: decisions.csv, result.json, …")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verify.report(options["folder"], options["out"])
        except InvalidInput as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise SystemExit(UNREADABLE) from None
        for note in report.notes:
            self.stdout.write(f"Note: {note}")
        for finding in report.found:
            self.stderr.write(str(finding))
        if report.found:
            self.stderr.write(f"{len(report.found)} things do not hold.")
            raise SystemExit(DOES_NOT_HOLD)
        other = any(note.code == "other_rule" for note in report.notes)
        checked = "limits and sums" if other else "limits, sums, lots, reasons and bounds"
        self.stdout.write(f"Everything holds: {checked}.")

"""manage.py price_of_fairness FOLDER: what serving every group costs in value."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from allocation.optimiser import InvalidInput, StoppedEarly, files
from allocation.rounds import price_of_fairness

DOES_NOT_HOLD, UNREADABLE, STOPPED = 1, 2, 3


class Command(BaseCommand):
    """Divide the round once per fairness strength and print value beside coverage."""

    help = "Print value, people and the smallest coverage from fairness 0 to 1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the input: requests.csv, policy.toml, …")
        parser.add_argument("--steps", type=int, default=4, help="how many steps from 0 to 1")
        parser.add_argument("--csv", type=Path, help="write the curve to this file too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            problem = files.read(options["folder"])
            if options["csv"]:
                files.refuse_unwritable(options["csv"].absolute().parent)
            curve = price_of_fairness.curve(problem, steps=max(1, options["steps"]))
        except InvalidInput as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise SystemExit(UNREADABLE) from None
        except StoppedEarly as error:
            self.stderr.write(f"stopped early: {error.reason}")
            raise SystemExit(STOPPED) from None
        table = Table(title=problem.policy.name)
        for name in ("fairness", "value", "price", "smallest coverage", "people", "spent", "check"):
            table.add_column(name, justify="right")
        for row in curve.itertuples():
            table.add_row(
                f"{row.fairness:.2f}",
                f"{row.value / 100:,.0f}",
                f"{row.price:.2%}",
                f"{row.smallest_share:.1%}",
                str(row.people),
                f"€\N{NO-BREAK SPACE}{row.spent_cents / 100:,.0f}",
                "holds" if row.verified else "does not hold",
            )
        Console(file=self.stdout).print(table)
        if not curve["verified"].all():
            self.stderr.write(
                "The verifier found faults; run allocate and verify on that strength."
            )
            raise SystemExit(DOES_NOT_HOLD)
        if options["csv"]:
            curve.to_csv(options["csv"], index=False, lineterminator="\n")

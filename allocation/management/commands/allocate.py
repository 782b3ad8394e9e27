"""manage.py allocate FOLDER --out FOLDER: divide a round that stands in files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress

from allocation import optimiser
from allocation.management.stage_lines import StageLines, gap, points
from allocation.optimiser import baselines, counterfactual, files
from allocation.optimiser.division import MEMORY_BYTES, SECONDS
from allocation.optimiser.errors import InvalidInput

OPTIMISER = "optimiser"
DIVIDED, STOPPED_EARLY, INVALID_INPUT = 0, 1, 2


class Command(BaseCommand):
    """Exit 0: divided; 1: stopped early, no decisions; 2: the input is refused, nothing written."""

    help = "Divide a round by its policy, or by one of the common rules; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="requests.csv, policy.toml, …")
        parser.add_argument("--out", type=Path, required=True, help="where the result is written")
        parser.add_argument("--rule", choices=[OPTIMISER, *baselines.RULES], default=OPTIMISER)
        parser.add_argument(
            "--explain",
            action="store_true",
            help="find what would have changed each refusal, and write it with the reasons",
        )
        parser.add_argument(
            "--events",
            action="store_true",
            help="write progress as lines of JSON on standard error, for other programs",
        )
        parser.add_argument("--solver", choices=["highs", "cbc"], default="highs")
        parser.add_argument("--seconds", type=float, default=SECONDS, help="hard limit of time")
        parser.add_argument(
            "--memory-mb", type=int, default=MEMORY_BYTES // 2**20, help="hard limit of memory"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            problem = files.read(options["folder"])
            files.refuse_unwritable(options["out"])
            if options["rule"] == OPTIMISER:
                allocation = self._optimise(problem, options)
            else:
                allocation = baselines.allocate(problem, options["rule"])
        except InvalidInput as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise SystemExit(INVALID_INPUT) from None
        if options["explain"] and allocation.certificate is not None:
            allocation = self._explained(problem, allocation, options)
        files.write(allocation, options["out"])
        if allocation.outcome != "proven":
            self.stderr.write(f"Stopped early ({allocation.reason}): there are no decisions.")
            raise SystemExit(STOPPED_EARLY)
        for floor in allocation.floors:
            if floor["cause"] is not None:
                self.stdout.write(_short(floor))
        self.stdout.write(_summary(problem, allocation))

    def _optimise(
        self, problem: optimiser.Problem, options: dict[str, Any]
    ) -> optimiser.Allocation:
        console = Console(stderr=True)
        with StageLines(problem.policy, console, events=options["events"]) as lines:
            return optimiser.allocate(problem, progress=lines.show, **_limits(options))

    def _explained(
        self, problem: optimiser.Problem, allocation: optimiser.Allocation, options: dict[str, Any]
    ) -> optimiser.Allocation:
        console = Console(stderr=True)
        shown = console.is_terminal and not options["events"]
        with Progress(console=console, transient=True, disable=not shown) as bar:
            task = bar.add_task("what would change")

            def show(event: dict[str, Any]) -> None:
                bar.update(
                    task,
                    description=f"what would change: {event['stage']}",
                    completed=event["done"],
                    total=event["total"],
                )

            found = counterfactual.changes(
                problem,
                allocation,
                divide=lambda changed: optimiser.allocate(changed, **_limits(options)),
                progress=show,
            )
        return counterfactual.explained(allocation, found)


def _limits(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "seconds": options["seconds"],
        "memory_bytes": options["memory_mb"] * 2**20,
        "solver": options["solver"],
    }


def _short(floor: dict[str, Any]) -> str:
    missing = (floor["required_cents"] - floor["reached_cents"]) / 100
    return f"{floor['kind']} {floor['name']}: € {missing:,.2f} short ({floor['cause']})"


def _summary(problem: optimiser.Problem, allocation: optimiser.Allocation) -> str:
    """One line: people, money, value, and how near it is to the most that can be."""
    policy, bound = problem.policy, allocation.bound
    parts = [
        f"{allocation.people:,} people",
        f"€ {allocation.spent_cents / 100:,.2f} of € {policy.ceiling_cents / 100:,.2f}",
        f"value {points(policy, allocation.value)}",
    ]
    if allocation.floors:
        kept = sum(floor["cause"] is None for floor in allocation.floors)
        parts.append(f"{kept} of {len(allocation.floors)} promises kept")
    if bound is not None:
        parts.append(f"at most {points(policy, bound)}, {gap(allocation.gap or 0)}")
    return ", ".join([*parts, f"{allocation.seconds:.1f} s."])

"""allocate FOLDER --out FOLDER: divide a round that stands in files.

Ends with 0: divided and proven; 1: not proven, or stopped early; 2: refused, nothing written.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from rich.console import Console
from rich.progress import Progress

from allocation.optimiser import files
from allocation.optimiser.baselines import rules
from allocation.optimiser.counterfactual import changes
from allocation.optimiser.division import allocate
from allocation.optimiser.errors import InvalidInput
from allocation.optimiser.inputs.problem import Problem
from allocation.optimiser.program.stage_lines import StageLines, gap, points
from allocation.optimiser.results.allocation import Allocation
from allocation.optimiser.verify.words import OPTIMISER

HELP = "Divide a round by its policy, or by one of the common rules; needs no database."
PROVEN, NOT_PROVEN, INVALID_INPUT = 0, 1, 2
Say = Callable[[str], object]


def run(options: dict[str, Any], *, say: Say, warn: Say) -> int:
    """Divide, write, and tell; returns how the program ends.

    Args:
        say, warn: write a line for whoever reads the outcome, and of what is wrong.
    """
    if options["solver"] == "cbc" and find_spec("cbcbox") is None:
        warn("CBC is not installed: run uv sync --group cbc.")
        return INVALID_INPUT
    try:
        problem = files.read(options["folder"])
        files.refuse_unwritable(options["out"])
        if options["rule"] == OPTIMISER:
            allocation = _optimised(problem, options)
        else:
            allocation = rules.allocate(problem, options["rule"])
    except InvalidInput as error:
        for fault in error.faults:
            warn(str(fault))
        return INVALID_INPUT
    if options["explain"] and allocation.certificate is not None:
        allocation = _explained(problem, allocation, options)
    files.write(allocation, options["out"])
    return _told(problem, allocation, say, warn)


def _told(problem: Problem, allocation: Allocation, say: Say, warn: Say) -> int:
    if allocation.outcome == "stopped_early":
        warn(f"Stopped early ({allocation.reason}): there are no decisions.")
        return NOT_PROVEN
    for floor in allocation.floors:
        if floor["cause"] is not None:
            say(_short(floor))
    say(_summary(problem, allocation))
    if allocation.outcome != "proven_within":
        return PROVEN
    warn(
        "The best division that was found is written. It is not proven to within the "
        "tolerance of the policy: verify says by how much."
    )
    return NOT_PROVEN


def _optimised(problem: Problem, options: dict[str, Any]) -> Allocation:
    console = Console(stderr=True)
    with StageLines(problem.policy, console, events=options["events"]) as lines:
        return allocate(problem, progress=lines.show, **_limits(options))


def _explained(problem: Problem, allocation: Allocation, options: dict[str, Any]) -> Allocation:
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

        found = changes.changes(
            problem,
            allocation,
            divide=lambda changed: allocate(changed, **_limits(options)),
            progress=show,
        )
    return changes.explained(allocation, found)


def _limits(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "seconds": options["seconds"],
        "memory_bytes": options["memory_mb"] * 2**20,
        "solver": options["solver"],
    }


def _short(floor: dict[str, Any]) -> str:
    missing = (floor["required_cents"] - floor["reached_cents"]) / 100
    return f"{floor['kind']} {floor['name']}: € {missing:,.2f} short ({floor['cause']})"


def _summary(problem: Problem, allocation: Allocation) -> str:
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

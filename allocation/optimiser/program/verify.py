"""verify FOLDER OUT: check a published division without a solver.

Ends with 0: everything holds; 1: each thing that does not is named; 2: unreadable input;
3: everything holds that is stated, but a better division is not excluded.
"""

from collections.abc import Callable
from typing import Any

from allocation.optimiser import verify
from allocation.optimiser.errors import InvalidInput

HELP = "Check every limit, sum, lot and bound of a division, in whole numbers."
HOLDS, DOES_NOT_HOLD, UNREADABLE, NOT_PROVEN = 0, 1, 2, 3
Say = Callable[[str], object]


def run(options: dict[str, Any], *, say: Say, warn: Say) -> int:
    """Check, and tell; returns how the program ends.

    Args:
        say, warn: write a line for whoever reads the outcome, and of what is wrong.
    """
    try:
        report = verify.report(options["folder"], options["out"])
    except InvalidInput as error:
        for fault in error.faults:
            warn(str(fault))
        return UNREADABLE
    for note in report.notes:
        say(f"Note: {note}")
    for finding in report.found:
        warn(str(finding))
    if report.found:
        warn(f"{sum(report.counts.values())} things do not hold.")
        return DOES_NOT_HOLD
    other = any(note.code == "other_rule" for note in report.notes)
    checked = "limits and sums" if other else "limits, sums, swaps by lot, reasons and bounds"
    if not report.proven:
        say(f"Everything holds, but not proven: {checked}.")
        return NOT_PROVEN
    say(f"Everything holds: {checked}.")
    return HOLDS

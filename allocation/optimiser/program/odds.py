"""odds FOLDER --out FILE: the chance of each class before the lots are drawn.

Ends with 0: written; 1: a limit came before the end; 2: refused, nothing written.
"""

from collections.abc import Callable
from typing import Any

from allocation.optimiser import files
from allocation.optimiser.errors import InvalidInput, StoppedEarly
from allocation.optimiser.odds import EXACT, odds

HELP = "Count the chance of an award of each class of equal cases, before the draw."
DONE, STOPPED, INVALID_INPUT = 0, 1, 2
Say = Callable[[str], object]


def run(options: dict[str, Any], *, say: Say, warn: Say) -> int:
    """Count, write, and tell; returns how the program ends.

    Args:
        say, warn: write a line for whoever reads the outcome, and of what is wrong.
    """
    try:
        problem = files.read(options["folder"])
        table = odds(problem, draws=max(1, options["draws"]), seconds=options["seconds"])
    except InvalidInput as error:
        for fault in error.faults:
            warn(str(fault))
        return INVALID_INPUT
    except StoppedEarly as stop:
        warn(f"Stopped early ({stop.reason}): nothing is written.")
        return STOPPED
    table.to_csv(options["out"], index=False, lineterminator="\n")
    exact = int((table["basis"] == EXACT).sum())
    say(f"{len(table):,} classes, {exact:,} of them exact: {options['out']}")
    return DONE

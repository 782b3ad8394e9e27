"""Which solver searches for whole awards, and the limits of one run."""

import time
from dataclasses import dataclass
from typing import Any

import pulp

# Presolve would put the awards back where a count stands: by substitution of free columns (bit 8)
# and of columns that an equation defines (bit 12).
KEEP_COUNTS = 1 << 8 | 1 << 12
# The parts of a run's time after which a division at hand is not made better any more, and after
# which proofs end with what they prove.
SEARCHED, PROVED = 0.7, 0.85


@dataclass(frozen=True)
class Backend:
    """Which solver, how long it may take, and since when (time.monotonic).

    Without a moment of beginning, `seconds` is only the most for one search, which then fails.
    With one, whoever has a division at hand ends in time with that one.
    """

    solver: str = "highs"
    seconds: float | None = None
    begun: float | None = None

    def left(self, part: float) -> float:
        """Seconds that are left of a part of the time."""
        if self.seconds is None or self.begun is None:
            return float("inf")
        return self.begun + part * self.seconds - time.monotonic()

    def over(self, part: float = SEARCHED) -> bool:
        """Whether that part of the time is gone."""
        return self.left(part) <= 0

    def make(
        self,
        *,
        gap: float,
        nodes: int | None,
        proving: bool,
        long: bool,
        target: float | None,
        counted: bool = False,
        started: bool = False,
        presolved: bool = True,
    ) -> pulp.LpSolver:
        seconds = self.seconds
        if seconds is not None and (proving or not self.over()):
            # Where there is no division yet when that part is over, one is looked for to the end.
            seconds = min(seconds, max(0.1, self.left(SEARCHED)))
        if self.solver == "cbc":
            return pulp.COIN_CMD(  # type: ignore[no-untyped-call]
                msg=False, threads=1, gapRel=0.0, gapAbs=gap or None, timeLimit=seconds
            )
        options: dict[str, Any] = {"random_seed": 0}
        if not presolved:
            options["presolve"] = "off"
        if counted:
            options["presolve_rule_off"] = KEEP_COUNTS
        if nodes is not None:
            options["mip_max_nodes"] = nodes
        if proving:  # a good solution is known already
            options["mip_heuristic_effort"] = 0.0
            options["mip_allow_restart"] = long
        if target is not None:
            options["objective_target"] = -target
        return pulp.HiGHS(
            msg=False,
            threads=1,
            gapRel=0.0,
            gapAbs=gap,
            timeLimit=seconds,
            warmStart=started,
            **options,
        )

"""Which solver searches for whole awards, and the limits of one run."""

from dataclasses import dataclass
from typing import Any

import pulp

# Presolve would put the awards back where a count stands: by substitution of free columns (bit 8)
# and of columns that an equation defines (bit 12).
KEEP_COUNTS = 1 << 8 | 1 << 12


@dataclass(frozen=True)
class Backend:
    """Which solver, and how long it may take at most in one run."""

    solver: str = "highs"
    seconds: float | None = None

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
        if self.solver == "cbc":
            return pulp.COIN_CMD(  # type: ignore[no-untyped-call]
                msg=False, threads=1, gapRel=0.0, gapAbs=gap or None, timeLimit=self.seconds
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
            timeLimit=self.seconds,
            warmStart=started,
            **options,
        )

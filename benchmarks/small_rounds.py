"""How long small rounds take in which every person and cent counts: solved to the last point.

    python benchmarks/small_rounds.py [--seeds 1 2 3] [--workers 800] [--features plain pools ...]

Each line is one random round of `tests/optimiser/rounds.py`: seats for a few, a cap per provider
and per edition, a promise, six groups that are covered strictly (fairness 1), and one feature
more. It is solved in this process, so that the CPU seconds are those of the solving alone.
`everything` has give-back for every sector and earmarked pools in one round.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from allocation.optimiser import Problem
from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.stages import order
from tests.optimiser import rounds

FEATURES = ("plain", "pools", "solidarity", "everything", "dear", "parts")


def make(seed: int, workers: int, feature: str) -> Problem:
    """One round; `everything` puts the pools of one round beside the give-back of another."""
    if feature != "everything":
        return rounds.random_round(seed, workers=workers, variant=feature)
    pools = rounds.random_round(seed, workers=workers, variant="pools").pools
    return replace(rounds.random_round(seed, workers=workers, variant="solidarity"), pools=pools)


def measure(problem: Problem, seconds: float) -> tuple[str, float, str]:
    """The outcome, CPU seconds, and gap of value."""
    model, _ = build.build(check(problem))
    begun = time.process_time()
    try:
        outcome = order.solve(model, Backend("highs", seconds), lambda event: None)
    except StoppedEarly as stop:
        return stop.reason, time.process_time() - begun, ""
    value = next(stage for stage in outcome.records if stage.name == "value")
    return "proven", time.process_time() - begun, f"{value.gap:.0e}" if value.gap else "0"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5, 6])
    parser.add_argument("--workers", type=int, default=800)
    parser.add_argument("--features", nargs="+", choices=FEATURES, default=list(FEATURES))
    parser.add_argument("--limit", type=float, default=60, help="seconds of one search")
    chosen = parser.parse_args(arguments)
    print("| seed | rows | feature | outcome | CPU seconds | gap |")
    print("| --- | --- | --- | --- | --- | --- |")
    for feature in chosen.features:
        for seed in chosen.seeds:
            problem = make(seed, chosen.workers, feature)
            outcome, seconds, gap = measure(problem, chosen.limit)
            rows = len(problem.requests)
            print(
                f"| {seed} | {rows} | {feature} | {outcome} | {seconds:.1f} | {gap} |", flush=True
            )


if __name__ == "__main__":
    main()

"""Whether random rounds of 100 to 1,600 rows end, over all features at once, and how soon.

    python benchmarks/endings.py [--rounds 200] [--first 0]

Each round is solved in a process of its own, so that the CPU seconds are those of the solving
alone; a line each, then how many are proven to the last point and person, and the percentiles. A
gap is the largest that a stage of whole awards leaves open by proof, whatever the solver claims.
The rounds are those of `mixed_round` in `tests/optimiser/rounds.py`.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.stages import order
from tests.optimiser import rounds


def measure(seed: int) -> tuple[int, int, str, float, str, str]:
    """Seed, rows, how it ended, CPU seconds, the largest gap, and how lots were settled."""
    problem = check(rounds.mixed_round(seed))
    model, _ = build.build(problem)
    begun = time.process_time()
    spent: dict[str, float] = {}
    last = [begun]

    def note(event: dict[str, object]) -> None:
        now = time.process_time()
        spent[str(event["stage"])] = spent.get(str(event["stage"]), 0.0) + now - last[0]
        last[0] = now

    try:
        outcome = order.solve(model, Backend("highs", 3_000.0), note)
    except StoppedEarly as stop:
        return seed, len(problem.requests), stop.reason, time.process_time() - begun, "", ""
    gap = max(stage.gap for stage in outcome.records if stage.claimed_bound is not None)
    seconds = time.process_time() - begun
    slowest = max(spent, key=lambda name: spent[name])
    where = f"{slowest} {spent[slowest]:.1f}"
    return seed, len(problem.requests), "divided", seconds, f"{gap:.0e}", f"{outcome.lots}, {where}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    chosen = parser.parse_args(arguments)
    seeds = range(chosen.first, chosen.first + chosen.rounds)
    print("| seed | rows | ended | CPU seconds | gap | lots, slowest stage |")
    print("| --- | --- | --- | --- | --- | --- |")
    seconds, proven = [], 0
    context = multiprocessing.get_context("spawn")
    for seed in seeds:
        with context.Pool(1, maxtasksperchild=1) as pool:
            _, rows, how, took, gap, lots = pool.apply(measure, (seed,))
        seconds.append(took)
        proven += gap == "0e+00"
        print(f"| {seed} | {rows} | {how} | {took:.1f} | {gap} | {lots} |", flush=True)
    middle, most = np.percentile(seconds, [50, 95])
    print(f"\n{proven} of {chosen.rounds} proven to the last point and person")
    print(f"median {middle:.1f}, p95 {most:.1f}, most {max(seconds):.1f} CPU seconds")


if __name__ == "__main__":
    main()

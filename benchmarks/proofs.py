"""What certificates prove, and what checking them costs.

    python benchmarks/proofs.py [--sizes 1500 6000 20000]

Per round of `benchmarks/allocate.py`, and per instance of the shared data with up to 2,000 rows:
what was reached, what the solver claims, what the root's multipliers prove alone, what they prove
with the tree, its leaves, and the processor seconds of the verifier, which is one file of plain
Python, beside those of the division.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from allocation.optimiser import Problem, allocate, files
from benchmarks.allocate import cpu_seconds, make_round
from tests.optimiser import folders
from tests.optimiser.everybody import verifier

SHARED = Path(os.environ.get("BUDGETPOOL_SHARED_DATA", Path(__file__).parents[2] / "shared/data"))
MOST_ROWS = 2_000


def problems(sizes: list[int]) -> Iterator[tuple[str, Problem]]:
    for size in sizes:
        yield f"{size:,} requests", make_round(size, coverage=True)
    for folder in sorted((SHARED / "bench").glob("*/")):
        problem = files.read(folder)
        if len(problem.requests) <= MOST_ROWS:
            yield folder.name, problem


def leaves(entry: dict[str, Any]) -> int:
    nodes = entry.get("tree", {}).get("nodes", [])
    return sum("sum" not in node for node in nodes)


def line(name: str, problem: Problem) -> str:
    begun = cpu_seconds()
    found = allocate(problem)
    divided = cpu_seconds() - begun
    assert found.certificate is not None
    with tempfile.TemporaryDirectory() as folder:
        round_ = folders.write(problem, Path(folder) / "round")
        out = Path(folder) / "out"
        out.mkdir()
        files.write(found, out)
        begun = time.process_time()
        report = verifier.report(round_, out)
        checked = time.process_time() - begun
    assert report.found == []
    cells = [name, found.outcome]
    entries = {entry["stage"]: entry for entry in found.certificate["stages"]}
    for stage in found.stages:
        if stage.name in ("value", "people"):
            entry = entries[stage.name]
            alone = entry["bound_numerator"] // entry["denominator"]
            cells += [f"{n:,}" for n in (stage.value, stage.claimed_bound or 0, alone, stage.bound)]
            cells.append(str(leaves(entry)))
    return f"| {' | '.join(cells)} | {divided:.1f} | {checked:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=[1_500, 6_000, 20_000])
    chosen = parser.parse_args()
    heads = ["round", "outcome"]
    for stage in ("value", "people"):
        heads += [stage, "claimed", "by the root", "proven", "leaves"]
    heads += ["divided, CPU s", "verified, CPU s"]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for name, problem in problems(chosen.sizes):
        print(line(name, problem), flush=True)


if __name__ == "__main__":
    main()

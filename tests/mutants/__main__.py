"""Change the source at places drawn by lot, and see whether a test notices.

    uv run --group mutants python -m tests.mutants                    # all packages, some hours
    uv run --group mutants python -m tests.mutants allocation/rounds --sample 20 --seed 7
    uv run --group mutants python -m tests.mutants --refusals         # each `raise` does nothing

cosmic-ray makes the changes, one at a time, in a copy of the tracked files. Against each runs what
the unchanged package's tests are known to touch there, and nothing else. Prints a score with its
interval per package and every change that no test noticed; docs/testing.md keeps them.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path

from tests.mutants import touching, trying
from tests.mutants.changes import Mutation, RefusalTakenOut, refusals
from tests.mutants.drawing import draw

ROOT = Path(__file__).resolve().parents[2]
# Which tests are those of a package.
PACKAGES = {
    "budgetpool/fund": ["tests/fund", "tests/test_guards_stand.py"],
    "allocation/rounds": ["tests/allocation"],
    "allocation/payouts": [
        "tests/payouts",
        "tests/portals/test_treasurer.py",
        "tests/portals/test_worker_paid.py",
    ],
    "allocation/decisions": ["tests/allocation", "tests/payouts"],
    "allocation/optimiser/verify": ["tests/optimiser/test_verify*.py"],
    "budgetpool/bank": ["tests/bank", "tests/employers"],
    "employers/deposits": ["tests/employers"],
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("packages", nargs="*", default=list(PACKAGES), metavar="PACKAGE")
    arguments.add_argument("--sample", type=int, default=50, help="changes per package")
    arguments.add_argument("--refusals", action="store_true", help="take out each refusal instead")
    arguments.add_argument("--seed", type=int, default=2026, help="which changes")
    chosen = arguments.parse_args()
    with copied() as folder, chdir(folder):
        for package in chosen.packages:
            if chosen.refusals:
                changes = refusals(package)
            else:
                changes = [Mutation(spec) for spec in draw(package, chosen.sample, chosen.seed)]
            look_at(package, changes)


@contextmanager
def copied() -> Iterator[Path]:
    """The tracked files in a folder of their own, so that nobody meets a changed source."""
    os.environ.setdefault("BUDGETPOOL_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for name in filter(None, tracked.stdout.split("\0")):
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
        yield Path(folder)


def look_at(package: str, changes: Sequence[Mutation | RefusalTakenOut]) -> None:
    tests = [str(p) for name in PACKAGES[package] for p in sorted(Path().glob(name))]
    touched = touching.learn(package, tests)
    print(f"{package}: {len(changes)} changes, {len(touched.seconds)} tests", flush=True)
    missed = [change for change in changes if not trying.noticed(change, touched)]
    low, high = trying.interval(len(changes) - len(missed), len(changes))
    share = 1 - len(missed) / len(changes)
    print(f"{package}: {share:.0%} noticed (95 %: {low:.0%} to {high:.0%})", flush=True)


if __name__ == "__main__":
    main()

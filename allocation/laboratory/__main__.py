"""One process of the laboratory: python -m allocation.laboratory

Reads the plan as one line of JSON, then a seed per line; writes a line of JSON per step. It knows
no Django. `run.py` starts as many as there are cores.
"""

import json
import os
import sys
from typing import Any

from allocation.laboratory import seeds
from allocation.laboratory.plan import Plan


def main() -> None:
    """Simulate the seeds that come in, until none comes."""
    # The solver greets on the standard output, which is for our lines alone.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**words: Any) -> None:
        print(json.dumps(words), file=answers, flush=True)

    plan = Plan.from_json(sys.stdin.readline())
    for line in sys.stdin:
        seed = int(line)
        found = seeds.simulate(plan, seed, told=lambda: say(step=1))
        say(seed=seed, found=found)


if __name__ == "__main__":
    main()

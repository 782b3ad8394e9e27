"""What each verb takes. Nothing heavy is loaded before a command line is understood."""

from argparse import ArgumentParser
from pathlib import Path

from allocation.optimiser.allowance import DRAWS, MEMORY_BYTES, SECONDS
from allocation.optimiser.verify.words import OPTIMISER, RULES

ROUND = "requests.csv, policy.toml, …"


def allocate(parser: ArgumentParser) -> None:
    """A round, where its division goes, by which rule and how long it may take."""
    parser.add_argument("folder", type=Path, help=ROUND)
    parser.add_argument("--out", type=Path, required=True, help="where the result is written")
    parser.add_argument("--rule", choices=RULES, default=OPTIMISER)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="find what would have changed each refusal, and write it with the reasons",
    )
    parser.add_argument(
        "--events",
        action="store_true",
        help="write progress as lines of JSON on standard error, for other programs",
    )
    parser.add_argument("--solver", choices=["highs", "cbc"], default="highs")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="hard limit of time")
    parser.add_argument(
        "--memory-mb", type=int, default=MEMORY_BYTES // 2**20, help="hard limit of memory"
    )


def odds(parser: ArgumentParser) -> None:
    """A round, where the chances go, and over how many draws."""
    parser.add_argument("folder", type=Path, help=ROUND)
    parser.add_argument("--out", type=Path, required=True, help="the CSV file that is written")
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of the lots to count over")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="hard limit of time")


def verify(parser: ArgumentParser) -> None:
    """A round and its result."""
    parser.add_argument("folder", type=Path, help=f"the input: {ROUND}")
    parser.add_argument("out", type=Path, help="the result: decisions.csv, result.json, …")

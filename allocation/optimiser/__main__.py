"""Divide, check and foretell on files: python -m allocation.optimiser allocate|verify|odds

It knows no Django and starts without the libraries that its verb does not need.
"""

import sys
from argparse import ArgumentParser
from importlib import import_module

from allocation.optimiser import later
from allocation.optimiser.program import arguments as takes

PROGRAM = "allocation.optimiser.program"
VERBS = ("allocate", "verify", "odds")


def main(arguments: list[str]) -> int:
    """Run one verb; returns how the program ends."""
    parser = ArgumentParser(prog="python -m allocation.optimiser", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in VERBS:
        getattr(takes, name)(verbs.add_parser(name))
    options = vars(parser.parse_args(arguments))
    if options["verb"] != "verify":
        later.put_off(*later.UNUSED)
    run = import_module(f"{PROGRAM}.{options['verb']}").run
    ending: int = run(options, say=print, warn=lambda line: print(line, file=sys.stderr))
    return ending


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

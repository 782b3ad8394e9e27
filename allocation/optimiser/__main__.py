"""Divide, check and foretell on files: python -m allocation.optimiser allocate|verify|odds

It knows no Django and starts without the libraries that its verb does not need.
"""

import importlib.util
import sys
from argparse import ArgumentParser
from importlib import import_module

PROGRAM = "allocation.optimiser.program"
VERBS = ("allocate", "verify", "odds")
# scipy asks numpy for all its names, among them a compiler for Fortran and its tests' tools,
# which take a third of the start and are never used here.
UNUSED = ("numpy.f2py", "numpy.testing")


def main(arguments: list[str]) -> int:
    """Run one verb; returns how the program ends."""
    verb = arguments[0] if arguments else ""
    parser = ArgumentParser(prog="python -m allocation.optimiser", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    if verb in ("allocate", "odds"):
        _put_off(*UNUSED)
    for name in VERBS:
        one = verbs.add_parser(name)
        if name == verb:
            import_module(f"{PROGRAM}.{name}").add_arguments(one)
    options = vars(parser.parse_args(arguments))
    run = import_module(f"{PROGRAM}.{options['verb']}").run
    ending: int = run(options, say=print, warn=lambda line: print(line, file=sys.stderr))
    return ending


def _put_off(*modules: str) -> None:
    """Load these modules only when the first of their names is asked for."""
    for name in modules:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or name in sys.modules:
            continue
        spec.loader = importlib.util.LazyLoader(spec.loader)
        lazy = importlib.util.module_from_spec(spec)
        sys.modules[name] = lazy
        parent, _, own = name.rpartition(".")
        setattr(sys.modules[parent], own, lazy)
        spec.loader.exec_module(lazy)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

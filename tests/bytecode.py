"""Keep compiled modules, on a machine that was told to write none beside the sources.

Many containers set PYTHONDONTWRITEBYTECODE. Then each worker compiles every library and every test
anew, and so does each program that a test starts: in all a minute of a processor. So the tests keep
what is compiled in pytest's cache folder, for themselves and for what they start.
"""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".pytest_cache" / "bytecode"


def keep() -> None:
    if sys.dont_write_bytecode and not sys.flags.ignore_environment:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(FOLDER)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

"""Modules that are put off: looking at them loads nothing, using them loads all."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOK = """
import sys
from allocation.optimiser import later
later.put_off("numpy.f2py", "numpy.testing", "numpy.no_such_part")
import numpy, scipy.sparse
parts = [sys.modules[name] for name in ("numpy.f2py", "numpy.testing")]
for part in parts:  # as tools do that walk through all modules
    part.__name__, part.__file__, part.__spec__, part.__loader__, part.__doc__, repr(part)
    getattr(part, "__warningregistry__", None)
waiting = [type(part).__name__ for part in parts]
assert waiting == ["_Later", "_Later"], waiting
assert not any(name.startswith("numpy.f2py.") for name in sys.modules)
from numpy.testing import assert_equal
assert_equal(1, 1)
assert type(numpy.testing).__name__ == "module"
assert numpy.testing is parts[1]
try:
    numpy.testing.no_such_name
except AttributeError:
    print("good")
"""


def test_looking_at_a_module_that_was_put_off_loads_nothing_and_using_it_loads_it():
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "good\n", done.stderr

"""Heavy libraries, loaded when somebody first uses them.

Drawing a PDF, reading a spreadsheet or dividing a round needs libraries that take longer to load
than all the rest together. A web process that shows pages, a nightly command and `manage.py check`
need none of them. So who uses such a library names it here, at the top of the file as ever:

    if TYPE_CHECKING:
        import pandas as pd
    else:
        pd = lazily.module("pandas")
"""

import importlib.util
import sys
from types import ModuleType


def module(name: str) -> ModuleType:
    """A module that is loaded when the first of its names is asked for.

    Raises:
        ModuleNotFoundError: it is not installed; said at once, not at the first use.
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    loader = importlib.util.LazyLoader(spec.loader)
    spec.loader = loader
    lazy = importlib.util.module_from_spec(spec)
    sys.modules[name] = lazy
    loader.exec_module(lazy)
    return lazy

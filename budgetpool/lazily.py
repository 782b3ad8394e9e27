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
import threading
from types import ModuleType
from typing import Any


class Waiting(ModuleType):
    """A module that has a name and a file, and gets the rest when somebody asks for it.

    Tools walk through every module that there is and look at its name, its file and its spec. That
    loads nothing here, other than with `importlib.util.LazyLoader`; so a library that this machine
    cannot load disturbs nobody who does not use it. Its path is kept back, because who asks for a
    part of a package needs the package first.
    """

    def __getattr__(self, name: str) -> Any:
        if name == "__warningregistry__":  # asked of every module by who collects warnings
            raise AttributeError(name)
        state = self.__spec__.loader_state  # type: ignore[union-attr]
        with state["lock"]:
            if name not in self.__dict__ and not state["loading"]:
                self._load(state)
        return ModuleType.__getattribute__(self, name)

    def _load(self, state: dict[str, Any]) -> None:
        before = dict(self.__dict__)
        state["loading"] = True
        self.__dict__.update(state["kept_back"])
        try:
            self.__spec__.loader.exec_module(self)  # type: ignore[union-attr]
        except BaseException:  # the next who asks tries anew, and is told the same
            self.__dict__.clear()
            self.__dict__.update(before)
            state["loading"] = False
            raise
        self.__class__ = ModuleType  # type: ignore[assignment]


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
    lazy = importlib.util.module_from_spec(spec)
    kept_back = {key: lazy.__dict__.pop(key) for key in ["__path__"] if key in lazy.__dict__}
    spec.loader_state = {"lock": threading.RLock(), "loading": False, "kept_back": kept_back}
    lazy.__class__ = Waiting
    sys.modules[name] = lazy
    return lazy

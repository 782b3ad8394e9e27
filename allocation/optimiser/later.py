"""Modules that a library names at its start and that are never used here, loaded when they are.

scipy asks numpy for all its names, among them a compiler for Fortran and its tests' tools. These
take a third of the start of a division. PuLP brings what reads the logs of every solver, which is
as much again of the start of a host.
"""

import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

UNUSED = ("numpy.f2py", "numpy.testing", "orloge")


class _Later(ModuleType):
    """A module with a name, a file and a spec, which gets the rest when somebody asks for it.

    Tools walk through all modules and look at those three: that loads nothing, other than with
    `importlib.util.LazyLoader`. The path of a package is kept back: who asks for a part of it
    needs the package first.
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


def put_off(*names: str) -> None:
    """Load these modules only when the first of their names is asked for.

    One that is loaded already, or not installed, stays as it is.
    """
    for name in names:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or name in sys.modules:
            continue
        module = importlib.util.module_from_spec(spec)
        kept_back = {key: module.__dict__.pop(key) for key in ["__path__"] if key in vars(module)}
        spec.loader_state = {"lock": threading.RLock(), "loading": False, "kept_back": kept_back}
        module.__class__ = _Later
        sys.modules[name] = module
        parent, _, own = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own, module)

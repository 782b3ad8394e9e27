"""A fair, exact division of a round's money; pure: pandas in, pandas out, no Django.

The one door is `allocate(problem) -> Allocation`. Names are loaded when they are first used: the
process that solves needs no pandas, and starts in half the time without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocation.optimiser.inputs.clauses import Cap, Floor, PartAwards, Solidarity
    from allocation.optimiser.inputs.policy import Policy
    from allocation.optimiser.inputs.problem import Problem
    from allocation.optimiser.results.allocation import Allocation

    from .division import allocate
    from .errors import Fault, InvalidInput, OptimiserError, StoppedEarly
    from .records import Stage

__all__ = [
    "Allocation",
    "Cap",
    "Fault",
    "Floor",
    "InvalidInput",
    "OptimiserError",
    "PartAwards",
    "Policy",
    "Problem",
    "Solidarity",
    "Stage",
    "StoppedEarly",
    "allocate",
]

_HOMES = {
    "inputs.clauses": ["Cap", "Floor", "PartAwards", "Solidarity"],
    "division": ["allocate"],
    "errors": ["Fault", "InvalidInput", "OptimiserError", "StoppedEarly"],
    "inputs.policy": ["Policy"],
    "inputs.problem": ["Problem"],
    "records": ["Stage"],
    "results.allocation": ["Allocation"],
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(name)

"""A fair, exact division of a round's money; pure: pandas in, pandas out, no Django.

The one door is `allocate(problem) -> Allocation`.
"""

from .division import allocate
from .errors import Fault, InvalidInput, OptimiserError, StoppedEarly
from .policy import Cap, Floor, PartAwards, Policy, Solidarity
from .problem import Problem
from .result import Allocation, Stage

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

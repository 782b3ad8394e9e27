"""The rules that are tried beside one another on the same people.

`optimiser` is the policy that is tried. The others are what funds do today, each as it was: without
the policy's caps and promises, which those schemes had not.
"""

from collections.abc import Callable
from dataclasses import replace

from allocation.laboratory.people import Integers
from allocation.laboratory.plan import OPTIMISER
from allocation.optimiser import Problem, trial
from allocation.optimiser.baselines import rules as baselines
from allocation.optimiser.inputs.problem import check


def divide(rule: str, problem: Problem) -> Integers:
    """Cents per row of the requests that a rule awards, 0 for a refusal."""
    if rule == OPTIMISER:
        return trial.divide(problem)
    bare = replace(problem.policy, caps=(), floors=(), solidarity=None)
    divided: Callable[[Problem], tuple[Integers, list[str]]] = baselines.RULES[rule]
    return divided(check(replace(problem, policy=bare, contributions=None)))[0]

"""The form of a certificate: its keys, what it proves, and the plain checks of its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .bounds import Bounder, Weights
from .round import Round
from .words import Findings, Malformed

STAGE = {
    "stage",
    "objective",
    "denominator",
    "constant",
    "multipliers",
    "kept",
    "bound_numerator",
    "bound",
}
LEAF = {"multipliers", "charges", "cuts", "nothing_fits", "objective"}
CERTIFICATE = ("format", "snapshot_sha256", "policy_sha256", "given", "withheld", "stages")


@dataclass
class Proven:
    """What a certificate proves.

    Args:
        sums: stage -> (reached, bound) of the stages that raise a sum.
        levels: stage of a level -> its share.
        kept: cents that each promise keeps; targets: people that each group is to have.
        open_: stages that claim that nothing keeps more, and do not prove it.
        value: weights and denominator of the value stage.
    """

    sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    levels: dict[str, Fraction] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    open_: list[str] = field(default_factory=list)
    value: tuple[Weights, int, int] | None = None


def weights_of(stage: dict[str, Any], *, constant: int = 0, fractions: bool = False) -> Weights:
    """Objective, multipliers and kept of a stage."""
    return Weights(stage["objective"], stage["multipliers"], stage["kept"], constant, fractions)


def constant_of(objective: dict[str, int], denominator: int, required: dict[str, int]) -> int:
    """The lesser of a goal and of what is required: at most w of the one, 1 − w of the other."""
    return sum((denominator - objective.get(goal, 0)) * n for goal, n in required.items())


def stage_name(stage: Any) -> str:
    """What a stage is called; nothing where it is no table."""
    return str(stage.get("stage")) if isinstance(stage, dict) else ""


def whole_number(table: dict[str, Any], key: str) -> int:
    """A number of the certificate.

    Raises:
        Malformed: it is none, or absent.
    """
    number = table.get(key)
    if type(number) is not int:
        raise Malformed(key)
    return number


def whole_numbers(table: dict[str, Any], key: str) -> dict[str, int]:
    """A table of numbers by name.

    Raises:
        Malformed: it is none.
    """
    numbers = table.get(key)
    if not isinstance(numbers, dict) or any(type(n) is not int for n in numbers.values()):
        raise Malformed(key)
    return numbers


def only_keys(
    table: dict[str, Any],
    always: Iterable[str],
    sometimes: Iterable[str],
    where: str,
    findings: Findings,
) -> None:
    """Exactly these keys: what is missing or unknown is named."""
    for key in sorted(set(table) - set(always) - set(sometimes)):
        findings.add("unknown_key", where=where, key=key)
    for key in sorted(set(always) - set(table)):
        findings.add("unknown_key", where=where, key=key, missing=True)


@dataclass
class Ground:
    """What every stage is checked against, and where findings go."""

    round: Round
    bounder: Bounder
    findings: Findings

    def names(self, stage: str, numbers: dict[str, int]) -> None:
        """Every name is a limit or goal of this round, and no number is below zero."""
        for limit, number in numbers.items():
            if limit not in self.bounder.names and limit != "people":
                self.findings.add("unknown_limit", stage=stage, limit=limit)
            if number < 0:
                self.findings.add("negative_multiplier", stage=stage, limit=limit)

    def capped(
        self, name: str, objective: dict[str, int], most: int, required: dict[str, int]
    ) -> None:
        """Weights of goals that count up to what is required: from 0 to the denominator."""
        if not required.keys() >= objective.keys() or any(n > most for n in objective.values()):
            self.findings.add("objective_differs", stage=name, objective=objective)

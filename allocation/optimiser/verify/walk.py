"""The walk through a certificate's stages in their order, and the bound that each proves."""

from collections import deque
from fractions import Fraction
from typing import Any

from .bounds import Bounder, Weights
from .decisions import Reached
from .form import (
    STAGE,
    Ground,
    Proven,
    constant_of,
    only_keys,
    stage_name,
    weights_of,
    whole_number,
    whole_numbers,
)
from .round import Round
from .tree import Tree
from .words import Findings, Malformed


class Walk:
    """Where a reader of the certificate is, and what is proven and kept so far.

    Attributes:
        proven: what the stages prove; `proven.kept` is what the floors and give-back keep.
        sizes, levels: goal -> what its share is a share of, and the share it is fixed at.
        traded: goals whose level is held down by what floors or other contributors keep.
    """

    def __init__(
        self, round_: Round, reached: Reached, stages: list[Any], findings: Findings
    ) -> None:
        self.round, self.reached, self.findings = round_, reached, findings
        self.stages = deque(stages)
        self.ground = Ground(round_, Bounder(round_), findings)
        self.proven = Proven()
        self.kept = self.proven.kept
        self.sizes: dict[str, int] = {}
        self.levels: dict[str, Fraction] = {}
        self.traded: set[str] = set()
        self.awarded = dict(zip(round_.groups, reached.awarded, strict=True))

    def ended(self) -> None:
        """Nothing may be left."""
        if self.stages:
            names = [stage_name(stage) for stage in self.stages]
            self.findings.add("stages_differ", stated=names)

    def next(self) -> str:
        return stage_name(self.stages[0]) if self.stages else ""

    def next_has_objective(self) -> bool:
        """Whether the next stage has something to prove."""
        return bool(
            self.stages and isinstance(self.stages[0], dict) and self.stages[0].get("objective")
        )

    def take(self, name: str, *extra: str, sometimes: tuple[str, ...] = ()) -> dict[str, Any]:
        """The next stage, which has to be this one."""
        if self.next() != name:
            self.findings.add("stages_differ", stated=self.next(), recomputed=name)
            raise Malformed(f"stages, {name}")
        stage: dict[str, Any] = self.stages.popleft()
        self.proven.order.append(name)
        only_keys(stage, {*STAGE, *extra}, sometimes, name, self.findings)
        if not {*STAGE, *extra} <= stage.keys():
            raise Malformed(name)
        for key in ("constant", "bound_numerator", "bound", *({"reached"} & set(extra))):
            whole_number(stage, key)
        if whole_number(stage, "denominator") < 1:
            raise Malformed(f"{name}, denominator")
        for key in ("objective", "multipliers", "kept"):
            self.ground.names(name, whole_numbers(stage, key))
        return stage

    def nothing_to_prove(self, stage: dict[str, Any], reached: int) -> None:
        empty = not (stage["multipliers"] or stage["kept"] or stage["constant"] or "tree" in stage)
        if not empty or stage["bound_numerator"] != stage["denominator"] * reached:
            self.findings.add("objective_differs", stage=stage["stage"])
        self.findings.expect(
            "bound_differs", stage=stage["stage"], stated=stage["bound"], recomputed=reached
        )

    def nothing_keeps(self, name: str, kept: dict[str, int], least: int) -> None:
        """No division keeps more than what is kept, so that `least` is the least."""
        stage = self.take(name, "reached", sometimes=("tree",))
        self.findings.expect(
            "reached_differs", stage=name, stated=stage["reached"], recomputed=least
        )
        if self.proven_bound(stage, {}, kept, -1) >= 0:
            self.proven.open_.append(name)

    def raise_sum(
        self,
        name: str,
        reached: int,
        kept: dict[str, int],
        required: dict[str, int] | None = None,
    ) -> None:
        """A stage that raises a sum: value, people, or people of groups up to their targets."""
        stage = self.take(name, "reached", sometimes=("tree",))
        self.findings.expect(
            "reached_differs", stage=name, stated=stage["reached"], recomputed=reached
        )
        objective = None if required else {name: stage["denominator"]}
        bound = self.proven_bound(stage, objective, kept, reached, required)
        if required:
            bound = min(bound, sum(required.values()))
        self.proven.sums[name] = (reached, bound)

    def proven_bound(
        self,
        stage: dict[str, Any],
        objective: dict[str, int] | None,
        kept: dict[str, int],
        reached: int,
        required: dict[str, int] | None = None,
    ) -> int:
        """The bound of a stage, by its multipliers and its tree.

        Args:
            objective: what it has to be; None where `required` says what counts at most.
        """
        name, denominator = stage["stage"], stage["denominator"]
        if required:
            self.ground.capped(name, stage["objective"], denominator, required)
            constant = constant_of(stage["objective"], denominator, required)
        else:
            constant = 0
            if stage["objective"] != objective:
                self.findings.add("objective_differs", stage=name, objective=stage["objective"])
        self.findings.expect(
            "bound_differs",
            stage=name,
            figure="constant",
            stated=stage["constant"],
            recomputed=constant,
        )
        self.check_kept(stage, stage["kept"], kept)
        weights = weights_of(stage, constant=constant)
        numerator = self.root(stage, weights)
        whole = self.ground.bounder.whole
        bound = self.ground.bounder.bound(weights, numerator, denominator, whole)
        if name == "value":
            self.proven.value = (weights, denominator, numerator)
        if "tree" in stage:
            step = whole.units.get(name, 1) if objective and not constant else 1
            settled = (weights, denominator, reached + step, name)
            if name == "people":
                assert self.proven.value is not None
                settled = (*self.proven.value[:2], self.reached.value, "value")
            tree = Tree(self.ground, stage, weights, settled, required)
            bound = min(bound, max(reached, tree.bound()))
        stated = stage["bound"]
        self.findings.expect("bound_differs", stage=name, stated=stated, recomputed=bound)
        if reached > bound:
            self.findings.add("bound_passed", stage=name, reached=reached, bound=bound)
        return bound

    def root(self, stage: dict[str, Any], weights: Weights) -> int:
        numerator = self.ground.bounder.numerator(weights)
        self.findings.expect(
            "bound_differs",
            stage=stage["stage"],
            figure="bound_numerator",
            stated=stage["bound_numerator"],
            recomputed=numerator,
        )
        return numerator

    def check_kept(
        self, stage: dict[str, Any], stated: dict[str, int], expected: dict[str, int]
    ) -> None:
        """What is kept must be what was reached; a promise of nothing may be left out."""
        for limit in sorted(stated.keys() | expected.keys()):
            if stated.get(limit, 0) != expected.get(limit, 0):
                self.findings.add(
                    "kept_differs",
                    stage=stage["stage"],
                    limit=limit,
                    stated=stated.get(limit, 0),
                    recomputed=expected.get(limit, 0),
                )

"""Is the certificate what it claims to be? Stage by stage, from its page in docs/."""

from fractions import Fraction
from typing import Any

from .bounds import MILLION, Bounder, Weights
from .findings import Findings
from .model import Promise, Round
from .reached import Reached

FORMAT = "budgetpool-certificate-1"


class Malformed(Exception):
    """A stage lacks a field, or holds something that is no whole number."""


def check(
    round_: Round, reached: Reached, certificate: dict[str, Any], findings: Findings
) -> tuple[list[dict[str, Any]], dict[str, int] | None]:
    """Check the certificate's stages against the input and the decisions.

    Returns:
        The stages and the people that each group is to have, for comparison with
        `result.json`; nothing when the certificate is not well-formed.
    """
    stages = certificate.get("stages")
    if certificate.get("format") != FORMAT or not isinstance(stages, list):
        findings.add("certificate_malformed", where="format, stages")
        return [], None
    for name in ("given", "withheld"):
        stated = certificate.get(name)
        expected = sorted(getattr(round_.inputs, name))
        findings.expect("figure_differs", figure=name, stated=stated, recomputed=expected)
    if not _names_fit(round_, stages, findings):
        return [], None
    checker = _Stages(round_, reached, findings)
    for stage in stages:
        try:
            checker.check(stage)
        except Malformed as fault:
            findings.add("certificate_malformed", stage=stage["stage"], where=fault)
            return [], None
    checker.check_groups()
    return stages, checker.targets()


def _names_fit(round_: Round, stages: list[Any], findings: Findings) -> bool:
    """The stages of the policy in their order; as many coverage levels as there are."""
    names = [stage.get("stage") if isinstance(stage, dict) else None for stage in stages]
    levels = [name for name in names if str(name).startswith("coverage:")]
    policy = round_.inputs.policy
    expected = [f"floor:{floor['name']}" for floor in policy["floor"]]
    expected += ["give_back"] if round_.give_back is not None else []
    expected += [f"coverage:{level}" for level in range(1, len(levels) + 1)]
    expected += ["value", "people"]
    covered = bool(levels) or not round_.groups or policy["fairness"] == 0
    if names != expected or not covered:
        findings.add("stages_differ", stated=names, recomputed=expected)
        return False
    return True


class _Stages:
    def __init__(self, round_: Round, reached: Reached, findings: Findings) -> None:
        self.round, self.reached, self.findings = round_, reached, findings
        self.bounder = Bounder(round_)
        self.kept: dict[str, int] = {}
        self.free = set(round_.groups)
        self.levels: dict[str, Fraction] = {}

    def check(self, stage: dict[str, Any]) -> None:
        """Check one stage, then keep what it reached for those that follow."""
        name = stage["stage"]
        self._check_multipliers(stage, name)
        kind = name.split(":")[0]
        if kind == "floor":
            floor = next(f for f in self.round.floors if f.names == [name])
            number = self.round.floors.index(floor)
            self._check_promise(stage, floor, [self.reached.floors[number]])
        elif kind == "give_back":
            assert self.round.give_back is not None
            self._check_promise(stage, self.round.give_back, self.reached.give_back)
        elif kind == "coverage":
            self._check_level(stage)
        else:
            self._check_sum(stage, name)

    def _check_multipliers(self, stage: dict[str, Any], name: str) -> None:
        for field in ("constant", "bound_numerator", "bound"):
            _whole(stage, field)
        if _whole(stage, "denominator") < 1:
            raise Malformed("denominator")
        for field in ("objective", "multipliers", "kept"):
            for limit, number in _wholes(stage, field).items():
                known = self.bounder.names | ({"people"} if field == "objective" else set())
                if limit not in known:
                    self.findings.add("unknown_limit", stage=name, limit=limit)
                if number < 0:
                    self.findings.add("negative_multiplier", stage=name, limit=limit)

    def _check_promise(self, stage: dict[str, Any], promise: Promise, sums: list[int]) -> None:
        """A floor, or give-back: as much of what is required as can be."""
        name, denominator = stage["stage"], _whole(stage, "denominator")
        objective = _wholes(stage, "objective")
        parts = [min(r, s) for r, s in zip(promise.required, sums, strict=True)]
        reached, required = sum(parts), sum(promise.required)
        self.findings.expect(
            "reached_differs", stage=name, stated=stage.get("reached"), recomputed=reached
        )
        if not objective:
            fields = (_wholes(stage, "multipliers"), _whole(stage, "bound_numerator"))
            if fields != ({}, denominator * required) or reached < required:
                self.findings.add("objective_differs", stage=name)
            self.findings.expect(
                "bound_differs", stage=name, stated=stage.get("bound"), recomputed=required
            )
        else:
            if name == "give_back":
                fits = all(objective.get(part, 0) <= denominator for part in promise.names)
                fits &= set(objective) <= set(promise.names)
                constant = sum(
                    (denominator - objective.get(part, 0)) * due
                    for part, due in zip(promise.names, promise.required, strict=True)
                )
            else:
                fits, constant = objective == {name: denominator}, 0
            if not fits:
                self.findings.add("objective_differs", stage=name, objective=objective)
            self._check_kept(stage, self.kept)
            bound = self._check_bound(stage, constant)
            if reached > bound:
                self.findings.add("bound_passed", stage=name, reached=reached, bound=bound)
        self.kept.update(zip(promise.names, parts, strict=True))

    def _check_level(self, stage: dict[str, Any]) -> None:
        """A level of coverage: the highest share that all groups left can have."""
        name, objective = stage["stage"], _wholes(stage, "objective")
        policy, applying = self.round.inputs.policy, self._applying()
        cap = policy["coverage_cap"]
        blocked = stage.get("blocked")
        if not isinstance(blocked, list) or not blocked:
            raise Malformed("blocked")
        if not objective:
            level = cap
            stated = _fraction(stage)
            self.findings.expect("level_differs", stage=name, stated=stated, recomputed=cap)
            if set(blocked) != self.free or _wholes(stage, "multipliers"):
                self.findings.add("blocked_unproven", stage=name, groups=blocked)
        else:
            numerator = self._check_bound_numerator(stage, 0)
            weighted = sum(
                number * applying.get(limit.removeprefix("coverage:"), 0)
                for limit, number in objective.items()
            )
            groups = {limit.removeprefix("coverage:") for limit, c in objective.items() if c > 0}
            if not groups <= self.free or weighted <= 0:
                self.findings.add("objective_differs", stage=name, objective=objective)
                return
            level = Fraction(numerator, weighted)
            stated = _fraction(stage)
            self.findings.expect("level_differs", stage=name, stated=stated, recomputed=level)
            self._check_kept_levels(stage)
            if not set(blocked) <= groups:
                self.findings.add("blocked_unproven", stage=name, groups=blocked)
        for group in blocked:
            if group not in self.free:
                self.findings.add("groups_differ", stage=name, group=group)
            self.free.discard(group)
            self.levels[group] = level

    def check_groups(self) -> None:
        """Every group has its level."""
        if self.levels and self.free:
            self.findings.add("groups_differ", group=sorted(self.free))

    def targets(self) -> dict[str, int]:
        """People that each group is to have: ⌊fairness × level × applying⌋."""
        fairness, applying = self.round.inputs.policy["fairness"], self._applying()
        return {
            group: int(fairness * level * applying[group])
            for group, level in self.levels.items()
            if group in applying
        }

    def _check_sum(self, stage: dict[str, Any], name: str) -> None:
        """Value, or people: a plain sum."""
        reached = self.reached.value if name == "value" else self.reached.people
        awarded = dict(zip(self.round.groups, self.reached.awarded, strict=True))
        kept = dict(self.kept)
        for group, target in self.targets().items():
            kept[f"coverage:{group}"] = min(target, awarded[group])
        if name == "people":
            kept["value"] = self.reached.value
        denominator = _whole(stage, "denominator")
        if _wholes(stage, "objective") != {name: denominator}:
            self.findings.add("objective_differs", stage=name, objective=stage["objective"])
        self.findings.expect(
            "reached_differs", stage=name, stated=stage.get("reached"), recomputed=reached
        )
        self._check_kept(stage, kept)
        bound = self._check_bound(stage, 0)
        if reached > bound:
            self.findings.add("bound_passed", stage=name, reached=reached, bound=bound)

    def _check_kept(self, stage: dict[str, Any], expected: dict[str, int]) -> None:
        """What is kept must be what was reached; a promise of nothing may be left out."""
        stated = {limit: number for limit, number in _wholes(stage, "kept").items() if number}
        needed = {limit: number for limit, number in expected.items() if number}
        if stated != needed:
            odd = sorted(
                limit
                for limit in stated.keys() | needed.keys()
                if stated.get(limit, 0) != needed.get(limit, 0)
            )
            for limit in odd:
                self.findings.add(
                    "kept_differs",
                    stage=stage["stage"],
                    limit=limit,
                    stated=stated.get(limit, 0),
                    recomputed=needed.get(limit, 0),
                )

    def _check_kept_levels(self, stage: dict[str, Any]) -> None:
        """A level keeps the promises exactly, and each blocked group at most at its own level."""
        kept, applying = _wholes(stage, "kept"), self._applying()
        promises = {k: v for k, v in kept.items() if not k.startswith("coverage:")}
        self._check_kept({**stage, "kept": promises}, self.kept)
        for limit in kept.keys() - promises.keys():
            group = limit.removeprefix("coverage:")
            level = self.levels.get(group, Fraction(0))
            most = int(level * applying.get(group, 0) * MILLION)
            if kept[limit] > most:
                self.findings.add(
                    "kept_differs",
                    stage=stage["stage"],
                    limit=limit,
                    stated=kept[limit],
                    recomputed=most,
                )

    def _check_bound(self, stage: dict[str, Any], constant: int) -> int:
        bound = self._check_bound_numerator(stage, constant) // _whole(stage, "denominator")
        self.findings.expect(
            "bound_differs", stage=stage["stage"], stated=stage.get("bound"), recomputed=bound
        )
        return bound

    def _check_bound_numerator(self, stage: dict[str, Any], constant: int) -> int:
        self.findings.expect(
            "bound_differs",
            stage=stage["stage"],
            figure="constant",
            stated=stage.get("constant"),
            recomputed=constant,
        )
        weights = Weights(
            objective=_wholes(stage, "objective"),
            multipliers=_wholes(stage, "multipliers"),
            kept=_wholes(stage, "kept"),
            constant=constant,
            coverage_in_millionths=stage["stage"].startswith("coverage:"),
        )
        numerator = self.bounder.numerator(weights)
        self.findings.expect(
            "bound_differs",
            stage=stage["stage"],
            figure="bound_numerator",
            stated=stage.get("bound_numerator"),
            recomputed=numerator,
        )
        return numerator

    def _applying(self) -> dict[str, int]:
        return dict(zip(self.round.groups, self.round.applying, strict=True))


def _whole(stage: dict[str, Any], field: str) -> int:
    number = stage.get(field)
    if type(number) is not int:
        raise Malformed(field)
    return number


def _wholes(stage: dict[str, Any], field: str) -> dict[str, int]:
    table = stage.get(field)
    if not isinstance(table, dict) or any(type(number) is not int for number in table.values()):
        raise Malformed(field)
    return table


def _fraction(stage: dict[str, Any]) -> Fraction:
    pair = stage.get("level")
    if not isinstance(pair, list) or len(pair) != 2 or any(type(n) is not int for n in pair):
        raise Malformed("level")
    if pair[1] <= 0:
        raise Malformed("level")
    return Fraction(pair[0], pair[1])

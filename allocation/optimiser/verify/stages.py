"""The stages of a certificate, in the order of the policy."""

from typing import Any

from .decisions import Reached
from .form import CERTIFICATE, Proven, only_keys
from .fractions import Witness
from .give_back import GiveBack
from .levels import Levels, Leximin
from .round import Limit, Round
from .walk import Walk
from .words import FORMAT, Findings, Malformed, open_people


def check_certificate(
    round_: Round, reached: Reached, certificate: dict[str, Any], findings: Findings
) -> Proven | None:
    """Check the certificate's stages against the input and the decisions; None: malformed."""
    try:
        stages = certificate.get("stages")
        if certificate.get("format") != FORMAT or not isinstance(stages, list):
            raise Malformed("format, stages")
        only_keys(certificate, CERTIFICATE, (), "certificate.json", findings)
        for name, ids in (("given", round_.files.given), ("withheld", round_.files.withheld)):
            findings.figure(f"certificate.{name}", certificate.get(name), sorted(ids))
        return Stages(round_, reached, stages, findings).check()
    except (Malformed, KeyError, TypeError, ValueError, AttributeError) as fault:
        findings.add("certificate_malformed", where=fault)
        return None


class Stages:
    """Who waits, floors, give-back, coverage, value, people; each keeps the earlier ones."""

    def __init__(
        self, round_: Round, reached: Reached, stages: list[Any], findings: Findings
    ) -> None:
        self.walk = Walk(round_, reached, stages, findings)

    def check(self) -> Proven:
        """Go through all of them.

        Raises:
            Malformed: a stage is not of the documented form.
        """
        walk, round_ = self.walk, self.walk.round
        blocks: list[Levels] = []
        back: GiveBack | None = None
        for waiting in round_.waiting:
            self._floor(waiting, first=True)
        for number, floor in enumerate(round_.floors):
            self._floor(floor, first=not number and not round_.waiting)
        if round_.give_back and any(round_.give_back.rhs):
            due = zip(round_.give_back.names, round_.give_back.rhs, strict=True)
            blocks.append(Leximin(walk).read("give_back", {name: n for name, n in due if n}))
            back = GiveBack(walk, round_.give_back)
            back.keep()
        if round_.groups and round_.policy["fairness"] > 0:
            people = zip(round_.groups, round_.applying, strict=True)
            sizes = {f"coverage:{group}": n for group, n in people}
            blocks.append(Leximin(walk).read("coverage", sizes))
            self._targets()
            self._short_of_people()
        Witness(walk, back).check(blocks)
        kept = dict(walk.kept)
        for group, target in walk.proven.targets.items():
            kept[f"coverage:{group}"] = min(target, walk.awarded[group])
        if round_.unchanged:
            kept["unchanged"] = self._unchanged(round_.unchanged, kept)
        walk.raise_sum("value", walk.reached.value, kept)
        walk.raise_sum("people", walk.reached.people, kept | {"value": walk.reached.value})
        walk.ended()
        return walk.proven

    def _floor(self, floor: Limit, *, first: bool) -> None:
        """As much of what is required as can be."""
        (name,), (required,) = floor.names, floor.rhs
        stage = self.walk.take(name, "reached", sometimes=("tree",))
        total = self.walk.reached.of(floor)[0]
        reached = min(required, total)
        self.walk.findings.expect(
            "reached_differs", stage=name, stated=stage["reached"], recomputed=reached
        )
        if stage["objective"] or reached < required:
            bound = self.walk.proven_bound(
                stage, {name: stage["denominator"]}, self.walk.kept, reached
            )
        else:
            self.walk.nothing_to_prove(stage, required)
            bound = required
        self.walk.proven.sums[name] = (reached, min(required, bound))
        if reached < required and not floor.counts:
            self.walk.proven.causes[name] = self._cause(floor, reached, first=first)
        self.walk.kept[name] = reached

    def _unchanged(self, promise: Limit, kept: dict[str, int]) -> int:
        """As many people as are asked for keep what they had; no division has more of them."""
        (name,), (required,), walk = promise.names, promise.rhs, self.walk
        reached = min(required, walk.reached.of(promise)[0])
        if reached < required or walk.next_has_objective():
            walk.raise_sum(name, reached, kept)
            _, bound = walk.proven.sums[name]
        else:
            stage = walk.take(name, "reached")
            walk.findings.expect(
                "reached_differs", stage=name, stated=stage["reached"], recomputed=reached
            )
            walk.nothing_to_prove(stage, required)
            bound = required
        walk.proven.sums[name] = (reached, min(required, bound))
        walk.kept[name] = reached
        return reached

    def _cause(self, floor: Limit, reached: int, *, first: bool) -> str:
        """Nobody asks for so much, limits forbid it, or an earlier floor took it."""
        (name,), (required,) = floor.names, floor.rhs
        asked = 0
        for _, slots, capacity, _, _ in self.walk.ground.bounder.whole.ways:
            most = [
                max((o.amount for o in slot if floor.codes[o.row] == 0), default=0)
                for slot in slots
            ]
            asked += max(most) * capacity
        if asked + self.walk.ground.bounder.whole.base.get(name, 0) < required:
            return "impossible_demand"
        if first:
            return "impossible_limits"
        alone = self.walk.take(f"alone:{name}", sometimes=("tree",))
        bound = self.walk.proven_bound(alone, {name: alone["denominator"]}, {}, reached)
        return "traded" if min(required, bound) > reached else "impossible_limits"

    def _targets(self) -> None:
        """People that each group is to have: ⌊fairness × level × applying⌋."""
        fairness = self.walk.round.policy["fairness"]
        for goal, level in self.walk.levels.items():
            if goal.startswith("coverage:"):
                group = goal.removeprefix("coverage:")
                self.walk.proven.targets[group] = int(fairness * level * self.walk.sizes[goal])

    def _short_of_people(self) -> None:
        """Where whole people cannot meet all targets: how many are missing, and why no fewer."""
        targets = self.walk.proven.targets
        short = {
            g: n - self.walk.awarded[g] for g, n in targets.items() if n > self.walk.awarded[g]
        }
        stated = self.walk.round.files.result.get("people_short")
        if self.walk.next() not in ("coverage:most", "coverage:people"):
            if stated is not None:
                self.walk.findings.figure("people_short", stated, None)
            self._rounded(short)
            return
        most = stated.get("most") if isinstance(stated, dict) else None
        if type(most) is not int or most < 1 or not isinstance(stated, dict):
            self.walk.findings.figure(
                "people_short", stated, {"most": 1, "total": sum(short.values())}
            )
            raise Malformed("people_short")
        expected = {"most": most, "total": sum(short.values())}
        self.walk.findings.figure("people_short", stated, expected)
        if max(short.values(), default=0) > most:
            self.walk.findings.add("coverage_short", groups=short, allowed=most)
        if most > 1:
            self.walk.nothing_keeps("coverage:most", self._short_kept(targets, most - 1), most)
        required = {f"coverage:{group}": n for group, n in targets.items() if n > 0}
        reached = sum(min(n, self.walk.awarded[group]) for group, n in targets.items())
        kept = self._short_kept(targets, most)
        self.walk.raise_sum("coverage:people", reached, kept, required)

    def _short_kept(self, targets: dict[str, int], most: int) -> dict[str, int]:
        least = {f"coverage:{group}": n - most for group, n in targets.items() if n > most}
        return {**self.walk.kept, **least}

    def _rounded(self, short: dict[str, int]) -> None:
        """A large round may leave a group below its target by what whole awards round off."""
        applying = dict(zip(self.walk.round.groups, self.walk.round.applying, strict=True))
        for group, missing in short.items():
            facts = {"group": group, "target": self.walk.proven.targets[group], "missing": missing}
            allowed = open_people(len(self.walk.round.ids), applying[group])
            if missing > allowed:
                self.walk.findings.add("coverage_short", **facts, allowed=allowed)
            else:
                self.walk.findings.note("coverage_rounded", **facts)

"""The branch proof: a tree of cases whose largest leaf is a bound for all of them."""

from collections import defaultdict
from typing import Any

from .bounds import Weights
from .cuts import Cuts
from .form import LEAF, Ground, constant_of, whole_number, whole_numbers
from .round import Option
from .words import Malformed


class Tree:
    """A tree of cases: the two halves of a split leave nothing out, so the largest leaf counts.

    Args:
        settled: weights, denominator and least of the stage that settles most awards, its name.
    """

    def __init__(
        self,
        ground: Ground,
        stage: dict[str, Any],
        weights: Weights,
        settled: tuple[Weights, int, int, str],
        required: dict[str, int] | None,
    ) -> None:
        self.ground, self.name, self.weights, self.required = (
            ground,
            stage["stage"],
            weights,
            required,
        )
        tree = stage["tree"]
        known = {"settled_by", "denominator", "sums", "nodes"}
        if not isinstance(tree, dict) or set(tree) - {"cuts"} != known:
            raise Malformed(f"{self.name}, tree")
        settler, scale, least, by = settled
        if tree["settled_by"] != by:
            raise Malformed(f"{self.name}, settled_by")
        self.bounder = ground.bounder
        self.part = self.bounder.open_part(settler, scale, least)
        self.denominator, self.nodes = whole_number(tree, "denominator"), tree["nodes"]
        if self.denominator < 1 or not isinstance(self.nodes, list) or not self.nodes:
            raise Malformed(f"{self.name}, nodes")
        if not isinstance(tree["sums"], list):
            raise Malformed(f"{self.name}, sums")
        self.options = [
            (worker, option)
            for worker, slots, *_ in self.part.ways
            for slot in slots
            for option in slot
        ]
        self.sums = [self._sum(words) for words in tree["sums"]]
        self.cuts = Cuts(
            ground, self.name, weights.kept, self.part, self.sums, tree.get("cuts", [])
        )

    def bound(self) -> int:
        """The largest leaf; less than any sum where nothing fits at all."""
        best, seen = -1 if not self.weights.objective and not self.required else 0, 0
        waiting: list[tuple[int, dict[int, tuple[int | None, int | None]]]] = [(0, {})]
        visited: set[int] = set()
        while waiting:
            place, between = waiting.pop()
            if place in visited or not 0 <= place < len(self.nodes):
                raise Malformed(f"{self.name}, node {place}")
            visited.add(place)
            seen += 1
            node = self.nodes[place]
            if not isinstance(node, dict):
                raise Malformed(f"{self.name}, node {place}")
            if "sum" in node:
                waiting += self._halves(node, place, between)
            else:
                leaf = self._leaf(node, place, between)
                best = best if leaf is None else max(best, leaf)
        if seen != len(self.nodes):
            self.ground.findings.add(
                "tree_differs", stage=self.name, nodes=len(self.nodes), met=seen
            )
        return best

    def _halves(
        self, node: dict[str, Any], place: int, between: dict[int, tuple[int | None, int | None]]
    ) -> list[tuple[int, dict[int, tuple[int | None, int | None]]]]:
        """At most so many, or at least one more."""
        if set(node) != {"sum", "most", "nodes"} or not isinstance(node["nodes"], list):
            raise Malformed(f"{self.name}, node {place}")
        number, most, nodes = whole_number(node, "sum"), whole_number(node, "most"), node["nodes"]
        if not 0 <= number < len(self.sums) or [type(n) for n in nodes] != [int, int]:
            raise Malformed(f"{self.name}, node {place}")
        least, top = between.get(number, (None, None))
        low = (least, most if top is None else min(most, top))
        high = (most + 1 if least is None else max(most + 1, least), top)
        return [(nodes[0], {**between, number: low}), (nodes[1], {**between, number: high})]

    def _leaf(
        self, node: dict[str, Any], place: int, between: dict[int, tuple[int | None, int | None]]
    ) -> int | None:
        """The bound of a leaf; None where nothing fits."""
        where = f"{self.name}, node {place}"
        if not LEAF >= set(node) >= {"multipliers", "charges"}:
            raise Malformed(where)
        multipliers, charges = whole_numbers(node, "multipliers"), whole_numbers(node, "charges")
        self.ground.names(self.name, multipliers)
        nothing = node.get("nothing_fits", False)
        objective: dict[str, int] = {}
        constant = 0
        if self.required and nothing is False:
            objective = whole_numbers(node, "objective")
            self.ground.names(self.name, objective)
            self.ground.capped(self.name, objective, self.denominator, self.required)
            constant = constant_of(objective, self.denominator, self.required)
        elif node.get("objective"):
            raise Malformed(where)
        elif nothing is False:
            objective = dict.fromkeys(self.weights.objective, self.denominator)
        elif nothing is not True:
            raise Malformed(where)
        weights = Weights(objective, multipliers, self.weights.kept, constant)
        paid: dict[int, int] = defaultdict(int)
        sides = 0
        for key, charge in charges.items():
            if key not in self.cuts.sums:
                raise Malformed(f"{where}, charge {key}")
            least, most = between.get(int(key), (None, None))
            side = most if charge > 0 else least
            if side is None:
                if charge:
                    raise Malformed(f"{where}, charge {key}")
                continue
            sides += charge * side
            for option in self.cuts.sums[key]:
                paid[id(option)] += charge
        if "cuts" in node:
            sides += self.cuts.pay(whole_numbers(node, "cuts"), paid, where)
        numerator = self.bounder.numerator(weights, self.part, paid) + sides
        if nothing is True:
            if numerator >= 0:
                self.ground.findings.add("nothing_unproven", stage=self.name, node=place)
            return None
        if not objective and not self.required:
            return -1 if numerator < 0 else 0
        return self.bounder.bound(weights, numerator, self.denominator, self.part)

    def _sum(self, words: Any) -> list[Option]:
        """The open options that count in a sum."""
        if not isinstance(words, dict):
            raise Malformed(f"{self.name}, sums")
        if set(words) == {"requests", "share"}:
            names = words["requests"]
            share, row_of = whole_number(words, "share"), self.ground.round.row_of
            if not isinstance(names, list) or any(name not in row_of for name in names):
                raise Malformed(f"{self.name}, sums")
            rows = {row_of[name] for name in names}
            return [o for _, o in self.options if o.row in rows and o.share == share]
        if not set(words) <= {"of", "each"} or ("each" in words and "of" not in words):
            raise Malformed(f"{self.name}, sums")
        if not isinstance(words.get("of", ""), str) or type(words.get("each", 0)) is not int:
            raise Malformed(f"{self.name}, sums")
        return [
            option
            for worker, option in self.options
            if "of" not in words or self._counts(words["of"], words.get("each"), worker, option)
        ]

    def _counts(self, name: str, each: int | None, worker: int, option: Option) -> bool:
        round_ = self.ground.round
        if name == "value":
            return option.value == each
        if name.startswith("coverage:"):
            group = round_.group[worker]
            return group >= 0 and name == f"coverage:{round_.groups[group]}"
        return any(
            family.names[code] == name
            and each in (None, option.amount)
            and family.use(option.row, option.amount) != 0
            for family, code in round_.codes_of(option.place)
        )

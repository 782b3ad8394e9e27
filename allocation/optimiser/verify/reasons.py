"""The reasons of decisions.csv: each is a claim."""

from collections import defaultdict
from typing import Any

from .bounds import Bounder
from .decisions import Reached
from .form import Proven
from .frames import json_of
from .lots import Classes
from .reach import Reach
from .round import Option, Round
from .words import Findings

# Reasons of which any may be true of a refusal; each has a check of its own.
PRICED = (
    "amount_too_large",
    "lot_lost",
    "edition_full",
    "cap_reached",
    "kept_as_before",
    "below_cutoff",
)


class Reasons:
    """A reason is a claim about the division: is it true?"""

    def __init__(
        self,
        round_: Round,
        reached: Reached,
        equals: Classes,
        proven: Proven | None,
        findings: Findings,
    ) -> None:
        self.round, self.reached, self.equals = round_, reached, equals
        self.proven, self.findings = proven, findings
        self.awards = [0] * len(round_.workers)
        self.taken: set[tuple[int, int]] = set()
        self.places: dict[int, int] = defaultdict(int)
        for row, option in enumerate(reached.chosen):
            if option is not None:
                self.awards[round_.worker[row]] += 1
                self.taken.add((round_.worker[row], round_.choice[row]))
                if not round_.given[row]:
                    self.places[equals.class_[round_.worker[row]]] += 1
        self.prices = Prices(round_, reached, proven) if proven and proven.value else None
        self.reach: Reach | None = None
        self.by_board: dict[str, int] = Bounder(round_).whole.used

    def check(self) -> None:
        columns = self.round.files.decisions.columns
        for row, (stated, text) in enumerate(
            zip(columns["reason"], columns["reason_params"], strict=True)
        ):
            settled = self._settled(row)
            if stated != settled if settled else stated not in PRICED:
                self._differs(row, stated, settled or "/".join(PRICED))
                continue
            try:
                params = json_of(text)
            except ValueError:
                params = None
            if not isinstance(params, dict):
                self._differs(row, text, "JSON")
                continue
            change, reach = params.pop("would_change", None), params.pop("out_of_reach", None)
            wrong = self._wrong(row, stated, params)
            if change is not None and not wrong:
                wrong = "would_change" if settled else self._change_is_wrong(row, change)
            if reach is not None and not wrong:
                wrong = self._reach_is_wrong(row, reach, change, settled)
            if wrong:
                self._differs(row, f"{stated} {text}", wrong)

    def _differs(self, row: int, stated: object, recomputed: object) -> None:
        request = self.round.ids[row]
        self.findings.add("reason_differs", request=request, stated=stated, recomputed=recomputed)

    def _settled(self, row: int) -> str:
        """The reason that follows from the decisions alone, or nothing."""
        round_, option = self.round, self.reached.chosen[row]
        if option is not None:
            if round_.given[row]:
                return "given_by_board"
            return "awarded" if option.amount == round_.amount[row] else "awarded_part"
        if round_.withheld[row]:
            return "withheld_by_board"
        worker = round_.worker[row]
        if self.awards[worker] >= round_.most or (worker, round_.choice[row]) in self.taken:
            return "other_choice_awarded"
        return ""

    def _wrong(self, row: int, reason: str, params: dict[str, Any]) -> str:
        """What is not true of the reason and its facts; empty when all is."""
        round_, worker = self.round, self.round.worker[row]
        facts: dict[str, Any] = {}
        true = True
        if reason == "awarded_part":
            option = self.reached.chosen[row]
            assert option is not None
            facts = {"share_percent": option.share, "asked_cents": round_.amount[row]}
        if reason in ("awarded", "awarded_part") and round_.waited[row]:
            facts["waited"] = round_.waited[row]
        if reason == "amount_too_large":
            facts, true = {"amount_cents": round_.amount[row]}, self._too_large(row)
        elif reason == "lot_lost":
            places = self.places[self.equals.class_[worker]]
            lot = self.equals.place[worker]
            facts = {"lot": lot, "candidates": self.equals.size[worker], "places": places}
            true = places > 0 and (round_.most > 1 or lot > places)
        elif reason == "edition_full":
            facts = {"edition_id": round_.columns["edition_id"][row]}
            true = self._full(row, f"edition:{facts['edition_id']}")
        elif reason == "cap_reached":
            facts = {key: params.get(key) for key in ("cap", "value")}
            true = self._full(row, f"cap:{facts['cap']}:{facts['value']}")
        elif reason == "kept_as_before":
            true = self._kept_as_before(row)
        elif reason == "below_cutoff":
            facts = {"points": round_.points[row]}
            true = not self.places[self.equals.class_[worker]]  # else the lot decided
            if "needed" in params:
                needed = self.prices.needed(row) if self.prices else None
                change = self._would(row).get("points")
                facts["needed"] = params["needed"] if params["needed"] == change else needed
        if not true:
            return "not so"
        same = params.keys() == facts.keys() and all(
            type(params[key]) is type(fact) and params[key] == fact for key, fact in facts.items()
        )
        return "" if same else str(facts)

    def _kept_as_before(self, row: int) -> bool:
        """Whether this award would change one more person than the division keeps unchanged."""
        promise = self.round.unchanged
        if promise is None or self.proven is None:
            return False
        after = self.reached.of(promise)[0] + promise.use(row, self.round.amount[row])
        return after < self.proven.kept.get("unchanged", 0)

    def _would(self, row: int) -> dict[str, Any]:
        params = json_of(self.round.files.decisions.columns["reason_params"][row])
        change = params.get("would_change")
        return change if isinstance(change, dict) else {}

    def _too_large(self, row: int) -> bool:
        """More than a whole limit holds beside what the board gave, or nobody may pay for it."""
        round_, amount = self.round, self.round.amount[row]
        if not round_.payable(row):
            return True
        if round_.pool_names:
            payers = round_.pool_sets[round_.pool_set[row]]
            if amount > sum(round_.pool_cents[pool] for pool in payers):
                return True
        return any(
            family in round_.limits
            and not family.counts
            and amount > family.rhs[code] - self.by_board.get(family.names[code], 0)
            for family, code in round_.codes_of(round_.place[row])
        )

    def _full(self, row: int, name: str) -> bool:
        """Whether a limit that the request counts in has no room for it."""
        for family, code in self.round.codes_of(self.round.place[row]):
            if family.names[code] == name:
                use = 1 if family.counts else self.round.amount[row]
                return self.reached.used.get(name, 0) + use > family.rhs[code]
        return False

    def _change_is_wrong(self, row: int, change: Any) -> str:
        """What is wrong with what would have changed the refusal.

        That it is enough was found by dividing again, which nobody need believe; what the
        certificate shows to be too little is refused.
        """
        known = {"points", "amount_cents", "ceiling_cents"}
        if not isinstance(change, dict) or not change or not change.keys() <= known:
            return "would_change"
        if any(type(number) is not int for number in change.values()):
            return "would_change"
        round_ = self.round
        ways = {
            "points": change.get("points", 2**62) > round_.points[row],
            "amount_cents": 0 < change.get("amount_cents", 1) < max(2, round_.amount[row]),
            "ceiling_cents": change.get("ceiling_cents", 2**62) > round_.ceiling,
        }
        for name, fine in ways.items():
            if not fine:
                return f"would_change {name}"
        if self.prices is not None:
            for name, number in change.items():
                if self._too_little(row, name, number):
                    return f"would_change {name}: too little"
        return ""

    def _too_little(self, row: int, name: str, number: int) -> bool:
        """Points and pot are told of a worker, of whose requests any is then awarded."""
        assert self.prices is not None
        round_, rows = self.round, [row]
        if name != "amount_cents":
            mine = round_.rows_of[round_.worker[row]]
            rows = [own for own in mine if not round_.withheld[own] and round_.payable(own)]
        return all(self.prices.too_little(own, name, number) for own in rows)

    def _reach_is_wrong(self, row: int, claim: Any, change: Any, settled: str) -> str:
        """What is wrong with the claim that nothing in the person's reach would have changed it.

        A larger pot is in nobody's reach, so it may stand beside it.
        """
        if settled or self.proven is None or self.proven.value is None:
            return "out_of_reach"
        if isinstance(change, dict) and change.keys() != {"ceiling_cents"}:
            return "out_of_reach, and a change"
        try:
            if self.reach is None:
                self.reach = Reach(self.round, self.reached, self.proven)
            return self.reach.wrong(row, claim)
        except (KeyError, TypeError, ValueError, AttributeError):  # the certificate is malformed
            return "out_of_reach: not proven"


class Prices:
    """What the multipliers of the value stage say of one request."""

    def __init__(self, round_: Round, reached: Reached, proven: Proven) -> None:
        assert proven.value is not None
        self.round = round_
        self.weights, self.denominator, numerator = proven.value
        bounder = Bounder(round_)
        self.award, self.person = bounder.award(self.weights), bounder.person(self.weights)
        _, bound = proven.sums.get("value", (0, 0))
        least = reached.value - round_.policy["tolerance"] * bound
        self.slack = numerator - self.denominator * least
        self.fixed = bool(
            round_.give_back
            or round_.policy["cap"]
            or round_.waiting
            or round_.floors
            or round_.groups
        )

    def _factor(self, row: int) -> int:
        """Value of one point."""
        policy = self.round.policy
        percent: int = policy["choice_percent"][self.round.choice[row] - 1]
        return percent * (self.round.amount[row] if policy["value"] != "points" else 1)

    def needed(self, row: int) -> int:
        """The points with which the value would have met the price of the place."""
        option, worker = self.round.options[row][0], self.round.worker[row]
        worth = self.award(option) + self._extra(worker)
        cost = self.denominator * option.value - worth
        step = self.denominator * max(1, self._factor(row))
        return max(self.round.points[row] + 1, -(-cost // step))

    def _extra(self, worker: int) -> int:
        return self.person[self.round.group[worker]]

    def too_little(self, row: int, name: str, number: int) -> bool:
        """Whether the division at hand is better than any in which this would be awarded."""
        round_, option = self.round, self.round.options[row][0]
        if round_.most > 1 or (name == "ceiling_cents" and self.fixed):
            return False
        if name == "amount_cents" and round_.give_back:
            return False
        worker = round_.worker[row]
        mine = [
            self.award(each)
            for own in round_.rows_of[worker]
            if not round_.withheld[own] and round_.payable(own)
            for each in round_.options[own]
        ]
        worth = max(0, max(mine, default=0) + self._extra(worker))
        new, slack = option, self.slack
        if name == "points":
            value = number * self._factor(row)
            new = Option(row, 100, option.amount, value, option.place)
        elif name == "amount_cents":
            times = round_.policy["value"] != "points"
            value = option.value // option.amount * number if times else option.value
            new = Option(row, 100, number, value, option.place)
        else:
            price = self.weights.multipliers.get("ceiling", 0)
            slack += price * (number - round_.ceiling + 1_000)
        return bool(worth - (self.award(new) + self._extra(worker)) > slack)

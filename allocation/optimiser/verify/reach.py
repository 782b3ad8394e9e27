"""That nothing in a person's reach would have changed a refusal: a claim, proven anew.

In reach is, for each of the person's own requests, more points up to the stated number, which
nobody of the round passes, or a lower amount down to half of what was asked; each by itself.
"""

from typing import Any

from .bounds import Bounder, Part, Weights
from .decisions import Reached
from .form import Proven
from .round import Option, Round
from .words import EXACT_REQUESTS

REACH = ("money", "edition", "cap")


class Reach:
    """Checks the claims `out_of_reach` with the multipliers of the certificate."""

    def __init__(self, round_: Round, reached: Reached, proven: Proven) -> None:
        assert proven.value is not None
        self.round, self.reached = round_, reached
        weights, self.denominator, self.numerator = proven.value
        self.bounder = Bounder(round_)
        whole = self.bounder.whole
        unrounded = Part(whole.ways, whole.used, whole.base, whole.paid, {})
        self.unrounded = self.bounder.numerator(weights, unrounded)
        self.value = _Priced(self.bounder, weights)
        _, bound = proven.sums.get("value", (0, 0))
        near = round_.policy["tolerance"] if len(round_.ids) > EXACT_REQUESTS else 0
        self.least = self.denominator * (reached.value - near * bound)
        self.most_points = max(round_.points)
        stages: list[dict[str, Any]] = (round_.files.certificate or {})["stages"]
        self.in_fractions = {
            request
            for stage in stages
            for request, *_ in stage.get("fractions", {}).get("awards", ())
        }
        self.levels = self._levels(stages)

    def _levels(self, stages: list[dict[str, Any]]) -> list["_Priced"] | None:
        """The levels of coverage with multipliers; None where a promise was not kept in full."""
        levels = []
        for stage in stages:
            kind, _, number = stage["stage"].partition(":")
            if stage["stage"] in ("value", "people"):
                continue
            if kind == "coverage" and number.isdecimal():
                if stage["objective"]:
                    weights = Weights(stage["objective"], stage["multipliers"], stage["kept"])
                    levels.append(_Priced(self.bounder, weights))
            elif kind not in ("floor", "waiting") or stage["objective"]:
                return None
        return levels

    def wrong(self, row: int, claim: Any) -> str:
        """What is not so of a claim; empty where it is proven."""
        round_ = self.round
        if not isinstance(claim, dict) or claim.keys() != {"points", "amount_cents", "limit"}:
            return "out_of_reach"
        points, cents = claim["points"], claim["amount_cents"]
        if type(points) is not int or points < self.most_points:
            return "out_of_reach points"
        if type(cents) is not int or cents != -(-round_.amount[row] // 2):
            return "out_of_reach amount_cents"
        if any(self.reached.chosen[mine] for mine in round_.rows_of[round_.worker[row]]):
            return "out_of_reach: awarded"
        most, limit = self._most(row)
        if round_.amount[row] > most:
            if cents <= most and not self._amount_fails(row, cents):
                return "out_of_reach amount_cents: not proven"
        else:
            limit = self._limit(row)
            if round_.most > 1 or len(round_.options[row]) > 1:
                return "out_of_reach: not proven"
            if not self._points_fail(row, points):
                return "out_of_reach points: not proven"
            if not self._amount_fails(row, cents):
                return "out_of_reach amount_cents: not proven"
        return "" if limit and claim["limit"] == limit else f"out_of_reach limit {limit}"

    def _most(self, row: int) -> tuple[int, str]:
        """The cents that the smallest whole limit of the request holds, and which kind it is."""
        round_ = self.round
        found = [(round_.ceiling, "money")]
        if round_.has_pools:
            payers = round_.pool_sets[round_.pool_set[row]]
            found.append((sum(round_.pool_cents[pool] for pool in payers), "money"))
        for family, code in round_.codes_of(round_.place[row]):
            if family in round_.limits and not family.counts:
                name = family.names[code]
                kind = "money" if name == "ceiling" else "cap"
                left = family.rhs[code] - self.bounder.whole.used.get(name, 0)
                found.append((left, kind))
        return min(found, key=lambda each: each[0])

    def _points_fail(self, row: int, points: int) -> bool:
        """Every division that awards it is worth less, however many points in reach it has."""
        round_, option = self.round, self.round.options[row][0]
        factor = round_.policy["choice_percent"][round_.choice[row] - 1]
        if round_.policy["value"] != "points":
            factor *= round_.amount[row]
        more = self.denominator * (points * factor - option.value)
        return bool(self.numerator - self._loses(self.value, row) + more < self.least)

    def _amount_fails(self, row: int, cents: int) -> bool:
        """Every division that awards it for less, down to so many cents, is worth less."""
        round_ = self.round
        if self.levels is None or round_.policy["value"] != "points" or round_.unchanged:
            return False
        if round_.ids[row] in self.in_fractions:
            return False
        return all(
            self.unrounded - self._loses(self.value, row, amount) < self.least
            and all(self._loses(level, row, amount) >= 0 for level in self.levels)
            for amount in (cents, round_.amount[row] - 1)
        )

    def _loses(self, stage: "_Priced", row: int, cents: int | None = None) -> int:
        """What its worker loses by it at the multipliers, for these cents where they are given."""
        round_, worker = self.round, self.round.worker[row]
        extra = stage.person[round_.group[worker]]
        mine = [
            stage.award(option) + extra
            for own in round_.rows_of[worker]
            if not round_.withheld[own] and round_.payable(own)
            for option in round_.options[own]
        ]
        option = round_.options[row][0]
        if cents is not None:
            option = Option(row, 100, cents, option.value, option.place)
        return max(0, *mine) - (stage.award(option) + extra)

    def _limit(self, row: int) -> str:
        """The dearest of what it uses: money, and of seats and caps only what has no room."""
        round_, paid = self.round, dict.fromkeys(REACH, 0)
        prices = self.value.weights.multipliers
        for family, code in round_.codes_of(round_.place[row]):
            name = family.names[code]
            use = 1 if family.counts else round_.amount[row]
            if family not in round_.limits:
                continue
            if name == "ceiling":
                paid["money"] += prices.get(name, 0) * use
            elif self.reached.used.get(name, 0) + use > family.rhs[code]:
                paid[name.partition(":")[0]] += prices.get(name, 0) * use
        if round_.has_pools:
            payers = round_.pool_sets[round_.pool_set[row]]
            price = min((prices.get(round_.pool_names[pool], 0) for pool in payers), default=0)
            paid["money"] += price * round_.amount[row]
        dearest = max(paid, key=lambda kind: paid[kind])
        return dearest if paid[dearest] > 0 else ""


class _Priced:
    """One stage's multipliers: what an option, and a first award, are worth at them."""

    def __init__(self, bounder: Bounder, weights: Weights) -> None:
        self.weights = weights
        self.award, self.person = bounder.award(weights), bounder.person(weights)

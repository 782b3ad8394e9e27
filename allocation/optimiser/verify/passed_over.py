"""Who was passed over: envy, requests that still fit, and swaps by lot."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .decisions import Reached, payable
from .form import Proven
from .lots import Classes
from .round import Limit, Option, Round
from .words import Findings

# Pairs that may be looked at for swaps by lot; more are told in a note.
MOST_PAIRS = 3_000_000


@dataclass(frozen=True, slots=True)
class _Exchange:
    """An award that somebody with a lower lot may claim.

    Args:
        lot: of who has it; needed: promises that cannot spare it; codes: all that it counts in.
        key: value, amount, place and group; row: its request.
    """

    lot: int
    needed: tuple[tuple[int, int], ...]
    codes: tuple[int, ...]
    key: Any
    row: int


class Others:
    """Who was passed over: envy, requests that still fit, and swaps by lot."""

    def __init__(
        self, round_: Round, reached: Reached, equals: Classes, proven: Proven, findings: Findings
    ) -> None:
        self.round, self.reached, self.equals = round_, reached, equals
        self.proven, self.findings = proven, findings
        self.awards: list[int] = [0] * len(round_.workers)
        for row, cents in enumerate(reached.cents):
            self.awards[round_.worker[row]] += cents > 0
        menu = round_.policy.get("part_awards")
        self.shares = round_.column(menu["column"]) if menu else None

    def check(self) -> None:
        if self.round.most == 1:
            self._envy()
        else:
            self.findings.figure("envy", self.round.files.result.get("envy"), 0)
        self._spare()
        self._swaps()

    def _waiting(self) -> Iterable[int]:
        """Requests of workers without any award, that may be awarded."""
        round_ = self.round
        for row in range(len(round_.ids)):
            free = not self.awards[round_.worker[row]] and not round_.withheld[row]
            if free and round_.payable(row):
                yield row

    def _alike(self, row: int) -> tuple[Any, ...]:
        """All that counts but choice, amount and points."""
        round_ = self.round
        shares = tuple(sorted(set(self.shares[row].split()) - {"100"})) if self.shares else ()
        return round_.place[row], round_.group[round_.worker[row]], shares

    def _envy(self) -> None:
        """A refused request that is worth more, no dearer, and counts in the same places."""
        round_, count = self.round, 0
        near: dict[Any, list[int]] = defaultdict(list)
        for row in self._waiting():
            near[self._alike(row)].append(row)
        for row, option in enumerate(self.reached.chosen):
            if option is None or round_.given[row] or option.amount != round_.amount[row]:
                continue
            alike = near.get(self._alike(row))
            if not alike:
                continue
            least = option.amount - self._spare_of(row)
            able = [
                other
                for other in alike
                if least <= round_.amount[other] <= option.amount
                and round_.options[other][0].value > option.value
            ]
            if able:
                count += 1
                best = max(able, key=lambda other: round_.options[other][0].value)
                self.findings.note("envy", request=round_.ids[best], award=round_.ids[row])
        self.findings.figure("envy", round_.files.result.get("envy"), count)

    def _spare_of(self, row: int) -> int:
        """Cents that every promise it counts in has above what it must keep."""
        spare = self.round.amount[row]
        for family, code in self.round.codes_of(self.round.place[row]):
            cents = family.before is None and not family.counts
            if family in self.round.promises and cents:
                name = family.names[code]
                reached = self.reached.used.get(name, 0)
                spare = min(spare, reached - min(reached, self.proven.kept.get(name, 0)))
        return spare

    def _spare(self) -> None:
        """A refused request that fits as it is would have made the division better."""
        round_ = self.round
        left = {
            name: rhs - self.reached.used.get(name, 0)
            for limit in round_.limits
            for name, rhs in zip(limit.names, limit.rhs, strict=True)
        }
        bills = [0] * len(round_.pool_sets)
        for row, cents in enumerate(self.reached.cents):
            bills[round_.pool_set[row]] += cents
        taken = {
            (round_.worker[row], round_.choice[row])
            for row, cents in enumerate(self.reached.cents)
            if cents
        }
        for row, ways in enumerate(round_.options):
            worker = round_.worker[row]
            free = self.awards[worker] < round_.most and not round_.withheld[row]
            if not free or (worker, round_.choice[row]) in taken or not round_.payable(row):
                continue
            for option in ways:
                if not option.value and self.awards[worker]:
                    continue
                if self._changes_one_more(option):
                    continue
                if all(
                    left[family.names[code]] >= (1 if family.counts else option.amount)
                    for family, code in round_.codes_of(option.place)
                    if family.names[code] in left
                ) and self._payable(bills, row, option.amount):
                    self.findings.add("could_be_added", request=round_.ids[row], share=option.share)
                    break

    def _changes_one_more(self, option: Option) -> bool:
        """Whether fewer people than are kept unchanged would be so with this award."""
        promise = self.round.unchanged
        if promise is None:
            return False
        after = self.reached.of(promise)[0] + promise.use(option.row, option.amount)
        return after < self.proven.kept.get("unchanged", 0)

    def _payable(self, bills: list[int], row: int, cents: int) -> bool:
        if not self.round.pool_names:
            return True
        more = list(bills)
        more[self.round.pool_set[row]] += cents
        paid = payable(more, self.round.pool_sets, self.round.pool_cents)
        return paid == sum(more)

    def _swaps(self) -> None:
        """No refused person with a lower lot could take the place of an equally good award."""
        round_, draws = self.round, self.equals.draws
        refused: dict[Any, int] = {}
        for row in self._waiting():
            for option in round_.options[row]:
                key = (option.value, option.amount, option.place, round_.group[round_.worker[row]])
                before = refused.get(key)
                if before is None or draws[round_.worker[row]] < draws[round_.worker[before]]:
                    refused[key] = row
        awarded: dict[Any, int] = {}
        for row, taken in enumerate(self.reached.chosen):
            worker = round_.worker[row]
            if taken is None or round_.given[row] or self.awards[worker] != 1:
                continue
            key = (taken.value, taken.amount, taken.place, round_.group[worker])
            held = awarded.get(key)
            if held is None or draws[worker] > draws[round_.worker[held]]:
                awarded[key] = row
        of_value: dict[int, list[_Exchange]] = defaultdict(list)
        for key, row in awarded.items():
            lot = draws[round_.worker[row]]
            needed = self._needed(key[1], key[2])
            of_value[key[0]].append(_Exchange(lot, needed, round_.place_codes[key[2]], key, row))
        pairs, unspent = 0, round_.ceiling - self.reached.used.get("ceiling", 0)
        for key, row in refused.items():
            lot, codes = draws[round_.worker[row]], round_.place_codes[key[2]]
            full = self._full(key[1], key[2])
            for other in of_value.get(key[0], ()):
                if (
                    lot < other.lot
                    and key[1] <= other.key[1] + unspent
                    and _counts_in(full, other.codes)  # what has no room is left by the other
                    and _counts_in(other.needed, codes)  # what can spare nothing is made good
                    and self._swap_fits(key, other.key)
                ):
                    self.findings.add(
                        "swap_possible", request=round_.ids[row], award=round_.ids[other.row]
                    )
            pairs += len(of_value.get(key[0], ()))
            if pairs > MOST_PAIRS:
                self.findings.note("swaps_not_checked", pairs=pairs)
                return

    def _full(self, amount: int, place: int) -> tuple[tuple[int, int], ...]:
        """Limits, the ceiling aside, that have no room for an award of this amount here."""
        round_, used = self.round, self.reached.used
        return tuple(
            (number, code)
            for number, (limit, code) in enumerate(
                zip(round_.limits, round_.place_codes[place], strict=False)
            )
            if number
            and code >= 0
            and used.get(limit.names[code], 0) + (1 if limit.counts else amount) > limit.rhs[code]
        )

    def _needed(self, amount: int, place: int) -> tuple[tuple[int, int], ...]:
        """Promises that cannot spare an award of this amount here."""
        round_, first = self.round, len(self.round.limits)
        return tuple(
            (number, code)
            for number, (promise, code) in enumerate(
                zip(round_.promises, round_.place_codes[place][first:], strict=False), first
            )
            if code >= 0 and self._after(promise.names[code], -1 if promise.counts else -amount) < 0
        )

    def _after(self, name: str, change: int) -> int:
        """What a promise would have above what it keeps, if so many cents came or went."""
        reached = self.reached.used.get(name, 0)
        return reached + change - min(reached, self.proven.kept.get(name, 0))

    def _swap_fits(self, new: Any, old: Any) -> bool:
        """Whether one award may take the place of another, with everything kept."""
        round_ = self.round
        change: dict[str, int] = defaultdict(int)
        families: dict[str, tuple[Limit, int]] = {}
        for (_, amount, place, _), sign in ((new, 1), (old, -1)):
            row = self.round.first_of_place[place]  # all rows of a place count alike
            for family, code in round_.codes_of(place):
                name = family.names[code]
                change[name] += sign * family.use(row, amount)
                families[name] = (family, code)
        for name, (family, code) in families.items():
            reached = self.reached.used.get(name, 0)
            after = reached + change[name]
            if family in round_.limits:
                if change[name] > 0 and after > family.rhs[code]:
                    return False
            elif self._after(name, change[name]) < 0:
                return False
        if new[3] != old[3] and old[3] >= 0:
            group = round_.groups[old[3]]
            if self.reached.awarded[old[3]] <= self.proven.targets.get(group, 0):
                return False
        return not round_.pool_names or self._pools_fit(new, old)

    def _pools_fit(self, new: Any, old: Any) -> bool:
        bills = [0] * len(self.round.pool_sets)
        for row, cents in enumerate(self.reached.cents):
            bills[self.round.pool_set[row]] += cents
        bills[self.round.place_codes[new[2]][-1]] += new[1]
        bills[self.round.place_codes[old[2]][-1]] -= old[1]
        return payable(bills, self.round.pool_sets, self.round.pool_cents) == sum(bills)


def _counts_in(some: tuple[tuple[int, int], ...], codes: tuple[int, ...]) -> bool:
    """Whether a place counts in all of these limits and promises (number of the family, code)."""
    for number, code in some:  # noqa: SIM110  the loop is twice as quick as `all`
        if codes[number] != code:
            return False
    return True

"""A group below its target: may whole awards explain it, or was somebody passed over?

Levels of coverage count fractions of awards, so whole awards cannot always reach every target.
Multipliers prove nothing about that. What can be checked in one pass is this:

- the group is short by no more than rounding explains: two people per started thousand applicants,
  and, in a round that is solved to the last point, one more for each full limit that its waiting
  requests count in (a corner of the linear program has a fraction per full limit);
- nobody of the group could simply be served: not from what is left over, nor, in a round that is
  solved to the last point, in the place of one award to a group that has more than its target.

A result that passed somebody over fails one of these.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .findings import Findings
from .model import Round
from .reached import Reached

# Rounds with up to so many requests are solved to the last point (docs/certificate.md).
EXACT_REQUESTS = 2_000
# People that whole awards may miss, per started thousand applicants of the group.
ALLOWED_PER_THOUSAND = 2
MOST_POOL_SETS = 8


def check(
    round_: Round,
    reached: Reached,
    targets: dict[str, int],
    decisions: pd.DataFrame,
    chosen: NDArray[np.int64],
    findings: Findings,
) -> None:
    """Note each group that is short, or name what shows that it need not be.

    Args:
        targets: coverage group -> people that it is to have.
        chosen: per request the option that was awarded, -1 for a refusal.
    """
    short = {
        group: (targets[group], awarded)
        for group, awarded in zip(round_.groups, reached.awarded, strict=True)
        if awarded < targets.get(group, 0)
    }
    if not short:
        return
    applying = dict(zip(round_.groups, round_.applying, strict=True))
    left = _Left(round_, reached, targets, decisions, chosen)
    for group, (target, awarded) in short.items():
        facts = {"group": group, "target": target, "awarded": awarded}
        number = round_.groups.index(group)
        allowed = ALLOWED_PER_THOUSAND * -(-applying[group] // 1_000)
        if len(decisions) <= EXACT_REQUESTS:
            allowed += left.full_limits(number)
        if target - awarded > allowed:
            findings.add("coverage_short", **facts, allowed=allowed)
            continue
        way = left.way_for(number)
        if way is not None:
            findings.add("coverage_avoidable", **facts, **way)
        else:
            findings.note("coverage_rounded", **facts, people=target - awarded)


class _Left:
    """What the decisions leave of every limit, and who could be served with it."""

    def __init__(
        self,
        round_: Round,
        reached: Reached,
        targets: dict[str, int],
        decisions: pd.DataFrame,
        chosen: NDArray[np.int64],
    ) -> None:
        self.round, self.ids = round_, decisions["request_id"].to_numpy()
        self.cents = np.where(chosen >= 0, decisions["amount_cents"].to_numpy(), 0)
        self.awarded = chosen >= 0
        awards = np.bincount(round_.worker[self.awarded], minlength=len(round_.workers))
        self.waiting = awards == 0
        self.limits = [
            np.array(limit.rhs) - self._used(limit.codes, limit.counts_awards, len(limit.names))
            for limit in round_.limits
        ]
        self.pools = _pool_rows(round_, self.cents)
        self.removable = self._removable(reached, targets, awards)

    def _used(self, codes: NDArray[np.int64], counts: bool, number: int) -> NDArray[np.int64]:
        used = np.zeros(number, dtype=np.int64)
        inside = self.awarded & (codes >= 0)
        np.add.at(used, codes[inside], 1 if counts else self.cents[inside])
        return used

    def _removable(
        self, reached: Reached, targets: dict[str, int], awards: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Awards whose group has more people than its target, or whose worker has another."""
        round_ = self.round
        if len(self.ids) > EXACT_REQUESTS:
            return np.zeros(0, dtype=np.int64)
        spare = np.array(
            [
                awarded > targets.get(group, 0)
                for group, awarded in zip(round_.groups, reached.awarded, strict=True)
            ]
        )
        worker = round_.worker
        free = spare[round_.group[worker]] | (awards[worker] > 1)
        free &= self.awarded & ~round_.given
        promises = [*round_.floors] + ([round_.give_back] if round_.give_back else [])
        sums = [[sum_] for sum_ in reached.floors] + [reached.give_back]
        for promise, reached_cents in zip(promises, sums, strict=False):
            over = np.array(reached_cents) - np.minimum(promise.required, reached_cents)
            inside = promise.codes >= 0
            free[inside] &= self.cents[inside] <= over[promise.codes[inside]]
        return np.flatnonzero(free)

    def full_limits(self, group: int) -> int:
        """How many limits have no room for any waiting request of the group that counts in them."""
        rows, full = self._waiting_rows(group), 0
        for limit, left in zip(self.round.limits, self.limits, strict=True):
            codes = limit.codes[rows]
            need = np.where(limit.counts_awards, 1, self.round.amount[rows])
            least = np.full(len(limit.names), np.iinfo(np.int64).max)
            np.minimum.at(least, codes[codes >= 0], need[codes >= 0])
            met = np.isin(np.arange(len(limit.names)), codes)
            full += int((met & (left < least)).sum())
        return full

    def _waiting_rows(self, group: int) -> NDArray[np.int64]:
        round_ = self.round
        mine = (round_.group[round_.worker] == group) & self.waiting[round_.worker]
        return np.flatnonzero(mine & ~round_.withheld)

    def way_for(self, group: int) -> dict[str, object] | None:
        """A request of the group that fits, alone or in the place of one award; None: none."""
        for row in self._waiting_rows(group).tolist():
            if self._fits(row, None):
                return {"request": self.ids[row]}
            if len(self.removable):
                instead = self.removable[self._fits(row, self.removable)]
                if len(instead):
                    return {"request": self.ids[row], "instead_of": self.ids[instead[0]]}
        return None

    def _fits(self, row: int, gone: NDArray[np.int64] | None) -> NDArray[np.bool_]:
        """Whether a whole award of this row fits, per award that is gone (None: none is)."""
        round_, price = self.round, int(self.round.amount[row])
        fits = np.ones(1 if gone is None else len(gone), dtype=bool)
        for limit, left in zip(round_.limits, self.limits, strict=True):
            code = int(limit.codes[row])
            if code < 0:
                continue
            freed = np.zeros(len(fits), dtype=np.int64)
            if gone is not None:
                same = limit.codes[gone] == code
                freed = np.where(same, 1 if limit.counts_awards else self.cents[gone], 0)
            fits &= left[code] + freed >= (1 if limit.counts_awards else price)
        for sets, left_cents in self.pools:
            if sets[round_.pool_set[row]]:
                freed = np.zeros(len(fits), dtype=np.int64)
                if gone is not None:
                    freed = np.where(sets[round_.pool_set[gone]], self.cents[gone], 0)
                fits &= left_cents + freed >= price
        if round_.pool_names and not round_.pool_sets[int(round_.pool_set[row])]:
            fits[:] = False
        return fits


def _pool_rows(round_: Round, cents: NDArray[np.int64]) -> list[tuple[NDArray[np.bool_], int]]:
    """Pools as limits: what only the pools of a union may pay is at most what they hold.

    With many sets of pools none may cost more than it does now, which shows fewer ways.
    """
    if not round_.pool_names:
        return []
    bills = np.zeros(len(round_.pool_sets), dtype=np.int64)
    np.add.at(bills, round_.pool_set, cents)
    if len(bills) > MOST_POOL_SETS:
        return [(np.arange(len(bills)) == number, 0) for number in range(len(bills))]
    unions: set[frozenset[int]] = set()
    for pools in round_.pool_sets:
        unions |= {union | set(pools) for union in unions} | {frozenset(pools)}
    rows = []
    for union in sorted(unions, key=sorted):
        within = np.array([set(pools) <= union for pools in round_.pool_sets])
        left = sum(int(round_.pool_cents[pool]) for pool in union) - int(bills[within].sum())
        rows.append((within, left))
    return rows

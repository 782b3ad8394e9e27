"""What the decisions add up to, and the hard limits."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .round import Limit, Option, Round
from .words import Findings


@dataclass
class Reached:
    """What the decisions add up to, in cents, people and points × percent.

    Args:
        chosen: per request the option that was awarded; cents: what was awarded.
        used: cents or awards per limit and promise; awarded: people per coverage group.
    """

    chosen: list[Option | None]
    cents: list[int]
    value: int
    people: int
    used: dict[str, int]
    awarded: list[int]

    def of(self, promise: Limit) -> list[int]:
        """What each of a family reached."""
        return [self.used.get(name, 0) for name in promise.names]


def listed(round_: Round, findings: Findings) -> bool:
    """Whether decisions.csv lists the requests in their order, with plain answers."""
    columns = round_.files.decisions.columns
    if columns["request_id"] != round_.ids:
        findings.add("rows_differ")
        return False
    for row, (awarded, cents) in enumerate(
        zip(columns["awarded"], columns["amount_cents"], strict=True)
    ):
        if awarded not in (0, 1):
            findings.add("not_yes_or_no", request=round_.ids[row], stated=awarded)
        elif not awarded and cents:
            findings.add("refusal_with_amount", request=round_.ids[row], stated=cents)
        if awarded != 1 and round_.given[row]:
            findings.add("given_refused", request=round_.ids[row])
        if awarded == 1 and round_.withheld[row]:
            findings.add("withheld_awarded", request=round_.ids[row])
        if awarded == 1 and not round_.payable(row):
            findings.add("nobody_may_pay", request=round_.ids[row])
    return "not_yes_or_no" not in findings.counts


def add_up(round_: Round, findings: Findings, *, any_part: bool) -> Reached:
    """Find the option of each award, and add the decisions up.

    Args:
        any_part: a rule that pays parts may award any part of the amount.
    """
    columns = round_.files.decisions.columns
    chosen: list[Option | None] = [None] * len(round_.ids)
    cents_of = [0] * len(round_.ids)
    used: dict[str, int] = defaultdict(int)
    if round_.unchanged:
        used["unchanged"] = round_.unchanged.start
    served: set[int] = set()
    value = 0
    for row, awarded in enumerate(columns["awarded"]):
        if awarded != 1:
            continue
        cents = cents_of[row] = columns["amount_cents"][row]
        served.add(round_.worker[row])
        ways = round_.options[row][:1] if round_.given[row] or any_part else round_.options[row]
        fitting = [
            way for way in ways if way.amount == cents or (any_part and 0 < cents <= way.amount)
        ]
        if fitting:
            best = chosen[row] = fitting[0]
            value += best.value if cents == best.amount else best.value * cents // best.amount
        else:
            asked = round_.amount[row]
            findings.add("amount_not_offered", request=round_.ids[row], stated=cents, asked=asked)
        for family, code in round_.codes_of(round_.place[row]):
            used[family.names[code]] += family.use(row, cents)
    groups = [0] * len(round_.groups)
    for worker in served:
        if round_.group[worker] >= 0:
            groups[round_.group[worker]] += 1
    return Reached(chosen, cents_of, value, len(served), dict(used), groups)


def check_limits(round_: Round, reached: Reached, findings: Findings) -> None:
    """Check every hard limit against the amounts that the decisions state."""
    codes = {"ceiling": "ceiling_exceeded", "edition": "edition_overbooked", "cap": "cap_exceeded"}
    for limit in round_.limits:
        for name, allowed in zip(limit.names, limit.rhs, strict=True):
            if reached.used.get(name, 0) > allowed:
                code = codes[name.partition(":")[0]]
                findings.add(code, limit=name, allowed=allowed, stated=reached.used[name])
    for worker, rows in enumerate(round_.rows_of):
        choices = [round_.choice[row] for row in rows if reached.cents[row]]
        if len(choices) > round_.most:
            findings.add("too_many_awards", worker=round_.workers[worker], awards=len(choices))
        if len(set(choices)) < len(choices):
            findings.add("alternatives_awarded", worker=round_.workers[worker])
    if round_.pool_names:
        bills = [0] * len(round_.pool_sets)
        for row, cents in enumerate(reached.cents):
            bills[round_.pool_set[row]] += cents
        paid = payable(bills, round_.pool_sets, round_.pool_cents)
        if paid < sum(bills):
            findings.add("pools_exceeded", awarded_cents=sum(bills), payable_cents=paid)


def payable(bills: list[int], sets: list[tuple[int, ...]], pools: Sequence[int]) -> int:
    """How much of the bills the pools can pay at most: a maximum flow (Edmonds and Karp)."""
    left = list(pools)
    flow = [dict.fromkeys(payers, 0) for payers in sets]
    paid = 0
    for start, bill in enumerate(bills):
        owed = bill
        while owed:
            path = _path(start, flow, left)
            if path is None:
                break
            taken = [(after[0], before[1]) for before, after in pairwise(path)]
            step = min(owed, left[path[-1][1]], *(flow[a][p] for a, p in taken))
            for a, p in taken:
                flow[a][p] -= step
            for a, p in path:
                flow[a][p] += step
            left[path[-1][1]] -= step
            owed -= step
            paid += step
    return paid


def _path(start: int, flow: list[dict[int, int]], left: list[int]) -> list[tuple[int, int]] | None:
    """A shortest chain (set pays from pool, pushing out another set, …) to money left."""
    queue = deque([(start, pool)] for pool in flow[start])
    seen = set(flow[start])
    while queue:
        path = queue.popleft()
        pool = path[-1][1]
        if left[pool]:
            return path
        for other, payments in enumerate(flow):
            if payments.get(pool):
                for further in payments.keys() - seen:
                    seen.add(further)
                    queue.append([*path, (other, further)])
    return None

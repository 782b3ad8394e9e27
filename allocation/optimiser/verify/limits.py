"""Do the decisions keep every limit? Sums per limit, in whole cents and whole awards."""

from collections import deque

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .arithmetic import totals
from .findings import Findings
from .model import Round


def listed(round_: Round, decisions: pd.DataFrame, findings: Findings) -> bool:
    """Check that the decisions list every request, each given or withheld as the board said.

    False when the file does not list the requests, so that nothing more can be said.
    """
    requests = round_.inputs.frames["requests"]
    if decisions["request_id"].tolist() != requests["request_id"].tolist():
        findings.add("rows_differ", requests=len(requests), decisions=len(decisions))
        return False
    ids = requests["request_id"].to_numpy()
    awarded = decisions["awarded"].to_numpy()
    amount = decisions["amount_cents"].to_numpy()
    _each("not_yes_or_no", (awarded != 0) & (awarded != 1), ids, findings)
    _each("refusal_with_amount", (awarded == 0) & (amount != 0), ids, findings)
    _each("given_refused", round_.given & (awarded != 1), ids, findings)
    _each("withheld_awarded", round_.withheld & (awarded == 1), ids, findings)
    unpaid = np.array([bool(round_.pool_names) and not pools for pools in round_.pool_sets])
    _each("nobody_may_pay", unpaid[round_.pool_set] & (awarded == 1), ids, findings)
    return True


def offered(
    round_: Round, decisions: pd.DataFrame, findings: Findings, *, any_part: bool
) -> NDArray[np.int64]:
    """Give the option of each award (-1: refused, or an amount that was not on offer).

    Args:
        any_part: a rule that pays parts (pro rata, tiers) may award any part of
            the amount; it counts as the whole option here.
    """
    options = round_.options
    awarded = decisions["awarded"].to_numpy()
    amount = decisions["amount_cents"].to_numpy()
    stated = amount[options.row]
    fits = awarded[options.row] == 1
    if any_part:
        fits &= (options.share == 100) & (stated > 0) & (stated <= options.amount)
    else:
        fits &= stated == options.amount
        fits &= ~round_.given[options.row] | (options.share == 100)
    chosen = np.full(len(decisions), -1, dtype=np.int64)
    numbers = np.flatnonzero(fits)[::-1]  # the whole award, which comes first, wins a tie
    chosen[options.row[numbers]] = numbers
    for row in np.flatnonzero((awarded == 1) & (chosen < 0)):
        findings.add(
            "amount_not_offered",
            request=decisions["request_id"].iloc[row],
            stated=amount[row],
            asked=round_.amount[row],
        )
    return chosen


def check(round_: Round, decisions: pd.DataFrame, findings: Findings) -> None:
    """Check every hard limit against the amounts that the decisions state."""
    awarded = (decisions["awarded"] == 1).to_numpy()
    cents = np.where(awarded, decisions["amount_cents"].to_numpy(), 0)
    ones = awarded.astype(np.int64)
    codes = {"ceiling": "ceiling_exceeded", "edition": "edition_overbooked", "cap": "cap_exceeded"}
    for limit in round_.limits:
        sums = totals(limit.codes, ones if limit.counts_awards else cents, len(limit.names))
        for number in np.flatnonzero(sums > np.array(limit.rhs, dtype=sums.dtype)):
            name = limit.names[number]
            code = codes[name.split(":")[0]]
            findings.add(code, limit=name, allowed=limit.rhs[number], stated=sums[number])
    _check_workers(round_, awarded, findings)
    _check_pools(round_, cents, findings)


def _check_workers(round_: Round, awarded: NDArray[np.bool_], findings: Findings) -> None:
    workers = round_.worker[awarded]
    many = np.bincount(workers, minlength=len(round_.workers))
    for number in np.flatnonzero(many > round_.awards_per_worker):
        findings.add(
            "too_many_awards",
            worker=round_.workers[number],
            awards=many[number],
            allowed=round_.awards_per_worker,
        )
    pairs = pd.DataFrame({"worker": workers, "choice": round_.choice[awarded]})
    for worker, choice in pairs[pairs.duplicated()].itertuples(index=False):
        findings.add("alternatives_awarded", worker=round_.workers[worker], choice=choice)


def _check_pools(round_: Round, cents: NDArray[np.int64], findings: Findings) -> None:
    """Can the pools pay? A maximum flow from the sets of requests to the pools."""
    if not round_.pool_names:
        return
    bills = [int(sum_) for sum_ in totals(round_.pool_set, cents, len(round_.pool_sets))]
    paid = _flow(bills, round_.pool_sets, list(round_.pool_cents))
    if paid < sum(bills):
        findings.add("pools_exceeded", awarded_cents=sum(bills), payable_cents=paid)


def _flow(bills: list[int], sets: list[tuple[int, ...]], left: list[int]) -> int:
    """Give how many cents of the bills the pools can pay at most (Edmonds and Karp)."""
    flow = [dict.fromkeys(pools, 0) for pools in sets]
    paid = 0
    for start, bill in enumerate(bills):
        owed = bill
        while owed:
            path = _path(start, flow, left)
            if path is None:
                break
            step = min(owed, left[path[-1][1]], *(flow[a][p] for a, p in _taken(path)))
            for a, p in _taken(path):
                flow[a][p] -= step
            for a, p in path:
                flow[a][p] += step
            left[path[-1][1]] -= step
            owed -= step
            paid += step
    return paid


def _path(start: int, flow: list[dict[int, int]], left: list[int]) -> list[tuple[int, int]] | None:
    """Find a shortest chain (set pays from pool, pushing out another set, …) to money left."""
    queue = deque([(start, [(start, pool)]) for pool in flow[start]])
    seen = set(flow[start])
    while queue:
        _, path = queue.popleft()
        pool = path[-1][1]
        if left[pool]:
            return path
        for other, payments in enumerate(flow):
            if payments.get(pool):
                for next_pool in payments.keys() - seen:
                    seen.add(next_pool)
                    queue.append((other, [*path, (other, next_pool)]))
    return None


def _taken(path: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The payments that shrink: each later set leaves the pool of the step before it."""
    return [(path[k + 1][0], path[k][1]) for k in range(len(path) - 1)]


def _each(
    code: str, wrong: NDArray[np.bool_], ids: NDArray[np.object_], findings: Findings
) -> None:
    for row in np.flatnonzero(wrong):
        findings.add(code, request=ids[row])

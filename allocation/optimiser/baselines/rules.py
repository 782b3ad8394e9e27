"""The rules that funds use today, on the same frames and with the same result.

Each keeps every hard limit (ceiling, pools, seats, caps, awards per worker)
and goes down its list once; a request that no longer fits is passed over and
the next one is tried. Floors, coverage and give-back have no step in these
rules: they are reported only.
"""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from allocation.optimiser import files
from allocation.optimiser.baselines.room import Room
from allocation.optimiser.errors import Fault, InvalidInput
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.results import lots, summary
from allocation.optimiser.results.allocation import Allocation

Integers = NDArray[np.int64]

# Of the percentages in the tiers: SLIM-scholing pays 90 % for NLQF 1 to 3, 40 % for NLQF 4.
HIGHEST_TIER: Final = 90
LOWEST_TIER: Final = 40
PARTS: Final = 10_000


def allocate(problem: Problem, rule: str) -> Allocation:
    """Divide by one of the common rules.

    Args:
        rule: `fcfs`, `lottery`, `ranking`, `pro_rata` or `tiered`.

    Raises:
        InvalidInput: a fault in the frames, or no `submitted_at` for `fcfs`.
        KeyError: there is no such rule.
    """
    started = time.monotonic()
    divide = RULES[rule]
    problem = check(problem)
    cents, reasons = divide(problem)
    figures = summary.figures(problem, cents)
    return Allocation(
        outcome="proven",
        rule=rule,
        decisions=pd.DataFrame(
            {
                "request_id": problem.requests["request_id"],
                "awarded": (cents > 0).astype(np.int64),
                "amount_cents": cents,
                "reason": pd.Series(reasons, dtype="str"),
                "reason_params": pd.Series(["{}"] * len(reasons), dtype="str"),
            }
        ),
        solver="none",
        snapshot_sha256=files.snapshot_sha256(problem),
        policy_sha256=problem.policy.sha256(),
        seconds=time.monotonic() - started,
        **figures,
    )


def first_come_first_served(problem: Problem) -> tuple[Integers, list[str]]:
    """Go by `submitted_at`: STAP-budget, 2022 and 2023."""
    requests = problem.requests
    if "submitted_at" not in requests:
        remedy = "First come, first served needs the moment of filing: add this column."
        params = {"column": "submitted_at"}
        raise InvalidInput(Fault("missing_column", "requests.csv", remedy, row=1, params=params))
    moment = requests["submitted_at"]
    if moment.str.fullmatch(r"[0-9]{1,18}").all():
        moments: Integers = moment.to_numpy(dtype=np.int64)
    else:
        moments = np.unique(moment.to_numpy(), return_inverse=True)[1].astype(np.int64)
    return _in_turn(problem, [moments])


def lottery(problem: Problem) -> tuple[Integers, list[str]]:
    """Go by lot: SLIM, drawn by a notary."""
    return _in_turn(problem, [])


def ranking(problem: Problem) -> tuple[Integers, list[str]]:
    """Go by points, equal points by lot: what most funds do."""
    requests = problem.requests
    most = requests.groupby("worker_id", sort=False)["points"].transform("max")
    return _in_turn(problem, [-most.to_numpy(dtype=np.int64)])


def tiered(problem: Problem) -> tuple[Integers, list[str]]:
    """Pay a percentage per coverage group, by lot until the money is gone: SLIM-scholing.

    The group with the highest mean of points gets 90 %, the lowest 40 %, those
    between in even steps; without a coverage column everybody gets 90 %.
    """
    column = problem.policy.coverage
    percent = np.full(len(problem.requests), HIGHEST_TIER, dtype=np.int64)
    if column is not None:
        by_group = problem.requests.groupby(column)["points"]
        sums, counts = by_group.sum().to_list(), by_group.size().to_list()
        names = list(by_group.groups)
        neediest = sorted(
            range(len(names)), key=lambda g: (-(sums[g] * PARTS // counts[g]), str(names[g]))
        )
        fall = HIGHEST_TIER - LOWEST_TIER
        tiers = {
            names[g]: HIGHEST_TIER - fall * place // max(1, len(names) - 1)
            for place, g in enumerate(neediest)
        }
        percent = np.array([tiers[name] for name in problem.requests[column]], dtype=np.int64)
    return _in_turn(problem, [], percent)


def pro_rata(problem: Problem) -> tuple[Integers, list[str]]:
    """Pay everybody the same percentage of the amount: praktijkleren, derde leerweg.

    Seats, counts and awards per worker are taken by lot. The percentage has two
    decimals and is the highest that ceiling and pools can bear; where a cap in
    euros binds a provider, its requests get the lower percentage that fits.
    What the board gave is paid whole.
    """
    room = Room(problem, money=False)
    taken, reasons = _take(problem, room, _turns(problem, []), problem.requests["amount_cents"])
    given = problem.requests["request_id"].isin(problem.given).to_numpy()
    caps = Room(problem).money_caps(taken, given, PARTS)
    low, high = 0, PARTS
    while low < high:
        middle = (low + high + 1) // 2
        if Room(problem).bears(_scaled(taken, given, np.minimum(caps, middle))):
            low = middle
        else:
            high = middle - 1
    cents = _scaled(taken, given, np.minimum(caps, low))
    nothing = (taken > 0) & (cents == 0)
    return cents, [
        "money_gone" if none else reason for none, reason in zip(nothing, reasons, strict=True)
    ]


def _scaled(taken: Integers, given: NDArray[np.bool_], parts: Integers) -> Integers:
    return np.where(given, taken, taken * parts // PARTS)


RULES: Final[dict[str, Callable[[Problem], tuple[Integers, list[str]]]]] = {
    "fcfs": first_come_first_served,
    "lottery": lottery,
    "ranking": ranking,
    "pro_rata": pro_rata,
    "tiered": tiered,
}


def _in_turn(
    problem: Problem, keys: list[Integers], percent: Integers | None = None
) -> tuple[Integers, list[str]]:
    amounts = problem.requests["amount_cents"]
    if percent is not None:
        whole = problem.requests["request_id"].isin(problem.given)
        amounts = amounts.where(whole, amounts * percent // 100)
    return _take(problem, Room(problem), _turns(problem, keys), amounts)


def _turns(problem: Problem, keys: list[Integers]) -> Integers:
    """The rows in the order of their turn: by the keys, then by lot, then by choice."""
    requests = problem.requests
    draw = lots.drawn(requests, problem.policy)
    return np.lexsort([requests["choice"].to_numpy(), draw, *reversed(keys)]).astype(np.int64)


def _take(
    problem: Problem, room: Room, turns: Integers, amounts: "pd.Series[int]"
) -> tuple[Integers, list[str]]:
    """Go down the rows once; give what the board gave first."""
    requests = problem.requests
    ids = requests["request_id"]
    given = ids.isin(problem.given).to_numpy()
    withheld = ids.isin(problem.withheld).tolist()
    worker, choice = pd.factorize(requests["worker_id"])[0].tolist(), requests["choice"].tolist()
    cents = np.zeros(len(requests), dtype=np.int64)
    reasons = [""] * len(requests)
    asked = amounts.tolist()
    most = problem.policy.awards_per_worker
    taken: dict[int, list[int]] = {}
    for row in [*np.flatnonzero(given).tolist(), *turns[~given[turns]].tolist()]:
        own = taken.setdefault(worker[row], [])
        if withheld[row]:
            reasons[row] = "withheld_by_board"
        elif len(own) >= most or choice[row] in own:
            reasons[row] = "other_choice_awarded"
        else:
            obstacle = room.take(row, asked[row])
            reasons[row] = obstacle or "awarded"
            if not obstacle:
                own.append(choice[row])
                cents[row] = asked[row]
    return cents, reasons

"""After the board decided on a request itself: the new best division, and the smallest change.

One gift can turn the decisions of many people, because the best division is looked for anew. So the
board sees beside it the division that changes as few people as need be, what that costs in points,
and what lies between; it may choose any of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from allocation import optimiser
from allocation.models import Adjustment, Round, Scenario
from allocation.rounds import record, scenarios
from budgetpool import lazily
from budgetpool.jobs import work
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

if TYPE_CHECKING:
    from allocation.optimiser import Allocation, Problem
    from allocation.optimiser.change import frontier
else:
    frontier = lazily.module("allocation.optimiser.change.frontier")

Progress = Callable[[dict[str, Any]], None]


class Wanted(TypedDict):
    """What is asked: `instead_of` is the key of the scenario whose outcomes count as before.

    `best` is the name of the new best division, empty where only a small change is asked; `small`
    names the small change; `most` is how many people it may change, None for as few as possible.
    """

    instead_of: int
    best: str
    small: str
    most: int | None


def require(*, round: Round, member: User, wanted: Wanted) -> Scenario:
    """Refuse what cannot be computed now; gives the scenario whose outcomes count as before.

    Raises:
        NotAllowed, WrongStep, NotReady: what `scenarios.compute` refuses.
        NotReady: `other_round`; `not_verified`: that scenario, or an old rule.
    """
    names = [name for name in (wanted["best"], wanted["small"]) if name]
    for name in names:
        scenarios.require(
            round=round, name=name, member=member, rule=Scenario.Rule.OPTIMISER, variation={}
        )
    if len(set(names)) < len(names):
        raise NotReady("name_taken", name=names[0])
    scenarios.require_room(round, len(names))
    before = round.scenarios.filter(pk=wanted["instead_of"]).first()
    if before is None:
        raise NotReady("other_round", round=round.code)
    if before.is_baseline or not before.verified:
        raise NotReady("not_verified", scenario=before.name)
    return before


def compute(
    *,
    round: Round,
    member: User,
    wanted: Wanted,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> list[dict[str, Any]]:
    """Compute and keep what is wanted; what exists already was made before a crash.

    Returns:
        with `best`: the frontier, one row per division from the smallest change to the best:
        `most`, `changed`, `gained`, `lost`, `other` people, `value` and `cost`. Else nothing.

    Raises:
        NotAllowed, WrongStep, NotReady, Cancelled: what `scenarios.compute` raises.
    """
    before = round.scenarios.get(pk=wanted["instead_of"])
    say = progress or (lambda event: None)
    made: dict[str, Scenario] = {}
    for name in ("best", "small"):
        if not wanted[name]:
            continue
        made[name] = _scenario(round, member, wanted, name, before, say, cancelled)
    if "best" not in made:
        return []
    problem = scenarios.problem_of(round, before.variation, _standing(round))

    def divide(asked: Problem) -> Allocation:
        found = optimiser.allocate(asked, cancelled=cancelled)
        if found.reason == "cancelled":
            raise work.Cancelled
        return found

    points = frontier.frontier(
        problem,
        awards(before),
        best=record.allocation_of(made["best"], problem),
        least=record.allocation_of(made["small"], problem) if wanted["most"] is None else None,
        divide=divide,
        progress=say,
    )
    figures = ("most", "changed", "gained", "lost", "other", "value", "cost")
    return [{name: getattr(point, name) for name in figures} for point in points]


def awards(scenario: Scenario) -> dict[str, int]:
    """The frame's request id -> cents, of what a scenario awards."""
    frame = record.awards_frame(scenario)
    return dict(zip(frame["request_id"], frame["amount_cents"].tolist(), strict=True))


def _scenario(
    round: Round,
    member: User,
    wanted: Wanted,
    kind: str,
    before: Scenario,
    say: Progress,
    cancelled: threading.Event | None,
) -> Scenario:
    name: str = wanted[kind]  # type: ignore[literal-required]
    known = round.scenarios.filter(name=name).first()
    if known is not None:
        return known
    variation = dict(before.variation)
    variation.pop("unchanged", None)
    if kind == "small":
        people = scenarios.problem_of(round, variation, []).requests["worker_id"].nunique()
        variation["unchanged"] = max(0, people - (wanted["most"] or 0))
    return scenarios.compute(
        round=round,
        name=name,
        member=member,
        variation=variation,
        instead_of=before if kind == "small" else None,
        progress=say,
        cancelled=cancelled,
    )


def _standing(round: Round) -> list[Adjustment]:
    return list(round.adjustments.filter(withdrawn_at__isnull=True).order_by("pk"))

"""What each lever of a rule does: the same requests divided with it, and without it.

The requests are those of the fund's last published round, as they were frozen; a fund that has
none yet, or whose last round lacks a fact that the rule asks for, gets invented ones. Only shares
and numbers come out, never of a group of fewer than ten people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from allocation.models import Policy, Round
from allocation.optimiser import InvalidInput
from allocation.optimiser import Policy as Rule
from allocation.rounds import snapshot
from budgetpool import lazily
from budgetpool.jobs import work
from budgetpool.money import to_cents

if TYPE_CHECKING:
    import threading

    import numpy as np
    import pandas as pd

    from allocation.laboratory import plan as plans
    from allocation.laboratory import sample
    from allocation.optimiser import Problem, trial
else:
    np = lazily.module("numpy")
    pd = lazily.module("pandas")
    plans = lazily.module("allocation.laboratory.plan")
    sample = lazily.module("allocation.laboratory.sample")
    trial = lazily.module("allocation.optimiser.trial")

SMALLEST_GROUP: Final = 10
# As many as in a round of the board's laboratory.
INVENTED: Final = 300
PUBLISHED: Final = (Round.Status.PUBLISHED, Round.Status.FINISHED)

type Rules = dict[str, Any]
type Figure = Callable[["Divided"], float | None]


@dataclass(frozen=True)
class Divided:
    """The requests of one round, a row per choice, with the cents that a rule gives to each."""

    requests: pd.DataFrame
    cents: Any
    ceiling_cents: int

    @property
    def awarded(self) -> pd.DataFrame:
        """The rows that get money."""
        awarded: pd.DataFrame = self.requests[self.cents > 0]
        return awarded


def of(
    policy: Policy,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: threading.Event | None = None,
) -> dict[str, Any]:
    """Measure what each lever of a rule does.

    Returns:
        `round`: the code of the round whose requests were divided, empty for invented ones;
        `requests`: how many people ask; `levers`: per code of a lever its `kind` (what the figure
        tells: `share`, `smallest`, `people`, `first`, `largest`, `most` or `back`), and the figure
        `with` the lever and `without` it. A lever that cannot be taken away has no figure.

    Raises:
        Cancelled: somebody asked to stop.
    """
    problem_of, found = _requests(policy)
    wanted = list(_tries(policy.rules))
    base = _divide(problem_of(policy.rules))
    for done, (lever, kind, without, figure) in enumerate(wanted, start=1):
        if cancelled is not None and cancelled.is_set():
            raise work.Cancelled
        now, then = figure(base), figure(_divide(problem_of(without)))
        if now is not None and then is not None:
            found["levers"][lever] = {"kind": kind, "with": now, "without": then}
        progress(done, len(wanted))
    return found


def _requests(policy: Policy) -> tuple[Callable[[Rules], Problem], dict[str, Any]]:
    """How to put the same requests before another rule, and what they are."""
    last = (
        Round.objects.filter(fund=policy.fund, status__in=PUBLISHED)
        .order_by("-published_at")
        .first()
    )
    if last is not None:
        frozen, ceiling = last.snapshot, to_cents(last.ceiling)

        def real(rules: Rules) -> Problem:
            return snapshot.read(frozen, _rule(rules, ceiling))

        try:
            real(policy.rules)
        except InvalidInput:
            pass  # The frozen requests do not hold what this rule asks for.
        else:
            return real, {"round": last.code, "requests": frozen.requests, "levers": {}}

    def invented(rules: Rules) -> Problem:
        return sample.one_round(plans.Plan.of(rules=rules, seeds=[sample.SEED], requests=INVENTED))

    try:
        people = invented(policy.rules).requests["worker_id"].nunique()
    except InvalidInput:
        # Nobody invented has waited: that lever alone is left out.
        rest = {key: value for key, value in policy.rules.items() if key != "waiting"}
        people = invented(rest).requests["worker_id"].nunique()
        return (
            lambda rules: invented({k: v for k, v in rules.items() if k != "waiting"}),
            {"round": "", "requests": int(people), "levers": {}},
        )
    return invented, {"round": "", "requests": int(people), "levers": {}}


def _rule(rules: Rules, ceiling_cents: int) -> Rule:
    return Rule.from_dict(
        {**rules, "name": "consultation", "seed": "consultation", "ceiling_cents": ceiling_cents}
    )


def _divide(problem: Problem) -> Divided:
    return Divided(problem.requests, trial.divide(problem), problem.policy.ceiling_cents)


def _tries(rules: Rules) -> list[tuple[str, str, Rules, Figure]]:
    """Each lever that can be taken away: its code, kind of figure, the rule without it, figure."""
    tries: list[tuple[str, str, Rules, Figure]] = []
    for place, floor in enumerate(rules.get("floor", [])):
        rest = [row for row in rules["floor"] if row is not floor]
        column, equals = floor["column"], str(floor["equals"])
        tries.append(
            (f"floor:{place}", "share", {**rules, "floor": rest}, _share_of(column, equals))
        )
    if rules.get("solidarity"):
        column = rules["solidarity"]["column"]
        tries.append(("solidarity", "smallest", _less(rules, "solidarity"), _smallest(column)))
    if rules.get("coverage"):
        bare = _less(rules, "coverage", "fairness", "coverage_cap")
        tries.append(("coverage", "smallest", bare, _smallest(rules["coverage"])))
    other = "points" if rules.get("value") == "points_times_amount" else "points_times_amount"
    tries.append(("value", "people", {**rules, "value": other}, _people))
    percents = rules.get("choice_percent", [100])
    if len(set(percents)) > 1:
        alike = {**rules, "choice_percent": [100] * len(percents)}
        tries.append(("choices", "first", alike, _first_choices))
    for place, cap in enumerate(rules.get("cap", [])):
        rest = [row for row in rules["cap"] if row is not cap]
        by_count = "count" in cap
        figure = _most(cap["column"]) if by_count else _largest(cap["column"])
        tries.append(
            (f"cap:{place}", "most" if by_count else "largest", {**rules, "cap": rest}, figure)
        )
    return tries


def _less(rules: Rules, *keys: str) -> Rules:
    return {key: value for key, value in rules.items() if key not in keys}


def _share_of(column: str, equals: str) -> Figure:
    """The part of the ceiling that goes to a group."""

    def figure(divided: Divided) -> float | None:
        theirs = (divided.requests[column].astype(str) == equals).to_numpy()
        people = divided.requests.loc[theirs, "worker_id"].nunique()
        if people < SMALLEST_GROUP or not divided.ceiling_cents:
            return None
        return int(divided.cents[theirs].sum()) / divided.ceiling_cents

    return figure


def _smallest(column: str) -> Figure:
    """Of the people who ask, the part that gets a training, in the group where it is smallest."""

    def figure(divided: Divided) -> float | None:
        asking = divided.requests.groupby(column)["worker_id"].nunique()
        awarded = divided.awarded.groupby(column)["worker_id"].nunique()
        large = asking[asking >= SMALLEST_GROUP]
        if large.empty:
            return None
        return float((awarded.reindex(large.index).fillna(0) / large).min())

    return figure


def _people(divided: Divided) -> float:
    return float(divided.awarded["worker_id"].nunique())


def _first_choices(divided: Divided) -> float | None:
    """Of those who get a training, the part that gets their first choice."""
    awarded = divided.awarded
    return None if awarded.empty else float((awarded["choice"].astype(int) == 1).mean())


def _largest(column: str) -> Figure:
    """The part of the ceiling that goes to the one that gets most."""

    def figure(divided: Divided) -> float | None:
        if not divided.ceiling_cents or not (divided.cents > 0).any():
            return None
        by = pd.Series(divided.cents).groupby(divided.requests[column].to_numpy()).sum()
        return int(by.max()) / divided.ceiling_cents

    return figure


def _most(column: str) -> Figure:
    """How many people the one has that gets most."""

    def figure(divided: Divided) -> float | None:
        awarded = divided.awarded
        return None if awarded.empty else float(awarded[column].value_counts().max())

    return figure

"""A national round: every region's round of these names divided, verified and recorded.

Each region stays its own round with its own rule, money and board; what is national is that all
are asked for at once, by the operator, and done by all workers side by side. A board finds the
scenario among its own. Asking again asks only for what is not there yet.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allocation.models import Round, Scenario
from allocation.rounds import tasks
from allocation.rounds.scenarios import Wanted
from budgetpool.jobs.models import Job


@dataclass(frozen=True)
class Regional:
    """One region's part: its round and the job that divides it; no job where it was there."""

    round: Round
    job: Job | None


def ready(codes: Sequence[str]) -> list[Round]:
    """The closed and drawn rounds with these names, of all regions, in the order of regions."""
    rounds = Round.objects.select_related("fund__region", "policy", "window").filter(
        window__code__in=codes, status=Round.Status.CLOSED
    )
    return list(rounds.exclude(draw_outcome="").order_by("fund__region__code", "pk"))


def ask(rounds: Iterable[Round], *, name: str) -> list[Regional]:
    """Ask for one scenario by the fund's rule in each round that has none of this name.

    Raises:
        NotReady: what `tasks.ask_scenarios` refuses; what was asked before it stays asked.
    """
    there = set(
        Scenario.objects.filter(name=name, verified=True).values_list("round_id", flat=True)
    )
    return [Regional(round, None if round.pk in there else _asked(round, name)) for round in rounds]


def states(asked: Iterable[Regional]) -> Counter[str]:
    """How many of the rounds wait, run, are done or failed."""
    keys = [one.job.pk for one in asked if one.job]
    found = Counter(Job.objects.filter(pk__in=keys).values_list("state", flat=True))
    found[Job.State.DONE] += sum(one.job is None for one in asked)
    return found


def unverified(asked: Iterable[Regional], *, name: str) -> list[Round]:
    """The rounds that have no verified scenario of this name."""
    verified = set(
        Scenario.objects.filter(name=name, verified=True).values_list("round_id", flat=True)
    )
    return [one.round for one in asked if one.round.pk not in verified]


def _asked(round: Round, name: str) -> Job:
    wanted: Wanted = {"name": name, "rule": Scenario.Rule.OPTIMISER.value, "variation": {}}
    return tasks.ask_scenarios(round=round, member=None, wanted=[wanted])

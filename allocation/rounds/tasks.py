"""The long work of a round as jobs: scenarios, the price of fairness, what would have changed.

A page asks, shows how far the job is, and shows what came out; the work itself is done by a
program of its own (`manage.py ox_worker`), so that no page waits for the solver.
"""

from collections.abc import Callable
from typing import Any, Final, TypedDict

from django.tasks import task

from allocation import access, policies, price_of_fairness
from allocation.errors import NotReady
from allocation.models import Round, Scenario
from allocation.optimiser import StoppedEarly
from allocation.rounds import explaining, scenarios, steps
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.users.models import User

CURVE_STEPS: Final = 4


class Wanted(TypedDict):
    """A scenario to compute: what `scenarios.compute` takes."""

    name: str
    rule: str
    variation: dict[str, Any]


def prefix(round: Round) -> str:
    """How the keys of a round's jobs begin."""
    return f"round:{round.pk}:"


def ask_scenarios(*, round: Round, member: User, wanted: list[Wanted]) -> Job:
    """Ask for one or more scenarios, one after the other.

    Raises:
        NotAllowed, WrongStep, NotReady: what `scenarios.compute` refuses, before anything runs;
            `computing`: other scenarios of this round are being computed.
    """
    for one in wanted:
        scenarios.require(round=round, member=member, **one)
    key = f"{prefix(round)}scenarios"
    return _asked(
        work.ask(key=key, task=compute, requested_by=member, round=round.pk, scenarios=wanted),
        scenarios=wanted,
    )


def ask_curve(*, round: Round, member: User) -> Job:
    """Ask for the curve of the price of fairness.

    Raises:
        NotAllowed, WrongStep: no vote, or the round is not closed or is published.
        NotReady: `not_drawn`; `no_groups`: the rule names no groups that must all be served.
    """
    access.require_vote(member, round)
    steps.check(round, "price")
    if not round.draw_outcome:
        raise NotReady("not_drawn", round=round.code)
    if not round.policy.rules.get("coverage"):
        raise NotReady("no_groups", round=round.code)
    return work.ask(key=f"{prefix(round)}curve", task=curve, requested_by=member, round=round.pk)


def ask_explanation(*, round: Round, member: User) -> Job:
    """Ask what would have changed each refusal of the round's proposal.

    Raises:
        NotAllowed, WrongStep: no vote, or the round has no proposal or is published.
    """
    access.require_vote(member, round)
    steps.check(round, "explain")
    return work.ask(
        key=f"{prefix(round)}explain:{round.proposal_id}",
        task=explain,
        requested_by=member,
        scenario=round.proposal_id,
    )


@task
def compute(job_id: int) -> None:
    """Compute the scenarios of a job; those that exist already were made before a crash."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.get(pk=job.arguments["round"])
        member, wanted = job.row.requested_by, job.arguments["scenarios"]
        assert member is not None
        for done, one in enumerate(wanted):
            facts = {"name": one["name"], "done": done, "total": len(wanted)}
            job.progress(**facts)
            if round.scenarios.filter(name=one["name"]).exists():
                continue
            scenarios.compute(
                round=round,
                member=member,
                progress=_with(job, facts),
                cancelled=job.cancelled,
                **one,
            )
        job.done(scenarios=[one["name"] for one in wanted])


@task
def curve(job_id: int) -> None:
    """Compute the price of fairness; the rows are the job's result."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.get(pk=job.arguments["round"])
        problem = scenarios.problem_of(round, {}, [])
        try:
            found = price_of_fairness.curve(
                problem,
                steps=CURVE_STEPS,
                progress=lambda event: job.progress(**event),
                cancelled=job.cancelled,
            )
        except StoppedEarly as stop:
            if stop.reason == "cancelled":
                raise work.Cancelled from None
            raise
        job.done(rows=found.to_dict("records"), policy_sha256=policies.rule_of(round).sha256())


@task
def explain(job_id: int) -> None:
    """Find what would have changed each refusal of a scenario."""
    with work.running(job_id) as job:
        if job is None:
            return
        scenario = Scenario.objects.select_related("round").get(pk=job.arguments["scenario"])
        row = explaining.explain(
            scenario=scenario,
            progress=lambda event: job.progress(**event),
            cancelled=job.cancelled,
        )
        job.done(refused=row.refused, told=row.told)


def _with(job: work.RunningJob, facts: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Show the facts of the present scenario beside each event."""
    return lambda event: job.progress(**facts, **event)


def _asked(job: Job, **expected: Any) -> Job:
    """Refuse where other work under the same key is under way."""
    if any(job.arguments.get(name) != value for name, value in expected.items()):
        raise NotReady("computing", by=str(job.requested_by))
    return job

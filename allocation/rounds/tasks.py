"""The long work of a round as jobs: odds, scenarios, the price of fairness, reasons of refusals.

A page asks, shows how far the job is, and shows what came out; the work itself is done by a
program of its own (`manage.py work`), so that no page waits for the solver.
"""

from collections.abc import Callable
from typing import Any, Final

from django.tasks import task

from allocation.models import Round, Scenario
from allocation.optimiser import StoppedEarly, allowance
from allocation.rounds import (
    changing,
    explaining,
    odds,
    price_of_fairness,
    publishing,
    scenarios,
    steps,
)
from allocation.rounds.scenarios import Wanted
from allocation.rules import access, policies
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

# Six points: fewer show no bend.
CURVE_STEPS: Final = 5
# A whole region waits for a publication; for a curve nobody does.
FIRST: Final = 10
LATER: Final = -5


def prefix(round: Round) -> str:
    """How the keys of a round's jobs begin."""
    return f"round:{round.pk}:"


def lock(round: Round) -> str:
    """The lock of a round's region: of all rounds there one is worked at."""
    return f"region:{round.fund.region.code}"


def ask_scenarios(*, round: Round, member: User | None, wanted: list[Wanted]) -> Job:
    """Ask for one or more scenarios, one after the other.

    Args:
        member: who asks; None for the operator's national round.

    Raises:
        NotAllowed, WrongStep, NotReady: what `scenarios.compute` refuses, before anything runs;
            `computing`: other scenarios of this round are being computed.
    """
    scenarios.require_all(round=round, member=member, wanted=wanted)
    key = f"{prefix(round)}scenarios"
    return _asked(
        work.ask(
            key=key,
            task=compute,
            requested_by=member,
            lock=lock(round),
            round=round.pk,
            scenarios=wanted,
        ),
        scenarios=wanted,
    )


def ask_change(*, round: Round, member: User, wanted: changing.Wanted) -> Job:
    """Ask for the new best division and the smallest change beside it, after a decision.

    Raises:
        NotAllowed, WrongStep, NotReady: what `changing.require` refuses, before anything runs;
            `computing`: another change of this round is being computed.
    """
    changing.require(round=round, member=member, wanted=wanted)
    key = f"{prefix(round)}change"
    return _asked(
        work.ask(
            key=key,
            task=change,
            requested_by=member,
            lock=lock(round),
            round=round.pk,
            wanted=dict(wanted),
        ),
        wanted=dict(wanted),
    )


def ask_odds(*, round: Round, member: User) -> Job:
    """Ask for the chance of each class of equal cases, before the draw.

    Raises:
        NotAllowed, WrongStep, NotReady: what `odds.require` refuses, before anything runs.
    """
    odds.require(round=round, member=member)
    return work.ask(
        key=f"{prefix(round)}odds",
        task=count_odds,
        requested_by=member,
        lock=lock(round),
        priority=LATER,
        round=round.pk,
    )


def ask_curve(*, round: Round, member: User) -> Job:
    """Ask for the curve of the price of fairness.

    Raises:
        NotAllowed, WrongStep: no vote, or the round is not closed or is published.
        NotReady: `not_drawn`; `no_groups`: the rule names no groups that must all be served.
    """
    access.require_step(member, round, "price")
    steps.check(round, "price")
    if not round.draw_outcome:
        raise NotReady("not_drawn", round=round.code)
    if not round.policy.rules.get("coverage"):
        raise NotReady("no_groups", round=round.code)
    return work.ask(
        key=f"{prefix(round)}curve",
        task=curve,
        requested_by=member,
        lock=lock(round),
        priority=LATER,
        round=round.pk,
    )


def ask_explanation(*, round: Round, member: User) -> Job:
    """Ask what would have changed each refusal of the round's proposal.

    Raises:
        NotAllowed, WrongStep: no vote, or the round has no proposal or is published.
    """
    access.require_step(member, round, "explain")
    steps.check(round, "explain")
    return work.ask(
        key=f"{prefix(round)}explain:{round.proposal_id}",
        task=explain,
        requested_by=member,
        lock=lock(round),
        scenario=round.proposal_id,
    )


def ask_publication(*, round: Round, member: User) -> Job:
    """Ask to publish the round; all of it takes effect at one moment, or nothing.

    Raises:
        NotAllowed, WrongStep, NotReady: what `publishing.require` refuses, before anything runs.
    """
    publishing.require(round=round, member=member)
    key = f"{prefix(round)}publish"
    return work.ask(
        key=key,
        task=publish,
        requested_by=member,
        lock=lock(round),
        priority=FIRST,
        round=round.pk,
    )


@task
def publish(job_id: int) -> None:
    """Publish a round in the name of who asked; doing it again after a crash is harmless."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.select_related("snapshot").get(pk=job.arguments["round"])
        member = job.row.requested_by
        assert member is not None
        job.progress(stage="publish", requests=round.snapshot.requests)
        publishing.publish(round=round, member=member)
        job.done(requests=round.snapshot.requests)


@task
def compute(job_id: int) -> None:
    """Compute the scenarios of a job; those that exist already were made before a crash."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.get(pk=job.arguments["round"])
        member, wanted = job.row.requested_by, job.arguments["scenarios"]
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
def change(job_id: int) -> None:
    """Compute a change; the rows of its frontier are the job's result."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.get(pk=job.arguments["round"])
        member = job.row.requested_by
        assert member is not None
        rows = changing.compute(
            round=round,
            member=member,
            wanted=job.arguments["wanted"],
            progress=lambda event: job.progress(**event),
            cancelled=job.cancelled,
        )
        job.done(rows=rows)


@task
def count_odds(job_id: int) -> None:
    """Count the odds in the name of who asked; what was counted before a crash is kept."""
    with work.running(job_id) as job:
        if job is None:
            return
        round = Round.objects.get(pk=job.arguments["round"])
        member = job.row.requested_by
        assert member is not None

        def progress(event: dict[str, Any]) -> None:
            drawn = event["stage"] == "odds"
            of = {"done": event["value"], "total": allowance.DRAWS} if drawn else {}
            job.progress(**event, **of)

        found = odds.compute(round=round, member=member, progress=progress, cancelled=job.cancelled)
        job.done(classes=found.classes, exact=found.exact)


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

"""A run of the laboratory as a job that a board asks for; its attempts are the runs of before.

laboratory:BIJ3-09, attempt 1, 2, …
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task

from allocation.laboratory import run
from allocation.laboratory.plan import HONEST, Plan
from allocation.models import Policy
from allocation.optimiser.errors import InvalidInput, StoppedEarly
from allocation.rules import access
from budgetpool import lazily
from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

if TYPE_CHECKING:
    from allocation.laboratory import bands
else:
    bands = lazily.module("allocation.laboratory.bands")

# Rounds of people who wait go first.
LATER: Final = -5
# A worker's machine has other work, too.
PROCESSES: Final = 2
# How often the page hears how far it is.
STEPS: Final = 50


def ask(*, fund: Fund, policy: Policy, member: User, seeds: int, **sizes: Any) -> Job:
    """Ask for a run with the seeds 1, 2, … of a policy of this fund, frozen or not.

    Where a run of this fund is under way, that one is given and no other begins.

    Args:
        sizes: `requests`, `rounds`, `years` of the plan.

    Raises:
        NotAllowed: `no_seat`. NotReady: `other_fund`: the policy is another fund's;
            `rules_invalid`: the plan is refused.
    """
    access.require_seat(member, region=fund.region, roles=access.BOARD)
    if policy.fund_id != fund.pk:
        raise NotReady("other_fund", fund=str(fund))
    try:
        plan = Plan.of(rules=policy.rules, seeds=range(1, seeds + 1), **sizes)
    except InvalidInput as error:
        raise NotReady("rules_invalid", faults=[str(fault) for fault in error.faults]) from error
    before = work.latest(_key(fund))
    if before and not before.is_over:
        return before
    with transaction.atomic():
        job = work.ask(
            key=_key(fund),
            task=simulate,
            requested_by=member,
            priority=LATER,
            plan=plan.to_json(),
            policy=policy.pk,
            policy_name=str(policy),
        )
        trail.record(
            actor=member,
            action="laboratory.asked",
            subject=policy,
            region_code=fund.region.code,
            attempt=job.attempt,
            seeds=seeds,
            **sizes,
        )
    return job


@task
def simulate(job_id: int) -> None:
    """Simulate a plan; the bands are the job's result."""
    with work.running(job_id) as job:
        if job is None:
            return
        plan = Plan.from_json(job.arguments["plan"])

        def told(done: int, total: int) -> None:
            if done % -(-total // STEPS) == 0 or done == total:
                job.progress(done=done, total=total)

        try:
            found = run.simulate(plan, processes=PROCESSES, progress=told, cancelled=job.cancelled)
        except StoppedEarly as stop:
            if stop.reason == "cancelled":
                raise work.Cancelled from None
            raise
        summary = bands.summary(plan, found)
        # What the page shows; all of it is made again from the plan.
        summary["worlds"] = {HONEST: summary["worlds"][HONEST]}
        del summary["against_fcfs"]
        job.done(**summary)


def runs_of(fund: Fund) -> QuerySet[Job]:
    """The runs of this fund, the last one first."""
    return Job.objects.filter(key=_key(fund)).order_by("-attempt")


def find(fund: Fund, attempt: int) -> Job | None:
    """One run of this fund; None where it is of another or does not exist."""
    return Job.objects.filter(key=_key(fund), attempt=attempt).first()


def _key(fund: Fund) -> str:
    return f"laboratory:{fund.region.code}"

"""Letting a provider drop out as a job: thousands of awards are more than a page may wait for.

The job is all or nothing: what `replacing.drop_out` writes is one transaction. A worker that dies
half way leaves nothing behind, and the next one begins anew; one that dies just after the end
leaves a drop-out that the next one finds and reports.
"""

from datetime import date

from django.tasks import task

from allocation.payouts import replacing
from budgetpool.fund.models import Fund
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.register.models import Provider
from budgetpool.users.models import User


def prefix(fund: Fund) -> str:
    """How the keys of a fund's drop-outs begin."""
    return f"dropout:{fund.pk}:"


def ask_drop_out(
    *, fund: Fund, provider: Provider, reason: str, choose_by: date, actor: User
) -> Job:
    """Ask to let a provider drop out; the job that is under way where it was asked already.

    The result's `dropout` is the key of what came out.

    Raises:
        NotAllowed, NotReady, TooLate: what `replacing.drop_out` refuses before it counts anybody.
    """
    replacing.require(fund=fund, provider=provider, reason=reason, choose_by=choose_by, actor=actor)
    return work.ask(
        key=f"{prefix(fund)}{provider.pk}",
        task=drop_out,
        requested_by=actor,
        lock=f"region:{fund.region.code}",
        fund=fund.pk,
        provider=provider.pk,
        reason=reason,
        choose_by=choose_by.isoformat(),
    )


def of_fund(fund: Fund) -> list[Job]:
    """The newest job of each provider of a fund, the one asked last first."""
    return work.latest_of(prefix(fund))


@task
def drop_out(job_id: int) -> None:
    """Let the provider of a job drop out, in the name of the person who asked."""
    with work.running(job_id) as job:
        if job is None:
            return
        facts, actor = job.arguments, job.row.requested_by
        assert actor is not None
        fund = Fund.objects.select_related("region").get(pk=facts["fund"])
        provider = Provider.objects.get(pk=facts["provider"])
        job.progress(people=replacing.look(fund=fund, provider=provider).awards_count)
        made = replacing.drop_out(
            fund=fund,
            provider=provider,
            reason=facts["reason"],
            choose_by=date.fromisoformat(facts["choose_by"]),
            actor=actor,
        )
        job.done(dropout=made.pk)

"""What each lever of a rule does, measured by the worker program, once per consultation."""

from django.tasks import task

from allocation.consultations import effects
from allocation.models import Consultation
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.users.models import User


def ask_effects(consultation: Consultation, member: User) -> Job:
    """Ask what each lever does; asking again gives the job that runs, or a new one."""
    return work.ask(
        key=key_of(consultation),
        task=measure,
        requested_by=member,
        consultation=consultation.pk,
    )


def key_of(consultation: Consultation) -> str:
    """The key of the job that measures the effects."""
    return f"consultation:{consultation.pk}:effects"


@task
def measure(job_id: int) -> None:
    """Measure the effects of a draft's levers, and keep them with its consultation."""
    with work.running(job_id) as job:
        if job is None:
            return
        row = Consultation.objects.select_related("policy__fund").get(
            pk=job.arguments["consultation"]
        )
        found = effects.of(
            row.policy,
            progress=lambda done, total: job.progress(done=done, total=total),
            cancelled=job.cancelled,
        )
        Consultation.objects.filter(pk=row.pk, effects__isnull=True).update(effects=found)
        job.done(levers=len(found["levers"]))

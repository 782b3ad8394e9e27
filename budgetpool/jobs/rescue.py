"""Give work that nobody does any more to somebody else.

A job that runs holds a lock that dies with its worker. So a job that is marked as running while
its lock is free has lost its worker, and is asked for again; no clock has to be trusted.
"""

import logging
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from budgetpool.jobs import engine, locks, work
from budgetpool.jobs.models import Job

logger = logging.getLogger(__name__)

# A job that took so many workers down with it is not tried again.
MOST_STARTS: Final = 20
# So long a job may be on its way between our table and the engine's.
ON_ITS_WAY: Final = timedelta(seconds=20)


def look() -> int:
    """Ask again for what lost its worker or its place in the queue; gives how much that was."""
    chosen = engine.chosen()
    chosen.let_go_of_the_dead()
    lost = list(Job.objects.filter(state=Job.State.RUNNING).values_list("pk", flat=True))
    found = sum(_taken_from_the_dead(pk, chosen) for pk in lost)
    if chosen.is_idle():
        found += sum(_asked_again(job) for job in _forgotten())
    return found


def _taken_from_the_dead(pk: int, chosen: engine.Engine) -> bool:
    with locks.held(work.lock_of(pk)) as ours:
        if not ours:
            return False
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=pk, state=Job.State.RUNNING).first()
            if job is None:
                return False
            logger.warning("job %s lost its worker", job.key)
            chosen.forget(pk)
            if job.cancel_asked_at:
                work.end(job, Job.State.CANCELLED)
            elif job.starts >= MOST_STARTS or not job.task:
                work.end(job, Job.State.FAILED, error=f"Begun {job.starts} times, never finished.")
            else:
                work.again(job)
    return True


def _forgotten() -> list[Job]:
    """Jobs that wait while the queue is empty: it was restored, or the engine was changed."""
    before = timezone.now() - ON_ITS_WAY
    return list(Job.objects.filter(state=Job.State.QUEUED, offered_at__lt=before).exclude(task=""))


def _asked_again(job: Job) -> bool:
    logger.warning("job %s was not in the queue", job.key)
    with transaction.atomic():
        work.again(job)
    return True

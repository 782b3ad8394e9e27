"""Ask for long work, do it, and say how far it is.

    @task
    def propose(job_id: int) -> None:
        with work.running(job_id) as job:
            if job:
                job.done(**thought_of(..., progress=job.progress, cancelled=job.cancelled))

    work.ask(key="round:17:propose", task=propose, requested_by=chair)

A worker that dies in the middle leaves the job `running`; the queue gives it to another worker,
which starts it again. So the work itself must be safe to repeat.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.tasks import Task
from django.utils import timezone

from budgetpool.jobs.models import Job
from budgetpool.users.models import User

logger = logging.getLogger(__name__)

# How often running work looks whether somebody asked it to stop.
LOOK_SECONDS = 0.5


class Cancelled(Exception):
    """Raised by the work itself when it stopped because it was asked to."""


def ask(
    *, key: str, task: "Task[..., Any]", requested_by: User | None = None, **arguments: Any
) -> Job:
    """Queue the work named by `key`, or return the job that is waiting or running already.

    Runs inside the caller's transaction: no job without its facts, no facts without their job.

    Args:
        key: what is to be done to what, such as `round:17:propose`; asked once at a time.
        task: a `django.tasks` task that takes the job's key in the database.
        arguments: small JSON values for the task.
    """
    last = latest(key)
    if last and not last.is_over:
        return last
    job = Job(
        key=key,
        attempt=last.attempt + 1 if last else 1,
        requested_by=requested_by,
        arguments=arguments,
    )
    job.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            job.save()
            task.enqueue(job_id=job.pk)
    except IntegrityError:
        # Somebody else asked at the same moment: theirs is the job.
        return Job.objects.filter(key=key).latest("attempt")
    return job


def latest(key: str) -> Job | None:
    """The newest job under this key."""
    return Job.objects.filter(key=key).order_by("-attempt").first()


def latest_of(prefix: str) -> list[Job]:
    """The newest job under each key that begins so, the one asked last first."""
    newest: dict[str, Job] = {}
    for job in Job.objects.filter(key__startswith=prefix).order_by("-attempt"):
        newest.setdefault(job.key, job)
    return sorted(newest.values(), key=lambda job: (job.queued_at, job.pk), reverse=True)


def cancel(job: Job) -> None:
    """Ask a job to stop: at once where it still waits, else as soon as the work notices."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.CANCELLED, cancel_asked_at=now, finished_at=now):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_asked_at=now)


class RunningJob:
    """What the work itself holds while it runs."""

    def __init__(self, row: Job) -> None:
        self.row = row
        self.arguments: dict[str, Any] = row.arguments
        self.result: dict[str, Any] = {}
        self.cancelled = _AskedToStop(row.pk)

    def progress(self, **facts: Any) -> None:
        """Show how far the work is: small JSON values, such as stage, bound and gap."""
        Job.objects.filter(pk=self.row.pk).update(progress=facts)

    def done(self, **result: Any) -> None:
        """Keep what came out: small JSON values."""
        self.result = result


class _AskedToStop(threading.Event):
    """Set when somebody asked the job to stop; looks in the database now and then."""

    def __init__(self, pk: int) -> None:
        super().__init__()
        self.pk, self.looked_at = pk, time.monotonic()

    def is_set(self) -> bool:
        """Whether the work should stop now."""
        now = time.monotonic()
        if not super().is_set() and now - self.looked_at >= LOOK_SECONDS:
            self.looked_at = now
            if Job.objects.filter(pk=self.pk, cancel_asked_at__isnull=False).exists():
                self.set()
        return super().is_set()


@contextmanager
def running(job_id: int) -> Iterator[RunningJob | None]:
    """Mark the job as running, then as done or failed; None when it was finished before.

    The work looks at `cancelled`, and raises `Cancelled` when it stopped for that. An error is
    written to the job and to the log, and goes no further: a page shows it, and somebody asks
    again. Only a crash of the worker makes the queue try again by itself.
    """
    row = Job.objects.get(pk=job_id)
    if row.is_over:
        yield None
        return
    started = Job.objects.filter(pk=job_id)
    started.update(state=Job.State.RUNNING, started_at=timezone.now(), progress={})
    job = RunningJob(row)
    try:
        yield job
    except Cancelled:
        started.update(state=Job.State.CANCELLED, finished_at=timezone.now())
    except Exception as error:
        logger.exception("job %s failed", row.key)
        started.update(
            state=Job.State.FAILED,
            error=f"{type(error).__name__}: {error}"[:500],
            result=_refusal(error),
            finished_at=timezone.now(),
        )
    else:
        started.update(state=Job.State.DONE, result=job.result, finished_at=timezone.now())


def _refusal(error: Exception) -> dict[str, Any]:
    """The code and parameters of an error that has them, so that a page can put it into words."""
    code, params = getattr(error, "code", None), getattr(error, "params", None)
    if not isinstance(code, str) or not isinstance(params, dict):
        return {}
    plain: dict[str, Any] = json.loads(json.dumps(params, default=str))
    return {"code": code, "params": plain}

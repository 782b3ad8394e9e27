"""Ask for long work, do it, and say how far it is.

    @task
    def propose(job_id: int) -> None:
        with work.running(job_id) as job:
            if job:
                job.done(**thought_of(..., progress=job.progress, cancelled=job.cancelled))

    work.ask(key="round:17:propose", task=propose, requested_by=chair)

A worker that dies in the middle leaves the job `running` and lets go of its locks; the keeper
(`rescue.py`) gives it to another worker, which starts it again. So the work itself must be safe to
repeat. Two jobs with the same lock, such as those of one region, never run at once.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.tasks import Task
from django.utils import timezone
from django.utils.module_loading import import_string

from budgetpool import logs
from budgetpool.jobs import locks
from budgetpool.jobs.models import Job
from budgetpool.users.models import User

logger = logging.getLogger(__name__)

# How often running work looks whether somebody asked it to stop.
LOOK_SECONDS = 0.5
# How long a job waits that met another with the same lock.
BUSY_SECONDS: Final = 2
# What may pass by itself is tried again, each time after twice as long.
PASSING: Final = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
MOST_TRIES: Final = 5
FIRST_WAIT_SECONDS: Final = 5


class Cancelled(Exception):
    """Raised by the work itself when it stopped because it was asked to."""


def ask(
    *,
    key: str,
    task: "Task[..., Any]",
    requested_by: User | None = None,
    lock: str = "",
    priority: int = 0,
    **arguments: Any,
) -> Job:
    """Queue the work named by `key`, or return the job that is waiting or running already.

    Runs inside the caller's transaction: no job without its facts, no facts without their job.

    Args:
        key: what is to be done to what, such as `round:17:propose`; asked once at a time.
        task: a `django.tasks` task that takes the job's key in the database.
        lock: jobs with the same lock never run at once, such as `region:BIJ3-09`.
        priority: from -100 to 100; the highest goes first.
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
        task=task.module_path,
        lock=lock,
        priority=priority,
    )
    job.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            job.save()
            _offer(job)
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


def repeated(job: Job) -> Job | None:
    """Ask once more for what failed or was stopped; None where nothing has to be asked.

    With the same arguments, lock and priority, as a job of its own: what became of the first stays.
    """
    newest = latest(job.key)
    bad = (Job.State.FAILED, Job.State.CANCELLED)
    if newest is None or newest.state not in bad or not newest.task:
        return None
    return ask(
        key=newest.key,
        task=import_string(newest.task),
        requested_by=newest.requested_by,
        lock=newest.lock,
        priority=newest.priority,
        **newest.arguments,
    )


def again(job: Job, *, after_seconds: float = 0) -> None:
    """Let a job wait for a worker once more."""
    job.state, job.offered_at = Job.State.QUEUED, timezone.now()
    job.save(update_fields=["state", "offered_at"])
    _offer(job, after_seconds=after_seconds)


def end(job: Job, state: Job.State, *, error: str = "") -> None:
    """End a job that no worker holds."""
    job.state, job.error, job.finished_at = state, error, timezone.now()
    job.save(update_fields=["state", "error", "finished_at"])


def lock_of(job_id: int) -> str:
    """The lock that a worker holds as long as it runs this job."""
    return f"job:{job_id}"


class RunningJob:
    """What the work itself holds while it runs.

    Another worker may have begun the job again while this one was cut off; then what this one
    says does not count any more.
    """

    def __init__(self, row: Job) -> None:
        self.row = row
        self.arguments: dict[str, Any] = row.arguments
        self.result: dict[str, Any] = {}
        self.cancelled = _AskedToStop(row.pk)

    def progress(self, **facts: Any) -> None:
        """Show how far the work is: small JSON values, such as stage, bound and gap."""
        self.write(progress=facts)

    def done(self, **result: Any) -> None:
        """Keep what came out: small JSON values."""
        self.result = result

    def write(self, **facts: Any) -> None:
        """Write to the job, as long as it is ours."""
        ours = Job.objects.filter(pk=self.row.pk, starts=self.row.starts, state=Job.State.RUNNING)
        if not ours.update(**facts):
            logger.warning("job %s was begun again by another worker", self.row.key)


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
    """Mark the job as running, then as done or failed.

    Gives None when there is nothing to do: it was finished before, another worker has it, or
    another job holds its lock, and then it waits a little longer.

    The work looks at `cancelled`, and raises `Cancelled` when it stopped for that. What may pass
    by itself, such as a database that is away, is tried again with longer and longer waits. Any
    other error is written to the job and to the log, and goes no further: a page shows it, and
    somebody asks again.
    """
    with locks.held(lock_of(job_id)) as ours:
        row = Job.objects.get(pk=job_id)
        if not ours or row.is_over:
            yield None
            return
        with locks.held(row.lock) as free:
            if not free:
                again(row, after_seconds=BUSY_SECONDS)
                yield None
                return
            job = _begun(row)
            try:
                yield job
            except Cancelled:
                job.write(state=Job.State.CANCELLED, finished_at=timezone.now())
            except Exception as error:
                _stumbled(job, error)
            else:
                job.write(state=Job.State.DONE, result=job.result, finished_at=timezone.now())


def _begun(row: Job) -> RunningJob:
    row.starts, row.state, row.started_at, row.progress = (
        row.starts + 1,
        Job.State.RUNNING,
        timezone.now(),
        {},
    )
    row.save(update_fields=["starts", "state", "started_at", "progress"])
    return RunningJob(row)


def _stumbled(job: RunningJob, error: Exception) -> None:
    """Try again what may pass, or write down what went wrong."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    said = logs.said(error)[:500]
    if isinstance(error, PASSING) and job.row.starts < MOST_TRIES:
        logger.warning("job %s is tried again: %s", job.row.key, said)
        again(job.row, after_seconds=FIRST_WAIT_SECONDS * 2 ** (job.row.starts - 1))
        return
    logger.exception("job %s failed", job.row.key)
    job.write(
        state=Job.State.FAILED, error=said, result=_refusal(error), finished_at=timezone.now()
    )


def _offer(job: Job, *, after_seconds: float = 0) -> None:
    """Give a job to the engine, in the transaction of its row."""
    task: Task[..., Any] = import_string(job.task).using(priority=job.priority)
    if after_seconds:
        task = task.using(run_after=timezone.now() + timedelta(seconds=after_seconds))
    task.enqueue(job_id=job.pk)


def _refusal(error: Exception) -> dict[str, Any]:
    """The code and parameters of an error that has them, so that a page can put it into words."""
    code, params = getattr(error, "code", None), getattr(error, "params", None)
    if not isinstance(code, str) or not isinstance(params, dict):
        return {}
    plain: dict[str, Any] = json.loads(json.dumps(params, default=str))
    return {"code": code, "params": plain}

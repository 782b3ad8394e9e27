"""The engine for many machines: Procrastinate on PostgreSQL, behind Django's tasks interface."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.apps import apps
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult, TaskResultStatus
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string
from procrastinate import App
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job, Status

# What every job of the queue is called; which task of ours it is stands in its arguments.
RUN: Final = "budgetpool.run"
HEARTBEAT_SECONDS: Final = 5
# Who did not say for so long that it lives is dead.
DEAD_SECONDS: Final = 20
LOOK_SECONDS: Final = 2

# Asks on the connection of the request, so that a job and its facts are stored together.
asking = App(connector=DjangoConnector())


class ProcrastinateBackend(BaseTaskBackend):
    """Tasks in the queue of Procrastinate, with the lock of their job."""

    supports_defer = True
    supports_priority = True

    def enqueue[**P, R](
        self, task: "Task[P, R]", args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> "TaskResult[P, R]":
        """Put a task into the queue, inside the caller's transaction."""
        self.validate_task(task)
        job_id = kwargs.get("job_id")
        deferrer = asking.configure_task(
            RUN,
            lock=_lock_of(job_id),
            priority=task.priority,
            queue=task.queue_name,
            schedule_at=task.run_after,
        )
        number = deferrer.defer(
            path=task.module_path,
            args=normalize_json(args),
            kwargs=normalize_json(dict(kwargs)),
            job_id=job_id,
        )
        return TaskResult(
            task=task,
            id=str(number),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def work(*, until_done: bool) -> None:
    """Do what waits, one job at a time, until somebody ends it or nothing waits."""
    app = DjangoApp(connector=DjangoConnector().get_worker_connector())
    app.task(name=RUN)(_run)
    asyncio.run(_worker(app, until_done=until_done))


async def _worker(app: App, *, until_done: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            concurrency=1,
            wait=not until_done,
            fetch_job_polling_interval=LOOK_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_SECONDS,
            # What was asked and what came out stand in our own rows.
            delete_jobs="always",
        )


def is_idle() -> bool:
    """Whether nothing waits or runs by what the engine knows."""
    manager = asking.job_manager
    return not any(
        list(manager.list_jobs(status=status.value)) for status in (Status.TODO, Status.DOING)
    )


def forget(job_id: int) -> None:
    """Let go of what a dead worker held for this job, so that its lock is free."""
    for held in asking.job_manager.list_jobs(status=Status.DOING.value):
        if _job_of(held) == job_id:
            _finish(held.id)


def let_go_of_the_dead() -> None:
    """Let go of all that dead workers held."""
    stalled = async_to_sync(asking.job_manager.get_stalled_jobs)(
        seconds_since_heartbeat=DEAD_SECONDS
    )
    for held in stalled:
        _finish(held.id)


def _finish(number: int | None) -> None:
    assert number is not None
    async_to_sync(asking.job_manager.finish_job_by_id_async)(
        job_id=number, status=Status.FAILED, delete_job=True
    )


def _run(path: str, args: list[Any], kwargs: dict[str, Any], job_id: int | None = None) -> None:
    import_string(path).call(*args, **kwargs)


def _job_of(held: Job) -> Any:
    """Django's connection gives the arguments as text, the worker's own as they were."""
    facts: Any = held.task_kwargs
    return (json.loads(facts) if isinstance(facts, str) else facts).get("job_id")


def _lock_of(job_id: Any) -> str | None:
    if job_id is None:
        return None
    return (
        apps.get_model("jobs", "Job").objects.values_list("lock", flat=True).get(pk=job_id) or None
    )

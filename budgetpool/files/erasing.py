"""Remove the bytes of files whose rows are gone: at once, or by a job as soon as it can be."""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.tasks import task

from budgetpool.jobs import work
from budgetpool.jobs.models import Job

logger = logging.getLogger(__name__)

PREFIX: Final = "erase:"


def erase_after_commit(names: Iterable[str]) -> None:
    """Remove these files once the transaction stands; a store that is away is asked again."""
    for name in filter(None, names):
        transaction.on_commit(partial(_erase, name))


@task
def erase(job_id: int) -> None:
    """Remove one file that could not be removed before."""
    with work.running(job_id) as job:
        if job:
            default_storage.delete(job.arguments["name"])


def _erase(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        # The rows are gone for good; the bytes must not stay because nobody remembers them.
        logger.warning("a file is removed later: %s", type(error).__name__)
        work.ask(key=f"{PREFIX}{name}"[:120], task=erase, name=name)


def ask_again() -> int:
    """Ask anew for what failed because the store was away for longer; gives how many files."""
    failed = [job for job in work.latest_of(PREFIX) if job.state == Job.State.FAILED]
    for job in failed:
        work.ask(key=job.key, task=erase, name=job.arguments["name"])
    return len(failed)

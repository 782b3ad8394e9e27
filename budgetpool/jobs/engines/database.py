"""The embedded engine: a queue in the application's own database, with no other service."""

from typing import Final

from django.core.management import call_command
from django_ox.models import OxTask

OPEN: Final = (OxTask.Status.READY, OxTask.Status.WAITING, OxTask.Status.RUNNING)


def work(*, until_done: bool) -> None:
    """Do what waits, one job at a time, until somebody ends it or nothing waits."""
    call_command("ox_worker", batch=until_done)


def is_idle() -> bool:
    """Whether nothing waits or runs by what the engine knows."""
    return not OxTask.objects.filter(status__in=OPEN).exists()


def forget(job_id: int) -> None:
    """Nothing to do: what a dead worker held comes back by itself, and finds its job done."""


def let_go_of_the_dead() -> None:
    """Nothing to do: every worker of this engine looks for what the dead held."""

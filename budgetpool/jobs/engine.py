"""Which engine does the work: one setting, and nothing above here knows which it is."""

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings


class Engine(Protocol):
    """What a module in `engines/` offers."""

    def work(self, *, until_done: bool) -> None:
        """Do what waits, one job at a time, until somebody ends it or nothing waits."""

    def is_idle(self) -> bool:
        """Whether nothing waits or runs by what the engine knows."""

    def forget(self, job_id: int) -> None:
        """Let go of what a dead worker held for this job."""

    def let_go_of_the_dead(self) -> None:
        """Let go of all that dead workers held."""


def chosen() -> Engine:
    """The engine that BUDGETPOOL_ENGINE names."""
    return cast(Engine, import_module(f"budgetpool.jobs.engines.{settings.ENGINE}"))

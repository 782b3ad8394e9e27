"""One of all workers, on whichever machine, keeps watch: it rescues lost work and asks for what
the calendar says. When it dies another is the keeper within ten seconds.

It is a thread beside the work, so that a long job does not stop it; and it writes down when it
last looked, so that somebody else (`doctor`, `/metrics`) sees when nobody keeps watch.
"""

import logging
import threading
from datetime import timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from budgetpool.jobs import calendar, locks, rescue
from budgetpool.jobs.models import Turn

logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 5
WATCH: Final = "keeper"
# Older than this, and nobody keeps watch.
ASLEEP: Final = timedelta(minutes=2)


class Keeper(threading.Thread):
    """The watch of one worker: it does something only while it holds the keeper's lock."""

    def __init__(self) -> None:
        super().__init__(name="keeper", daemon=True)
        self.ended = threading.Event()

    def run(self) -> None:
        """Look every few seconds until somebody ends it."""
        while not self.ended.wait(EVERY_SECONDS):
            try:
                look()
            except Exception:
                logger.exception("the keeper could not look")
            finally:
                connection.close()

    def end(self) -> None:
        """Stop, after the look that is under way."""
        self.ended.set()
        self.join(timeout=2 * EVERY_SECONDS)


def look() -> bool:
    """One look by whoever holds the lock; False where another does."""
    with locks.held(WATCH) as ours:
        if not ours:
            return False
        rescue.look()
        calendar.ask_for_what_is_due()
        Turn.objects.update_or_create(name=WATCH, defaults={"at": timezone.now()})
    return True


def seconds_since_watch() -> float | None:
    """How long ago somebody last kept watch; None where nobody ever did."""
    turn = Turn.objects.filter(name=WATCH).first()
    return (timezone.now() - turn.at).total_seconds() if turn else None

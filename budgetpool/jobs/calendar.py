"""What is done every night, by whichever worker is the keeper: no timer to set up by hand.

`settings.NIGHTLY` says what and when. Each entry runs once a night, as a job like all others, so
that it is seen, retried after a crash and done by one worker. A night on which no worker ran is
made up for when one starts.
"""

import io
from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from budgetpool.jobs import work
from budgetpool.jobs.models import Turn

# Whatever a person waits for goes first.
PRIORITY: Final = -10
KEPT_LETTERS: Final = 2000


def ask_for_what_is_due(now: datetime | None = None) -> list[str]:
    """Queue each nightly command whose time has come since its last turn; gives their names."""
    moment = now or timezone.now()
    return [
        name
        for at, name in settings.NIGHTLY
        if _asked(name, _last_due(time.fromisoformat(at), moment), moment)
    ]


@task
def nightly(job_id: int) -> None:
    """Run one nightly command, and keep the end of what it says."""
    with work.running(job_id) as job:
        if job is None:
            return
        said = io.StringIO()
        name, *arguments = job.arguments["command"].split()
        call_command(name, *arguments, stdout=said)
        job.done(said=said.getvalue()[-KEPT_LETTERS:])


def _asked(name: str, due: datetime, moment: datetime) -> bool:
    with transaction.atomic():
        turn, is_new = Turn.objects.select_for_update().get_or_create(
            name=f"nightly:{name}", defaults={"at": moment}
        )
        # A new installation begins with its next night.
        if is_new or turn.at >= due:
            return False
        work.ask(key=f"nightly:{name}", task=nightly, priority=PRIORITY, command=name)
        turn.at = moment
        turn.save(update_fields=["at"])
    return True


def _last_due(at: time, moment: datetime) -> datetime:
    """The latest moment, not after `moment`, at which the clock on the wall showed `at`."""
    local = timezone.localtime(moment)
    due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)

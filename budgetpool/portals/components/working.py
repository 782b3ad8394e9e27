"""What every page about long work says: that it waits, how long it is busy, why it did not end."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from budgetpool import refusals
from budgetpool.jobs.models import Job

# Waiting longer than this means that nobody does the work.
PATIENCE: Final = timedelta(seconds=20)


def waiting(job: Job) -> list[str]:
    """What to say about work that has not begun."""
    lines = [_("It waits for its turn")]
    if timezone.now() - job.queued_at > PATIENCE:
        lines.append(_("It waits long: let the administrator see whether the worker program runs"))
    return lines


def trouble(job: Job) -> str:
    """Why work did not come to its end; nothing where it did."""
    if job.state == Job.State.CANCELLED:
        return _("It was stopped. Nothing changed.")
    if job.state != Job.State.FAILED:
        return ""
    if job.result.get("code"):
        return refusals.say(job.result["code"], job.result["params"])
    return _("It did not come to an end: %(error)s. Try it again, or ask the administrator.") % {
        "error": job.error
    }

"""The queue of long work: what waits, runs, failed and why; an operator stops it or asks again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgetpool.audit import trail
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.portals.back_office.kinds import ReadOnlyAdmin
from budgetpool.users.models import User


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """No row is changed by hand: what is asked here goes the way of every other job."""

    list_display = (
        "key",
        "state",
        "how_far",
        "attempt",
        "starts",
        "queued_at",
        "started_at",
        "finished_at",
    )
    list_filter = ("state",)
    search_fields = ("key", "error")
    list_per_page = 50
    actions = ("stop", "ask_again")  # type: ignore[assignment]  # the parent has none

    @admin.display(description=gettext_lazy("progress"))
    def how_far(self, job: Job) -> str:
        """The error of what failed, and otherwise what the work says of itself."""
        if job.error:
            return job.error
        return ", ".join(f"{name}: {value}" for name, value in job.progress.items())

    def get_actions(
        self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """For whom the list is: a superuser, on the list of all."""
        if not self.has_module_permission(request):
            return {}
        return {name: self.get_action(name) for name in self.actions}

    @admin.action(description=gettext_lazy("Stop"), permissions=["view"])
    def stop(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """At once where it waits; where it runs, as soon as the work notices."""
        open_jobs = [job for job in jobs if not job.is_over]
        for job in open_jobs:
            work.cancel(job)
            _noted(request, job, "job.stopped")
        _told(request, open_jobs)

    @admin.action(description=gettext_lazy("Ask again"), permissions=["view"])
    def ask_again(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """What failed or was stopped, once more with the same arguments."""
        repeated = [again for job in jobs if (again := work.repeated(job))]
        for job in repeated:
            _noted(request, job, "job.asked_again")
        _told(request, repeated)


def _noted(request: HttpRequest, job: Job, action: str) -> None:
    assert isinstance(request.user, User)
    trail.record(actor=request.user, action=action, subject=job, key=job.key, by="back_office")


def _told(request: HttpRequest, jobs: list[Job]) -> None:
    if not jobs:
        messages.warning(request, _("There is nothing to do for what was chosen."))
        return
    said = ngettext("Done for %(count)s job.", "Done for %(count)s jobs.", len(jobs))
    messages.success(request, said % {"count": len(jobs)})

"""A drop-out while the worker program is busy with it, and what went wrong with one before."""

from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.payouts import tasks
from budgetpool.fund.models import Fund, Seat
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.portals.access import seat_required
from budgetpool.portals.components import numbers, working
from budgetpool.portals.treasurer.sections import Button, Page, Section, facts_of, show
from budgetpool.register.models import Provider

# Work that went wrong longer ago is no news.
NEWS: Final = timedelta(days=7)
LOOK_AGAIN_SECONDS: Final = 3


@require_http_methods(["GET", "HEAD", "POST"])
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def dropout_work(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """How far the work is; leads to the group once it is done, and to the list if it stopped."""
    job = get_object_or_404(Job, pk=pk, key__startswith=tasks.prefix(fund))
    slug = fund.region.slug
    here = reverse("treasurer-dropout-work", args=[slug, pk])
    if request.method == "POST":
        work.cancel(job)
        messages.success(request, _("The work is asked to stop."))
        return redirect(here)
    if job.state == Job.State.DONE:
        return redirect("treasurer-dropout", slug, job.result["dropout"])
    if job.is_over:
        return redirect("treasurer-dropouts", slug)
    waits = job.state == Job.State.QUEUED
    stop = Button(_("Stop this work"), verb="stop", kind="secondary")
    page = Page(
        _("%(provider)s drops out: under way") % {"provider": _provider(job)},
        _("This page looks again by itself. You can leave it: the work goes on."),
        back=Button(
            _("All providers that dropped out"), reverse("treasurer-dropouts", args=[slug])
        ),
        sections=[
            Section(
                _("How far it is"),
                _("Everything is written at once, at the end. Until then nothing has changed."),
                facts=facts_of(_facts(job)),
                action=here if waits else "",
                buttons=[stop] if waits else [Button(_("Look again now"), here, kind="secondary")],
            )
        ],
        again_seconds=LOOK_AGAIN_SECONDS,
    )
    return show(request, fund, page)


def of_fund(fund: Fund) -> list[Section]:
    """For the list of drop-outs: what is under way, and what lately did not come to its end."""
    sections = []
    for job in tasks.of_fund(fund):
        title = _("%(provider)s drops out: under way") % {"provider": _provider(job)}
        if not job.is_over:
            url = reverse("treasurer-dropout-work", args=[fund.region.slug, job.pk])
            look = Button(_("See how far it is"), url, kind="secondary")
            sections.append(Section(title, facts=facts_of(_facts(job)), buttons=[look]))
        elif job.finished_at and timezone.now() - job.finished_at < NEWS:
            said = working.trouble(job)
            if said:
                title = _("%(provider)s did not drop out") % {"provider": _provider(job)}
                sections.append(Section(title, said, facts=facts_of(_asked(job))))
    return sections


def _facts(job: Job) -> list[list[Any]]:
    if job.state == Job.State.QUEUED:
        return [*_asked(job), [_("State"), ". ".join(working.waiting(job))]]
    people = job.progress.get("people")
    busy = timezone.now() - (job.started_at or timezone.now())
    seconds = _("%(seconds)s seconds") % {"seconds": numbers.count(busy.seconds)}
    return [
        *_asked(job),
        [_("People"), _("being counted") if people is None else numbers.count(people)],
        [_("Busy for"), seconds],
    ]


def _asked(job: Job) -> list[list[Any]]:
    return [
        [_("Asked by"), job.requested_by],
        [_("On"), numbers.moment(job.queued_at)],
        [_("Reason"), job.arguments["reason"]],
        [_("Choose before"), numbers.day(date.fromisoformat(job.arguments["choose_by"]))],
    ]


def _provider(job: Job) -> str:
    return str(Provider.objects.get(pk=job.arguments["provider"]))

"""A worker's own data: who looked, everything in one file, erase."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from allocation.decisions.files import rows_about
from allocation.models import Award, Decision
from allocation.retention import CATEGORIES
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.components.refusals import say
from budgetpool.portals.worker.door import page
from budgetpool.refusals import Refusal
from workers.data import erasing, looks, retention, taking
from workers.models import Worker

LOOKS_PER_PAGE = 25
YEARS_KEPT = 5  # Awb 4:49 and 4:57


@require_GET
@worker_required
def data(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Who looked at the file and why, how long what is kept, and the two buttons."""
    seen = Paginator(looks.looks(worker, beside=rows_about(worker)), LOOKS_PER_PAGE)
    context = {
        "looks": seen.get_page(request.GET.get("page")),
        "categories": (
            *retention.categories(Decision.objects.values_list("request_id", flat=True)),
            *CATEGORIES,
        ),
    }
    return page(request, worker, "worker/data.html", context)


@require_GET
@worker_required
def take(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Everything in one archive, decisions and awards included."""
    decisions = Decision.objects.filter(request__worker=worker)
    awards = Award.objects.filter(request__worker=worker)
    more = {
        "decisions": list(
            decisions.values(
                "request_id", "awarded", "amount", "points", "reason", "params", "decided_at"
            )
        ),
        "awards": list(awards.values("request_id", "amount", "status", "granted_at", "started_on")),
    }
    archive = taking.archive(
        actor=person(request), worker=worker, more=more, beside=rows_about(worker)
    )
    answer = HttpResponse(archive, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


class EraseForm(forms.Form):
    """Somebody who wants to be erased says so twice."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, remove my data. I know that I cannot undo this."),
        error_messages={"required": gettext_lazy("Tick this box if you are sure.")},
    )


@require_http_methods(["GET", "POST"])
@worker_required
def erase(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Erase everything that no law keeps; the account ends with it."""
    kept = set(Decision.objects.filter(request__worker=worker).values_list("request_id", flat=True))
    until = keep_until() if kept else None
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erasing.erase(
                actor=person(request), worker=worker, keep_requests=kept, keep_until=until
            )
        except Refusal as refused:
            messages.error(request, say(refused))
            return redirect("worker:data")
        logout(request)
        messages.success(request, _("Your data are removed. You are signed out."))
        return redirect("front")
    context = {"form": form, "kept": len(kept), "keep_until": until}
    return page(request, worker, "worker/erase.html", context)


def keep_until() -> date:
    """Until when what must stay is kept: five years, counted from today at the latest."""
    today = timezone.localdate()
    return date(today.year + YEARS_KEPT, today.month, min(today.day, 28))

"""What a person must look at before a round: proposed trainings, people filed twice."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Region
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from workers import doubles, requests
from workers.models import TrainingRequest, Worker


@dataclass(frozen=True)
class Check:
    """One request that somebody must look at, and why: `proposed`, `twice` or `alike`.

    `others` are the people whom somebody resembles.
    """

    request: TrainingRequest
    cause: str
    others: tuple[Worker, ...] = ()


def waiting_checks(region: Region) -> list[Check]:
    """Sent requests of undecided rounds with a proposed training or a double person."""
    sent = TrainingRequest.objects.with_choices().filter(
        worker__region=region, status=TrainingRequest.Status.SUBMITTED, decision__isnull=True
    )
    proposed = [
        Check(one, "proposed")
        for one in sent.filter(choices__training__isnull=True).distinct().order_by("pk")
    ]
    doubles = (
        sent.exclude(worker__identity_hash="")
        .order_by()
        .values("window", "worker__identity_hash")
        .annotate(people=Count("worker", distinct=True))
        .filter(people__gt=1)
    )
    hashes = [row["worker__identity_hash"] for row in doubles]
    twice = [
        Check(one, "twice")
        for one in sent.filter(worker__identity_hash__in=hashes).order_by(
            "worker__identity_hash", "pk"
        )
    ]
    return [*proposed, *twice, *_alike(sent, region)]


def _alike(sent: QuerySet[TrainingRequest], region: Region) -> list[Check]:
    """Requests of people whose names are nearly those of others of the same day of birth."""
    resembled: dict[int, list[Worker]] = defaultdict(list)
    for row in doubles.waiting(region):
        resembled[row.worker_id].append(row.other)
    return [
        Check(one, "alike", tuple(resembled[one.worker_id]))
        for one in sent.filter(worker__in=list(resembled)).order_by("pk")
    ]


@require_GET
@seat_required("adviser")
def checks(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Everything that waits for somebody's look."""
    context = {"fund": fund, "region": fund.region, "checks": waiting_checks(fund.region)}
    return render(request, "adviser/checks.html", context)


class RefuseForm(forms.Form):
    """Why a request is not possible; a week to mend it follows by itself."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is this request not possible?"),
        choices=[
            ("not_a_training", gettext_lazy("The proposed training cannot be found")),
            (
                "not_for_work",
                OptionLabel(
                    gettext_lazy("The training is not for work"),
                    hint=gettext_lazy("A hobby, for example."),
                ),
            ),
            ("filed_twice", gettext_lazy("The same person has another request")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def refuse(request: HttpRequest, fund: Fund, number: int) -> HttpResponse:
    """Look at one request of the list, and say why it is not possible, if it is not."""
    found = next((one for one in waiting_checks(fund.region) if one.request.pk == number), None)
    if found is None:
        raise Http404
    asked = found.request
    if found.cause == "alike" and request.POST.get("verdict") == "two":
        doubles.are_two(adviser=person(request), worker=asked.worker)
        messages.success(request, _("Noted: these are two people."))
        return redirect("adviser:checks", fund.region.slug)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requests.mark_ineligible(
                actor=person(request), request=asked, reason=form.cleaned_data["reason"]
            )
        except Refusal as refused:
            messages.error(request, say(refused))
        else:
            messages.success(request, _("The person gets a letter and has a week to change it."))
        return redirect("adviser:checks", fund.region.slug)
    for seen in (asked.worker, *found.others):
        trail.record(
            actor=person(request),
            action="worker.seen",
            subject=seen,
            region_code=fund.region.code,
            request=asked.pk,
            cause=found.cause,
        )
    context = {
        "fund": fund,
        "region": fund.region,
        "asked": asked,
        "cause": found.cause,
        "others": found.others,
        "form": form,
    }
    return render(request, "adviser/refuse.html", context)

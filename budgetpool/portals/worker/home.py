"""The first page of a worker, the start of a request, and the question some months later."""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from budgetpool.fund.models import Fund, Region
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.standing import standing
from budgetpool.portals.worker.door import own_worker, page
from budgetpool.refusals import Refusal
from budgetpool.register.codes import Contract
from budgetpool.users.models import User
from workers import follow_ups, people, requests, windows
from workers.counter import outreach
from workers.models import TrainingRequest, Window, Worker


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """All requests of a worker, each with its status; where there is none, the way to ask."""
    worker = own_worker(request)
    context: dict[str, Any] = {"regions": [], "requests": []}
    if worker is None:
        context["regions"] = Fund.objects.select_related("region").order_by("region__name")
    else:
        rows = [(one, standing(one)) for one in requests.mine(worker)]
        window = windows.current(worker.region)
        context |= {
            "requests": rows,
            # What waits for the person goes before what they may do besides.
            "first": next((row for row in rows if row[1].next and row[1].next.url), None),
            "window": window,
            "may_start": window is not None
            and window.is_open()
            and not any(
                one.window_id == window.pk and one.status != TrainingRequest.Status.WITHDRAWN
                for one, _standing in rows
            ),
            "follow_ups": follow_ups.waiting(worker),
        }
    return page(request, worker, "worker/home.html", context)


BEGINS: Final = "begins_in"


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, region: str) -> HttpResponse:
    """What asking is like, and the button that starts a request."""
    here = get_object_or_404(Region, slug=region)
    fund = get_object_or_404(Fund, region=here)
    window = windows.current(here)
    code = outreach.known(here, request.POST.get("code") or request.GET.get("code", ""))
    if code:
        request.session["outreach_code"] = code
    if request.method == "POST":
        if window is None:
            raise Http404
        if request.POST.get("code", "").strip() and not code:
            messages.warning(request, _("We do not know this code. You can go on without it."))
        if isinstance(request.user, User):
            return _begin(request, here, window)
        # After the code the request is there at once: the wish was pressed here, with a token.
        request.session[BEGINS] = here.slug
        way_in = "sign-in" if "known" in request.POST else "account_signup"
        onward = reverse("worker:begin", args=[here.slug])
        # The link in the e-mail may be opened on another device, which knows no session of this.
        if code := request.session.get("outreach_code", ""):
            onward = f"{onward}?{urlencode({'code': code})}"
        return redirect(f"{reverse(way_in)}?{urlencode({'next': onward})}")
    context = {
        "region": here,
        "fund": fund,
        "window": window,
        "worker": None,
        "code": request.session.get("outreach_code", ""),
    }
    return render(request, "worker/start.html", context)


@require_GET
@login_required
def begin(request: HttpRequest, region: str) -> HttpResponse:
    """Start the request that somebody asked for before they signed in; else ask them first."""
    here = get_object_or_404(Region, slug=region)
    window = windows.current(here)
    if request.session.pop(BEGINS, None) != here.slug or window is None:
        query = f"?{urlencode({'code': request.GET['code']})}" if "code" in request.GET else ""
        return redirect(reverse("worker:start", args=[here.slug]) + query)
    return _begin(request, here, window)


def _begin(request: HttpRequest, here: Region, window: Window) -> HttpResponse:
    worker = people.enter_self(user=person(request), region=here)
    if worker.region_id != here.pk:
        messages.error(
            request,
            _("You are known in %(region)s. You can ask there.") % {"region": worker.region.name},
        )
        return redirect("worker:start", worker.region.slug)
    try:
        draft = requests.draft(
            actor=person(request),
            worker=worker,
            window=window,
            outreach_code=request.session.get("outreach_code", ""),
        )
    except Refusal as refused:
        messages.error(request, say(refused))
        return redirect("worker:home")
    return redirect("apply:go-on", draft.pk)


class FollowUpForm(forms.Form):
    """Still in work, and with which contract?"""

    has_work = forms.ChoiceField(
        label=gettext_lazy("Do you have work now?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    contract = forms.ChoiceField(
        label=gettext_lazy("What kind of contract do you have?"),
        choices=[("", gettext_lazy("No contract, or I would rather not say"))]
        + [(code, label) for code, label in Contract.choices],
        required=False,
    )


@require_http_methods(["GET", "POST"])
@worker_required
def follow_up(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """Two questions, three, six or twelve months after the training."""
    asked = follow_ups.waiting(worker).filter(pk=pk).first()
    if asked is None:
        raise Http404
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        follow_ups.answer(
            actor=person(request),
            asked=asked,
            has_work=form.cleaned_data["has_work"] == "yes",
            contract=form.cleaned_data["contract"],
        )
        messages.success(request, _("Thank you for your answer."))
        return redirect("worker:home")
    return page(request, worker, "worker/follow_up.html", {"form": form, "asked": asked})

"""People at the counter: enter them, write their mandate down, ask for training for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgetpool.audit import trail
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund
from budgetpool.portals.access import Refused, seat_required
from budgetpool.portals.access import person as signed_in
from budgetpool.portals.components.answer_fields import PhoneField, PlainDateField
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.standing import standing
from budgetpool.refusals import NotAllowed, Refusal
from workers import access, people, requests, windows
from workers.counter import desk, mandates
from workers.learning import intake
from workers.learning.statements import Statement
from workers.models import Companion, Mandate, TrainingRequest, Worker

type PersonView = Callable[Concatenate[HttpRequest, Worker, ...], HttpResponse]

# Who gives one letter more gets fewer names of people whom they do not look for.
FOUND_MOST = 20
GIVEN = [
    (Mandate.Given.DESK, gettext_lazy("At the counter")),
    (Mandate.Given.PHONE, gettext_lazy("By phone")),
    (Mandate.Given.PAPER, gettext_lazy("On paper")),
]
SCOPES = [
    (Mandate.Scope.READ, gettext_lazy("Read along")),
    (Mandate.Scope.APPLY, gettext_lazy("Ask for training")),
    (Mandate.Scope.FOLLOW, gettext_lazy("Everything, also after the decision")),
]


def person_required(view: PersonView) -> Callable[..., HttpResponse]:
    """Open a person's file to the adviser who has their mandate; 404 for every other file."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        adviser = signed_in(request)
        if not access.adviser_seats(adviser):
            raise Refused(_("This page is for advisers."))
        worker = Worker.objects.filter(pk=pk).select_related("region", "user").first()
        if worker is None or worker.user_id == adviser.pk:
            raise Http404
        try:
            access.require(actor=adviser, worker=worker, act=Mandate.Scope.READ)
        except NotAllowed as refused:
            raise Http404 from refused
        try:
            return view(request, worker, *args, **kwargs)
        except Refusal as refused:
            messages.error(request, say(refused))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("adviser:person", worker.pk)

    return guarded


class MandateFields(forms.Form):
    """What the person said the adviser may do, and how they said it."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What may you do for this person?"),
        choices=SCOPES,
        initial=Mandate.Scope.APPLY,
        widget=forms.RadioSelect,
    )
    given = forms.ChoiceField(
        label=gettext_lazy("How did the person say so?"),
        choices=GIVEN,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the person said so.")},
    )


class EnterForm(MandateFields):
    """Somebody who is not known yet."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    birth_date = PlainDateField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("For example: 31-03-1994"),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write the date of birth."),
            "invalid": gettext_lazy("Write the date like this: 31-03-1994."),
        },
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    phone = PhoneField(label=gettext_lazy("Phone number"), required=False, max_length=30)
    address = forms.CharField(
        label=gettext_lazy("Address for letters"),
        required=False,
        max_length=200,
        validators=[refuse_bsn],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of letters"),
        choices=[("nl", "Nederlands"), ("en", "English"), ("pl", "Polski")],
    )
    field_order = ["name", "birth_date", "email", "phone", "address", "language", "scope", "given"]


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def enter(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Enter a person with their mandate; the same person twice is found."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        scope, given = data.pop("scope"), data.pop("given")
        try:
            worker = people.enter_for(actor=signed_in(request), region=fund.region, **data)
            mandates.give(
                actor=signed_in(request),
                worker=worker,
                adviser=signed_in(request),
                scope=scope,
                given=given,
            )
        except Refusal as refused:
            form.add_error("name" if refused.code == "known_already" else None, say(refused))
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            return redirect("adviser:person", worker.pk)
    return render(
        request, "adviser/enter.html", {"form": form, "fund": fund, "region": fund.region}
    )


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def mandate(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Search somebody who is known, and write down the mandate that they gave just now."""
    text = request.GET.get("text", "")
    found = desk.found(fund.region, text)
    count = found.count()
    form = MandateFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        worker = Worker.objects.filter(
            pk=request.POST.get("worker") or 0, region=fund.region
        ).first()
        if worker is None:
            raise Http404
        mandates.give(
            actor=signed_in(request),
            worker=worker,
            adviser=signed_in(request),
            **form.cleaned_data,
        )
        return redirect("adviser:person", worker.pk)
    if text:
        trail.record(
            actor=signed_in(request),
            action="worker.searched",
            subject=fund.region,
            region_code=fund.region.code,
            found=count,
        )
    context = {
        "form": form,
        "text": text,
        "found": found[:FOUND_MOST],
        "left_out": max(0, count - FOUND_MOST),
        "fund": fund,
        "region": fund.region,
    }
    return render(request, "adviser/mandate.html", context)


class NoteForm(forms.Form):
    """One note in the file."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("The person may read this."),
        max_length=2000,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_GET
@person_required
def person(request: HttpRequest, worker: Worker) -> HttpResponse:
    """One file: requests, what helps, notes, who goes along."""
    adviser = signed_in(request)
    trail.record(
        actor=adviser, action="worker.seen", subject=worker, region_code=worker.region.code
    )
    window = windows.current(worker.region)
    asked = [(one, standing(one)) for one in requests.mine(worker)]
    kept = intake.of(actor=adviser, worker=worker)
    steps: list[Statement] = intake.steps(kept.answers) if kept else []
    context = {
        "worker": worker,
        "region": worker.region,
        "requests": asked,
        "window": window,
        "may_start": window is not None
        and window.is_open()
        and not any(
            one.window_id == window.pk and one.status != TrainingRequest.Status.WITHDRAWN
            for one, _standing in asked
        ),
        "channels": [
            (code, label)
            for code, label in TrainingRequest.Channel.choices
            if code in {"phone", "desk", "paper"}
        ],
        "mandates": [one for one in mandates.live(worker) if one.adviser_id == adviser.pk],
        "notes": worker.notes.select_related("author"),
        "note_form": NoteForm(),
        "referrals": worker.referrals.count(),
        "companions": worker.companions.all(),
        "free": Companion.objects.filter(region=worker.region, is_active=True).exclude(
            accompanies=worker
        ),
        "steps": steps,
    }
    return render(request, "adviser/person.html", context)


@require_POST
@person_required
def ask(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Start a request for this person; how they asked is written down."""
    window = windows.current(worker.region)
    channel = request.POST.get("channel", "")
    if window is None or channel not in {"phone", "desk", "paper"}:
        raise Http404
    draft = requests.draft(actor=signed_in(request), worker=worker, window=window, channel=channel)
    return redirect("apply:go-on", draft.pk)


@require_POST
@person_required
def note(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Write a note."""
    desk.note(adviser=signed_in(request), worker=worker, text=request.POST.get("text", ""))
    return redirect("adviser:person", worker.pk)


@require_POST
@person_required
def referral(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Write down that a warm referral was made, and nothing more."""
    desk.refer(adviser=signed_in(request), worker=worker)
    messages.success(request, _("It is written down that you referred this person."))
    return redirect("adviser:person", worker.pk)


@require_POST
@person_required
def companion(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Let a buddy or a coach go along."""
    chosen = Companion.objects.filter(
        pk=request.POST.get("companion") or 0, region=worker.region
    ).first()
    if chosen is None:
        raise Http404
    desk.pair(adviser=signed_in(request), worker=worker, companion=chosen)
    messages.success(request, _("%(name)s goes along.") % {"name": chosen.name})
    return redirect("adviser:person", worker.pk)


@require_POST
@person_required
def stop(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The work is done: give the mandate back."""
    adviser = signed_in(request)
    for one in mandates.live(worker).filter(adviser=adviser):
        mandates.revoke(actor=adviser, mandate=one)
    messages.success(request, _("Your mandate has ended."))
    return redirect("adviser:home", worker.region.slug)

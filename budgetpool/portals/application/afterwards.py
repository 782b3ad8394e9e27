"""After the decision: say yes or no, object."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allocation.decisions import awards, objections, places
from allocation.lives import OBJECTION
from allocation.models import Award, Objection
from budgetpool.bsn import refuse_bsn
from budgetpool.portals.access import person
from budgetpool.portals.application.door import is_helped, page, request_required
from budgetpool.portals.components import standing
from budgetpool.portals.components.forms import OptionLabel
from workers.models import TrainingRequest

SHARE = gettext_lazy("The school may know my name, e-mail address and phone number.")


class AnswerForm(forms.Form):
    """Yes or no to an award."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Do you want this training?"),
        choices=[
            ("yes", gettext_lazy("Yes, I want this training")),
            (
                "no",
                OptionLabel(
                    gettext_lazy("No, I do not want it"),
                    hint=gettext_lazy("Somebody else then gets the place."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    share = forms.BooleanField(
        label=SHARE,
        help_text=gettext_lazy("Then the school can tell you where and when. You can stop this."),
        required=False,
    )


@require_http_methods(["GET", "POST"])
@request_required
def answer(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Accept or decline an award before its day; declining costs nothing."""
    award = standing.award_of(asked)
    if award is None:
        raise Http404
    if award.status not in {Award.Status.GRANTED, Award.Status.ACCEPTED}:
        return redirect("apply:request", asked.pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["answer"] == "yes":
            awards.accept(award=award, actor=person(request), share=form.cleaned_data["share"])
            messages.success(request, _("You said yes. The school hears from us."))
        else:
            awards.decline(award=award, actor=person(request))
            messages.success(request, _("You said no. Somebody else now gets the place."))
        return redirect("apply:request", asked.pk)
    return page(request, asked, "application/answer.html", {"form": form, "award": award})


@require_POST
@request_required
def share(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Let the school know who it is, or stop that."""
    award = standing.award_of(asked)
    if award is None:
        raise Http404
    if "stop" in request.POST:
        places.stop_sharing(award=award, actor=person(request))
        messages.success(request, _("The school does not see you any more."))
    else:
        places.let_know(award=award, actor=person(request))
        messages.success(request, _("The school now knows that you come."))
    return redirect("apply:request", asked.pk)


class ObjectionForm(forms.Form):
    """Why somebody does not agree."""

    cause = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[
            ("facts", gettext_lazy("A fact about me is wrong")),
            ("rule", gettext_lazy("You did not follow the rule")),
            ("circumstances", gettext_lazy("My situation is special")),
            ("procedure", gettext_lazy("Something went wrong on the way")),
            ("other", gettext_lazy("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )
    grounds = forms.CharField(
        label=gettext_lazy("Why do you not agree?"),
        help_text=gettext_lazy("Write it in your own words. One sentence is enough."),
        max_length=5000,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Tell us why you do not agree.")},
    )

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if late:
            self.fields["late_reason"] = forms.CharField(
                label=gettext_lazy("Why are you late?"),
                help_text=gettext_lazy("The six weeks are over. Sometimes that is no problem."),
                max_length=2000,
                validators=[refuse_bsn],
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": gettext_lazy("Tell us why you are late.")},
            )


@require_http_methods(["GET", "POST"])
@request_required
def objection(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Object to a decision: within six weeks, or later with a reason."""
    decision = standing.decision_of(asked)
    if decision is None:
        raise Http404
    if standing.objection_of(decision) is not None:
        return redirect("apply:request", asked.pk)
    last_day = objections.deadline(decision)
    late = timezone.localdate() > last_day
    form = ObjectionForm(request.POST or None, late=late)
    if request.method == "POST" and form.is_valid():
        channel = Objection.Channel.COUNTER if is_helped(request, asked) else Objection.Channel.WEB
        objections.file(
            decision=decision,
            actor=person(request),
            cause=form.cleaned_data["cause"],
            grounds=form.cleaned_data["grounds"],
            late_reason=form.cleaned_data.get("late_reason", ""),
            channel=channel,
        )
        messages.success(request, _("We have your objection. Somebody else looks at it now."))
        return redirect("apply:request", asked.pk)
    context = {"form": form, "last_day": last_day, "late": late, "decision": decision}
    return page(request, asked, "application/objection.html", context)


@require_http_methods(["GET", "POST"])
@request_required
def withdraw_objection(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Take an objection back, after one question."""
    found = standing.objection_of(standing.decision_of(asked))
    if found is None:
        raise Http404
    if found.status not in OBJECTION.before("withdraw"):
        return redirect("apply:request", asked.pk)
    if request.method == "POST":
        objections.withdraw(objection=found, actor=person(request))
        messages.success(request, _("You took your objection back."))
        return redirect("apply:request", asked.pk)
    return page(request, asked, "application/withdraw_objection.html", {"objection": found})

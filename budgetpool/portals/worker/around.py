"""Around the course: what somebody is good at, their story, and whom to call about a benefit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund, Region
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.worker.door import page
from workers.around import benefits as benefits_
from workers.around import stories
from workers.around import strengths as strengths_
from workers.learning.skills import skills
from workers.models import Worker


def _sentence(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=300,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StrengthsForm(forms.Form):
    """Three sentences and skills to tick; each may stay empty."""

    mark_optional = False

    good_at = _sentence(
        gettext_lazy("What are you good at?"),
        gettext_lazy("For example: I stay calm when it gets busy."),
    )
    proud_of = _sentence(gettext_lazy("What are you proud of?"))
    asked_for = _sentence(gettext_lazy("What do others ask you to help with?"))
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What does this say about you?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    in_request = forms.BooleanField(
        label=gettext_lazy("Send this along with my request."),
        help_text=gettext_lazy("It gives no points. You can change it until you send."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nl"
        field = self.fields["skills"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(uri, skill.said(language)) for uri, skill in skills().items()]


@require_http_methods(["GET", "POST"])
@worker_required
def strengths(request: HttpRequest, worker: Worker) -> HttpResponse:
    """What somebody is good at, in three sentences."""
    written = strengths_.of(worker)
    initial = (
        {name: getattr(written, name) for name in StrengthsForm.base_fields} if written else {}
    )
    form = StrengthsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        tagged, in_request = answers.pop("skills"), answers.pop("in_request")
        try:
            strengths_.write(
                actor=person(request),
                worker=worker,
                tagged=tagged,
                in_request=in_request,
                **answers,
            )
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("It is saved."))
            return redirect("worker:learning")
    return page(request, worker, "worker/strengths.html", {"form": form, "written": written})


@require_POST
@worker_required
def remove_strengths(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Take the sentences away."""
    strengths_.remove(actor=person(request), worker=worker)
    messages.success(request, _("Your answers are removed."))
    return redirect("worker:learning")


class StoryForm(forms.Form):
    """How it went, and under which name it may be shown."""

    text = forms.CharField(
        label=gettext_lazy("How did it go?"),
        help_text=gettext_lazy(
            "What did you want? What was hard? What can you do now? Write no names of others."
        ),
        max_length=1000,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write at least one sentence.")},
    )
    shown_name = forms.CharField(
        label=gettext_lazy("Which name may stand beside it?"),
        help_text=gettext_lazy("For example only your first name. You may leave it empty."),
        required=False,
        max_length=60,
        validators=[refuse_bsn],
    )
    consent = forms.BooleanField(
        label=gettext_lazy("The fund may show this on its page. I can take it back at any time."),
        error_messages={"required": gettext_lazy("Tick this box. Without it we may not show it.")},
    )


@require_http_methods(["GET", "POST"])
@worker_required
def story(request: HttpRequest, worker: Worker) -> HttpResponse:
    """One's own story: written, changed, or taken back."""
    told = stories.of(worker)
    initial = {"text": told.text, "shown_name": told.shown_name} if told else {}
    form = StoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        stories.tell(actor=person(request), worker=worker, **form.cleaned_data)
        messages.success(request, _("Thank you. The counter reads it first. Then it is shown."))
        return redirect("worker:story")
    return page(request, worker, "worker/story.html", {"form": form, "told": told})


@require_POST
@worker_required
def take_story_back(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The story goes, at once."""
    stories.take_back(actor=person(request), worker=worker)
    messages.success(request, _("Your story is removed. No page shows it any more."))
    return redirect("worker:learning")


class BenefitsForm(forms.Form):
    """What somebody has; asked by the address alone, and kept nowhere."""

    mark_optional = False

    have = forms.MultipleChoiceField(
        label=gettext_lazy("What do you have?"),
        choices=[(one.code, one.name) for one in benefits_.BENEFITS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@require_GET
def benefits(request: HttpRequest, region: str) -> HttpResponse:
    """Whom to call before a training starts; nobody needs an account, and nothing is stored."""
    here = get_object_or_404(Region, slug=region)
    fund = get_object_or_404(Fund, region=here)
    asked = "look" in request.GET
    form = BenefitsForm(request.GET if asked else None)
    have = form.cleaned_data["have"] if asked and form.is_valid() else []
    context = {
        "form": form,
        "asked": asked,
        "found": [benefits_.BY_CODE[code] for code in have],
        "region": here,
        "fund": fund,
        "worker": None,
    }
    return render(request, "worker/benefits.html", context)

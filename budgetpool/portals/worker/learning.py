"""What somebody learns without a course, the fifteen statements, and a letter for the boss."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgetpool.bsn import refuse_bsn
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.worker.door import page
from workers.learning import intake as intakes
from workers.learning import reflections
from workers.learning.skills import skills
from workers.learning.statements import ANSWERS, PARTS, STATEMENTS
from workers.models import Reflection, Worker

# So long the five parts of the statements are one sitting, for which the consent is asked once.
ONE_SITTING: Final = timedelta(hours=1)


@require_GET
@worker_required
def learning(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The portfolio, to print, and the ways to add to it."""
    language = get_language() or "nl"
    known = skills()
    rows = [
        (one, [known[uri].said(language) for uri in one.skills if uri in known])
        for one in reflections.portfolio(actor=person(request), worker=worker)
    ]
    kept = intakes.of(actor=person(request), worker=worker)
    context = {
        "rows": rows,
        "month": reflections.this_month(),
        "intake": kept,
        "steps": intakes.steps(kept.answers) if kept else [],
    }
    return page(request, worker, "worker/learning.html", context)


class MonthForm(forms.Form):
    """Three questions about one month."""

    mark_optional = False

    first_time = forms.CharField(
        label=gettext_lazy("What did you do for the first time this month?"),
        required=False,
        max_length=500,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    learned_from = forms.CharField(
        label=gettext_lazy("From whom did you learn something?"),
        help_text=gettext_lazy("You do not have to write a name."),
        required=False,
        max_length=500,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_time = forms.CharField(
        label=gettext_lazy("What do you want to do better next time?"),
        required=False,
        max_length=500,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What does this say about you?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nl"
        field = self.fields["skills"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(uri, skill.said(language)) for uri, skill in skills().items()]


@require_http_methods(["GET", "POST"])
@worker_required
def month(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The three questions of this month; what was written can be changed all month."""
    here = reflections.this_month()
    written = Reflection.objects.filter(worker=worker, month=here).first()
    initial = {name: getattr(written, name) for name in MonthForm.base_fields} if written else {}
    form = MonthForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        tagged = answers.pop("skills")
        try:
            reflections.write(
                actor=person(request), worker=worker, month=here, tagged=tagged, **answers
            )
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("It is saved. You can change it all month."))
            return redirect("worker:learning")
    return page(request, worker, "worker/month.html", {"form": form})


class IntakeForm(forms.Form):
    """The statements of one part; none needs an answer. Who agreed just now is not asked again."""

    mark_optional = False

    def __init__(self, *args: Any, part: str, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in STATEMENTS:
            if statement.part == part:
                self.fields[statement.code] = forms.ChoiceField(
                    label=statement.text,
                    choices=list(ANSWERS.items()),
                    required=False,
                    widget=forms.RadioSelect,
                )
        if not agreed:
            self.fields["consent"] = forms.BooleanField(
                label=_("You may keep my answers for three months, for me and my adviser."),
                error_messages={
                    "required": _("Tick this box. Without it we may not keep your answers.")
                },
            )


@require_http_methods(["GET", "POST"])
@worker_required
def intake(request: HttpRequest, worker: Worker) -> HttpResponse:
    """The statements, one part a page; the answers lead to steps, never into a request."""
    kept = intakes.of(actor=person(request), worker=worker)
    parts = list(PARTS)
    part = request.GET.get("part", parts[0])
    if part not in PARTS:
        raise Http404
    agreed = kept is not None and timezone.now() - kept.consent_at < ONE_SITTING
    before = kept.answers if kept else {}
    form = IntakeForm(request.POST or None, part=part, agreed=agreed, initial=before)
    later = parts[parts.index(part) + 1 :]
    if request.method == "POST" and form.is_valid():
        answers = {name: said for name, said in form.cleaned_data.items() if name != "consent"}
        intakes.answer(
            actor=person(request), worker=worker, consent=True, answers={**before, **answers}
        )
        if later:
            return redirect(f"{reverse('worker:intake')}?{urlencode({'part': later[0]})}")
        messages.success(request, _("Thank you. Below you see what can help you."))
        return redirect("worker:learning")
    context = {
        "form": form,
        "number": parts.index(part) + 1,
        "total": len(parts),
        "name": PARTS[part],
        "is_last": not later,
    }
    return page(request, worker, "worker/intake.html", context)


@require_POST
@worker_required
def forget(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Take the consent back; the answers are gone."""
    intakes.forget(actor=person(request), worker=worker)
    messages.success(request, _("Your answers are removed."))
    return redirect("worker:learning")


@require_GET
@worker_required
def letter(request: HttpRequest, worker: Worker) -> HttpResponse:
    """A letter to the boss or the agency, to print or to copy."""
    return page(request, worker, "worker/letter.html")

"""The check list of one training: nobody loses by learning."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budgetpool.portals.access import person
from budgetpool.portals.application.door import page, request_required
from workers.around import arrangement as services
from workers.models import TrainingRequest


class ArrangementForm(forms.Form):
    """One line after another; none needs an answer."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in services.LINES:
            self.fields[line.code] = forms.ChoiceField(
                label=line.text,
                choices=list(services.ANSWERS.items()),
                required=False,
                widget=forms.RadioSelect,
            )


@require_http_methods(["GET", "POST"])
@request_required
def arrangement(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The list; what is not arranged yet stands below it with whom to ask."""
    answers = services.of(asked)
    form = ArrangementForm(request.POST or None, initial=answers)
    if request.method == "POST" and form.is_valid():
        services.answer(actor=person(request), request=asked, answers=form.cleaned_data)
        messages.success(request, _("It is saved."))
        return redirect("apply:arrangement", asked.pk)
    context = {"form": form, "to_do": services.to_do(answers), "answered": bool(answers)}
    return page(request, asked, "application/arrangement.html", context)

"""The training began: the worker says on which day, or that it did not."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allocation.decisions import starting
from budgetpool.portals.access import person
from budgetpool.portals.application import course
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.components import standing
from budgetpool.portals.components.answer_fields import FirstLessonField
from workers.models import TrainingRequest


class StartForm(forms.Form):
    """The day of the first lesson."""

    started_on = FirstLessonField(label=gettext_lazy("On which day was the first lesson?"))

    def clean_started_on(self) -> object:
        day = self.cleaned_data["started_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is still to come. Tell us when you have begun."), code="day_to_come"
            )
        return day


@require_http_methods(["GET", "POST"])
@request_required
def start(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Say that the training began; the day that was planned stands there already."""
    award = course.running(standing.award_of(asked))
    if award is None or award.started_on is not None:
        return redirect("apply:request", asked.pk)
    planned = starting.planned_on(award)
    today = timezone.localdate()
    form = StartForm(
        request.POST or None,
        initial={"started_on": planned if planned and planned <= today else today},
    )
    if request.method == "POST" and form.is_valid():
        starting.start(
            award=award, actor=person(request), started_on=form.cleaned_data["started_on"]
        )
        messages.success(request, _("Good that you began. Have fun with your training!"))
        return redirect("apply:request", asked.pk)
    return page(
        request, asked, "application/start.html", {"award": award, "form": form, "planned": planned}
    )

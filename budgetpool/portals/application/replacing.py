"""Another training for somebody whose school dropped out; the award stays."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allocation.payouts import replacing
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.access import person
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.components import standing
from budgetpool.register.models import Edition
from workers.models import TrainingRequest

PAGE = 10


class SearchForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What do you want to learn?"), required=False, max_length=80
    )

    mark_optional = False


@require_http_methods(["GET", "POST"])
@request_required
def replacement(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The trainings that can be chosen; one of them looked at, then chosen."""
    award = standing.award_of(asked)
    open_choice = replacing.open_for(award) if award else None
    if award is None or open_choice is None:
        raise Http404
    options = replacing.options(open_choice, day=timezone.localdate())
    key = request.POST.get("edition") or request.GET.get("edition", "")
    shown = next((edition for edition in options if str(edition.pk) == key), None)
    if request.method == "POST" and shown is not None:
        replacing.choose(
            replacement=open_choice,
            training=shown.training,
            edition=shown,
            actor=person(request),
            share="share" in request.POST,
        )
        messages.success(
            request, _("You chose %(training)s. You get your place.") % {"training": shown.training}
        )
        return redirect("apply:request", asked.pk)
    context: dict[str, Any] = {
        "award": award,
        "choose_by": open_choice.choose_by,
        "edition": shown,
    }
    if shown is not None:
        own = max(0, to_cents(shown.training.price) - to_cents(award.amount))
        context["own_share"] = from_cents(own) if own else None
        return page(request, asked, "application/replacement_look.html", context)
    form = SearchForm(request.GET or None)
    text = form.cleaned_data["text"].casefold() if form.is_valid() else ""
    found = [edition for edition in options if text in _words(edition)]
    context["form"] = form
    context["page"] = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return page(request, asked, "application/replacement.html", context)


def _words(edition: Edition) -> str:
    training = edition.training
    return f"{training.title} {training.provider.name} {edition.place}".casefold()

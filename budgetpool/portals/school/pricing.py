"""The prices of a school's trainings: now, before, and announced."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from budgetpool.money import to_cents
from budgetpool.portals.access import person, provider_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.school.forms import PriceForm
from budgetpool.refusals import Refusal
from budgetpool.register import prices
from budgetpool.register.models import Provider, Training

PER_PAGE = 25


class SearchForm(forms.Form):
    """Words of a training."""

    words = forms.CharField(label=gettext_lazy("Training"), required=False, max_length=80)

    mark_optional = False


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Each training with its price, and the next price where one is announced."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    trainings = provider.trainings.filter(title__icontains=words).prefetch_related("prices")
    columns = [
        Column(_("Training"), orders=("title",)),
        Column(_("Price now"), numeric=True),
        Column(_("Announced")),
    ]
    rows = Rows("prices", trainings, columns, _row, form=form, per_page=PER_PAGE)
    context = {"provider": provider}
    return lists.answer(request, "school/prices.html", rows, context, subject=provider)


def _row(training: Training) -> list[object]:
    """A training with its price, and the next where one is announced."""
    today = timezone.localdate()
    coming = next((one for one in training.prices.all() if one.valid_from > today), None)
    announced = "–"
    if coming is not None:
        announced = _("%(price)s from %(day)s") % {
            "price": numbers.euros_exact(coming.price),
            "day": numbers.day(coming.valid_from),
        }
    url = reverse("school:price", args=[training.provider_id, training.pk])
    return [
        format_html('<a href="{}">{}</a>', url, training.title),
        Cents(to_cents(training.price)),
        announced,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@provider_required
def price(request: HttpRequest, provider: Provider, pk: int) -> HttpResponse:
    """The history of one price, and a new one from a day on."""
    training = get_object_or_404(Training, provider=provider, pk=pk)
    form = PriceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            prices.announce(training=training, actor=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("The new price is written down."))
            return redirect("school:price", provider.pk, training.pk)
    columns = [Column(_("From")), Column(_("Price"), numeric=True)]
    rows = [
        [numbers.day(row.valid_from), numbers.euros_exact(row.price)]
        for row in training.prices.order_by("-valid_from")
    ]
    context = {
        "provider": provider,
        "training": training,
        "form": form,
        "history": Table(columns, rows, caption=_("All prices")),
    }
    return render(request, "school/price.html", context, status=422 if form.errors else 200)

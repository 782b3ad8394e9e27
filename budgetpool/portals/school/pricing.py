"""The prices of a school's trainings: now, before, and announced."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from budgetpool.portals.access import person, provider_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.school.forms import PriceForm
from budgetpool.refusals import Refusal
from budgetpool.register import prices
from budgetpool.register.models import Provider, Training

PER_PAGE = 25


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Each training with its price, and the next price where one is announced."""
    trainings = provider.trainings.prefetch_related("prices")
    page = Paginator(trainings, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [
        (one, next((row for row in one.prices.all() if row.valid_from > today), None))
        for one in page
    ]
    return render(request, "school/prices.html", {"provider": provider, "page": page, "rows": rows})


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

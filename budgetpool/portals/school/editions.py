"""The starts of a school's trainings, and a start that does not go on."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation.decisions import moving
from allocation.payouts import cancelling
from allocation.rules import courses
from budgetpool.portals.access import person, provider_required
from budgetpool.portals.components.refusals import say
from budgetpool.portals.school.forms import CancelForm
from budgetpool.refusals import Refusal
from budgetpool.register.models import Edition, Provider

PER_PAGE = 25


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The starts that are still to come, each with its places."""
    coming = (
        Edition.objects.filter(training__provider=provider, starts_on__gte=timezone.localdate())
        .select_related("training", "cancellation")
        .order_by("starts_on", "pk")
    )
    taken = courses.taken_of(coming)
    page = Paginator(coming, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, taken[one.pk], hasattr(one, "cancellation")) for one in page]
    context = {"provider": provider, "page": page, "rows": rows}
    return render(request, "school/editions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@provider_required
def cancel(request: HttpRequest, provider: Provider, pk: int) -> HttpResponse:
    """Whom it touches, why, and where they go; then it is done at once."""
    edition = (
        Edition.objects.filter(training__provider=provider, pk=pk, cancellation__isnull=True)
        .select_related("training__provider")
        .first()
    )
    if edition is None:
        raise Http404
    options = moving.options(edition.training, present=edition, today=timezone.localdate())
    form = CancelForm(request.POST if request.method == "POST" else None, options=options)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["moved_to"]
        try:
            cancelling.cancel(
                edition=edition,
                cause=form.cleaned_data["cause"],
                moved_to=next((one for one in options if str(one.pk) == key), None),
                actor=person(request),
            )
        except Refusal as refused:
            messages.error(request, say(refused))
        else:
            messages.success(request, _("The start is cancelled. Everybody gets a message."))
        return redirect("school:editions", provider.pk)
    context = {
        "provider": provider,
        "edition": edition,
        "form": form,
        "touched": cancelling.look(edition),
    }
    return render(request, "school/cancel.html", context, status=422 if form.errors else 200)

"""The starts of a school's trainings, and a start that does not go on."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from allocation.decisions import moving
from allocation.payouts import cancelling
from allocation.rules import courses
from budgetpool.portals.access import person, provider_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.portals.school.forms import CancelForm
from budgetpool.refusals import Refusal
from budgetpool.register.models import Edition, Provider

PER_PAGE = 25


class SearchForm(forms.Form):
    """Words of a training."""

    words = forms.CharField(label=gettext_lazy("Training"), required=False, max_length=80)

    mark_optional = False


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The starts that are still to come, each with its places."""
    coming = (
        Edition.objects.filter(training__provider=provider, starts_on__gte=timezone.localdate())
        .select_related("training", "cancellation")
        .order_by("starts_on", "pk")
    )
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    found = coming.filter(training__title__icontains=words)
    taken = courses.taken_of(coming)
    columns = [
        Column(_("Training"), orders=("training__title", "starts_on")),
        Column(_("Start"), orders=("starts_on",)),
        Column(_("Where"), orders=("place",)),
        Column(_("Places taken")),
        Column(_("Action"), act=True),
    ]

    def row(one: Edition) -> list[object]:
        return _row(one, taken[one.pk])

    rows = Rows(
        "starts",
        found,
        columns,
        row,
        empty=_("There are no starts to come."),
        form=form,
        per_page=PER_PAGE,
    )
    context = {"provider": provider}
    return lists.answer(request, "school/editions.html", rows, context, subject=provider)


def _row(edition: Edition, taken: int) -> list[object]:
    """A start with its places, and the way to cancel it."""
    title, start = edition.training.title, numbers.day(edition.starts_on)
    if hasattr(edition, "cancellation"):
        return [title, start, edition.place or "–", _("cancelled"), "–"]
    url = reverse("school:cancel", args=[edition.training.provider_id, edition.pk])
    text = _("Cancel")
    return [
        title,
        start,
        edition.place or "–",
        _("%(taken)s of %(seats)s") % {"taken": taken, "seats": edition.seats},
        format_html(
            '<a href="{}">{}<span class="bp-hidden"> {} {}</span></a>', url, text, title, start
        ),
    ]


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

"""Who gets no award for a term, and why; ended early with a reason."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import Exclusion
from allocation.rules import exclusions as excluding
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.portals.treasurer.forms import (
    ExcludeProviderForm,
    ExcludeWorkerForm,
    ReasonForm,
)
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from workers.models import TrainingRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def exclusions(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All terms, and a new one for a provider or for a worker; a worker is a number here."""
    slug = fund.region.slug
    here = reverse("treasurer-exclusions", args=[slug])
    verb = request.POST.get("verb", "")
    of_provider = ExcludeProviderForm(
        request.POST if verb == "provider" else None, prefix="provider"
    )
    of_worker = ExcludeWorkerForm(
        request.POST if verb == "worker" else None,
        prefix="worker",
        initial={"reference": request.GET.get("request", "")},
    )
    chosen = {"provider": of_provider, "worker": of_worker}.get(verb)
    if chosen is not None and chosen.is_valid():
        made = _exclude(request, fund, chosen)
        if made is not None:
            return redirect("treasurer-exclusion", slug, made.pk)
    terms = Rows(
        "exclusions",
        excluding.of_fund(fund),
        [
            Column(_("Who")),
            Column(_("From"), orders=("from_date",)),
            Column(_("Until"), orders=("until_date",)),
            Column(_("State")),
        ],
        lambda row: [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-exclusion", args=[slug, row.pk]),
                _who(row, fund),
            ),
            numbers.day(row.from_date),
            numbers.day(row.until_date),
            _state(row),
        ],
        empty=_("Nobody is excluded."),
    )
    page = Page(
        _("Exclusions"),
        _("Two years at most. It counts from the next window that opens."),
        sections=[
            Section(_("Terms"), rows=terms),
            Section(
                _("Exclude a provider"),
                _("Who chose it in a window that is open now keeps that choice."),
                form=of_provider,
                action=here,
                buttons=[Button(_("Exclude the provider"), verb="provider")],
            ),
            Section(
                _("Exclude a worker"),
                form=of_worker,
                action=here,
                buttons=[Button(_("Exclude the worker"), verb="worker")],
            ),
        ],
    )
    return show(request, fund, page)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def exclusion(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One term, and its early end."""
    row = get_object_or_404(excluding.of_fund(fund), pk=pk)
    here = reverse("treasurer-exclusion", args=[fund.region.slug, pk])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: excluding.lift(exclusion=row, reason=reason, actor=person(request)),
            _("The exclusion has ended."),
        )
        return redirect(here)
    if row.worker_id is not None and request.method in {"GET", "HEAD"}:
        trail.record(
            actor=person(request),
            action="exclusion.seen",
            subject=row,
            region_code=fund.region.code,
        )
    facts: list[list[Any]] = [
        [_("Who"), _who(row, fund)],
        [_("From"), numbers.day(row.from_date)],
        [_("Until"), numbers.day(row.until_date)],
        [_("State"), _state(row)],
        [_("Reason"), row.reason],
        [_("Decided by"), row.decided_by],
    ]
    sections = [Section(_("The term"), facts=facts_of(facts))]
    if _runs(row):
        sections.append(
            Section(
                _("End it now"),
                form=form,
                action=here,
                buttons=[Button(_("End the exclusion"), verb="lift")],
            )
        )
    back = Button(_("All exclusions"), reverse("treasurer-exclusions", args=[fund.region.slug]))
    return show(request, fund, Page(_("Exclusion"), back=back, sections=sections))


def _exclude(request: HttpRequest, fund: Fund, form: forms.Form) -> Exclusion | None:
    data = form.cleaned_data
    who: dict[str, Any] = {"provider": data.get("provider")}
    if "reference" in data:
        number = data["reference"].strip().upper().removeprefix("R-")
        asked = TrainingRequest.objects.filter(window__fund=fund, pk=key_of(number) or 0).first()
        if asked is None:
            form.add_error("reference", _("There is no request with this number in this region."))
            return None
        who = {"worker": asked.worker}
    try:
        return excluding.exclude(
            fund=fund, until=data["until"], reason=data["reason"], actor=person(request), **who
        )
    except REFUSALS as error:
        form.add_error("until", say(error))
        return None


def _who(row: Exclusion, fund: Fund) -> str:
    if row.provider is not None:
        return row.provider.name
    asked = TrainingRequest.objects.filter(worker=row.worker_id, window__fund=fund).last()
    return _("the worker of %(reference)s") % {"reference": asked.reference if asked else "?"}


def _runs(row: Exclusion) -> bool:
    return row.lifted_at is None and row.until_date >= timezone.localdate()


def _state(row: Exclusion) -> str:
    if row.lifted_at is not None:
        return _("ended early")
    return _("running") if _runs(row) else _("over")

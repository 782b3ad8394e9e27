"""A provider that drops out: looked at first, then its whole group gets another training."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.models import ProviderDropout, Replacement
from allocation.payouts import replacing, tasks
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import dropout_work
from budgetpool.portals.treasurer.forms import DropoutForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    facts_of,
    show,
)
from budgetpool.register.models import Provider

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def dropouts(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Providers that dropped out, how far their groups are, and a new one."""
    slug = fund.region.slug
    here = reverse("treasurer-dropouts", args=[slug])
    verb = request.POST.get("verb", "")
    form = DropoutForm(request.POST if request.method == "POST" else None, fund=fund)
    concerned = None
    if request.method == "POST" and form.is_valid():
        if verb == "open":
            try:
                job = tasks.ask_drop_out(fund=fund, actor=person(request), **form.cleaned_data)
            except REFUSALS as error:
                form.add_error("provider", say(error))
            else:
                return redirect("treasurer-dropout-work", slug, job.pk)
        else:
            concerned = _concerned(fund, form.cleaned_data["provider"])
    rows = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse("treasurer-dropout", args=[slug, row.pk]),
                row.provider,
            ),
            numbers.day(row.choose_by),
            numbers.count(row.people_count),
            numbers.count(row.chosen_count),
        ]
        for row in replacing.of_fund(fund)
    ]
    columns = [
        Column(_("Provider")),
        Column(_("Choose before")),
        Column(_("People"), numeric=True),
        Column(_("Have chosen"), numeric=True),
    ]
    empty = _("No provider has dropped out.")
    look = Button(_("Look first"), verb="look", kind="secondary" if concerned else "primary")
    replace = Button(_("Give everybody another training"), verb="open")
    sections = [
        *dropout_work.of_fund(fund),
        *([concerned] if concerned else []),
        Section(
            _("A provider drops out"),
            _("Everybody keeps the award, gets a letter and chooses another training."),
            form=form,
            action=here,
            buttons=[replace, look] if concerned else [look],
        ),
        Section(_("Dropped out before"), table=Table(columns, rows, empty=empty)),
    ]
    return show(request, fund, Page(_("Providers that drop out"), sections=sections))


@require_http_methods(["GET", "HEAD"])
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def dropout(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One group: who has chosen what, and who still has to; people are numbers here."""
    row = get_object_or_404(
        ProviderDropout.objects.select_related("provider", "opened_by"), fund=fund, pk=pk
    )
    people = row.replacements.select_related(
        "award__request", "training__provider", "edition"
    ).order_by("training", "pk")
    waiting = [replacement for replacement in people if replacement.training is None]
    trail.record(
        actor=person(request), action="dropout.seen", subject=row, region_code=fund.region.code
    )
    facts: list[list[Any]] = [
        [_("Reason"), row.reason],
        [_("Opened by"), row.opened_by],
        [_("On"), numbers.moment(row.opened_at)],
        [_("Choose before"), numbers.day(row.choose_by)],
        [_("People"), numbers.count(len(people))],
        [_("Have not chosen yet"), numbers.count(len(waiting))],
    ]
    late = row.choose_by < timezone.localdate() and waiting
    page = Page(
        str(row.provider),
        _("The term is over. Call those who have not chosen yet.") if late else "",
        back=Button(
            _("All providers that dropped out"),
            reverse("treasurer-dropouts", args=[fund.region.slug]),
        ),
        sections=[
            Section(_("The group"), facts=facts_of(facts)),
            Section(_("People"), rows=_people(request, fund, people)),
        ],
    )
    return show(request, fund, page)


def _concerned(fund: Fund, provider: Provider) -> Section:
    found = replacing.look(fund=fund, provider=provider)
    facts: list[list[Any]] = [
        [_("Awards whose training is at this provider"), numbers.count(found.awards_count)],
        [_("Paid to it, will be reclaimed"), numbers.euros_exact(found.paid_cents)],
        [_("Planned payments, will be withdrawn"), numbers.count(found.planned_count)],
        [_("Payments at the bank, wait for these"), numbers.count(found.at_bank_count)],
    ]
    return Section(_("What will happen"), _("Nothing has changed yet."), facts=facts_of(facts))


def _people(request: HttpRequest, fund: Fund, rows: QuerySet[Replacement]) -> Rows:
    may_open = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]

    def line(row: Replacement) -> list[Any]:
        url = reverse("treasurer-award", args=[fund.region.slug, row.award_id])
        number = row.award.request.reference
        return [
            format_html('<a href="{}">{}</a>', url, number) if may_open else number,
            f"{row.training.title}, {row.training.provider}" if row.training else _("not yet"),
            numbers.day(row.edition.starts_on) if row.edition else "",
        ]

    columns = [
        Column(_("Award"), orders=("award__request",)),
        Column(_("New training"), orders=("training__title",)),
        Column(_("Starts"), orders=("edition__starts_on",)),
    ]
    return Rows("dropout", rows, columns, line, empty=_("Nobody had an award at this provider."))

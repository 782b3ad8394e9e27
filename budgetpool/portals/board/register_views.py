"""The register as the board reads it: trainings with their schools, and each price by whom."""

from typing import Final

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund, Seat
from budgetpool.money import to_cents
from budgetpool.portals.access import seat_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.parts import badge
from budgetpool.portals.components.tables import Column, Table
from budgetpool.register.models import Training, TrainingPrice

READERS: Final = (Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)


class FindForm(forms.Form):
    """Words of a training or its school, and whether it can be asked for."""

    mark_optional = False
    words = forms.CharField(
        label=gettext_lazy("Training, school or KvK number"), required=False, max_length=80
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("open", gettext_lazy("Can be asked for")),
            ("closed", gettext_lazy("Cannot be asked for")),
        ],
    )


@require_safe
@seat_required(*READERS)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Every training that the register knows, with its school, its price and its next starts."""
    form = FindForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    columns = [
        Column(_("Training"), orders=("title",)),
        Column(_("School"), orders=("provider__name", "title")),
        Column(_("KvK number"), orders=("provider__kvk", "title")),
        Column(_("Price now"), numeric=True, orders=("price",)),
        Column(_("Starts to come"), numeric=True, orders=("coming",)),
        Column(_("State")),
    ]

    def row(training: Training) -> list[object]:
        url = reverse("board-training", args=[fund.region.slug, training.pk])
        return [
            format_html('<a href="{}">{}</a>', url, training.title),
            training.provider.name,
            training.provider.kvk,
            Cents(to_cents(training.price)),
            training.coming,  # type: ignore[attr-defined]
            _state(training),
        ]

    rows = Rows(
        "register",
        _matching(wanted.get("words", "").strip(), wanted.get("state", "")),
        columns,
        row,
        empty=_("Nothing found."),
        form=form,
    )
    return lists.answer(
        request,
        "board/register.html",
        rows,
        {"fund": fund},
        subject=fund.region,
        region_code=fund.region.code,
    )


@require_safe
@seat_required(*READERS)
def training(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One training: what it cost since when, who said so, and its starts to come."""
    shown: Training = get_object_or_404(Training.objects.select_related("provider"), pk=pk)
    columns = [
        Column(_("From"), orders=("valid_from",)),
        Column(_("Price"), numeric=True, orders=("price",)),
        Column(_("Announced by")),
        Column(_("Announced on")),
    ]
    said = {
        event.details.get("valid_from"): event
        for event in AuditEvent.objects.filter(
            action="training.price_announced",
            subject_type="register.training",
            subject_id=str(shown.pk),
        )
        .select_related("actor")
        .order_by("at", "pk")
    }

    def row(price: TrainingPrice) -> list[object]:
        event = said.get(price.valid_from.isoformat())
        return [
            numbers.day(price.valid_from),
            Cents(to_cents(price.price)),
            event.actor.name if event and event.actor else "–",
            numbers.moment(event.at) if event else "–",
        ]

    rows = Rows(
        f"prices-{shown.pk}",
        shown.prices.order_by("-valid_from", "-pk"),
        columns,
        row,
        empty=_("The price never changed."),
    )
    context = {"fund": fund, "training": shown, "state": _state(shown), "starts": _starts(shown)}
    return lists.answer(
        request,
        "board/training.html",
        rows,
        context,
        subject=shown,
        region_code=fund.region.code,
    )


def _matching(words: str, state: str) -> QuerySet[Training]:
    coming = Q(editions__starts_on__gte=timezone.localdate())
    found = Training.objects.select_related("provider").annotate(
        coming=Count("editions", filter=coming)
    )
    if words:
        found = found.filter(
            Q(title__icontains=words) | Q(provider__name__icontains=words) | Q(provider__kvk=words)
        )
    if state:
        found = found.filter(is_open=state == "open")
    return found.order_by(F("provider__name"), "title", "pk")


def _state(training: Training) -> object:
    if training.is_open:
        return badge(_("Can be asked for"), "success")
    return badge(_("Cannot be asked for"), "inactive")


def _starts(training: Training) -> Table:
    coming = training.editions.filter(starts_on__gte=timezone.localdate())
    return Table(
        [Column(_("Start")), Column(_("Where")), Column(_("Places"), numeric=True)],
        [[numbers.day(one.starts_on), one.place or "–", one.seats] for one in coming],
        empty=_("There are no starts to come."),
    )

"""Schools: who may work for one, and what a school says about somebody who is gone."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allocation.decisions import places
from allocation.models import Award
from allocation.payouts import ending
from allocation.rules import courses
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import lists
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal
from budgetpool.register import seats
from budgetpool.register.models import Provider, ProviderSeat


class SearchForm(forms.Form):
    words = forms.CharField(label=gettext_lazy("Name of the school"), required=False, max_length=80)

    mark_optional = False


class SeatForm(forms.Form):
    """Somebody who works for a school."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        error_messages={
            "required": gettext_lazy("Write the e-mail address."),
            "invalid": gettext_lazy("Write the address like this: name@school.nl"),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Not needed if this person has an account already."),
        required=False,
        max_length=200,
    )


@require_GET
@seat_required(Seat.Role.ADVISER, Seat.Role.BOARD)
def schools(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The schools of the region's awards; those that nobody can be written to come first."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    rows = _schools(fund)
    found = [row for row in rows if words.casefold() in row[0].name.casefold()]
    columns = [
        Column(_("School")),
        Column(_("People with a place"), numeric=True),
        Column(_("Who works here")),
    ]

    def line(row: tuple[Provider, int, str]) -> list[object]:
        school, count, people = row
        url = reverse("adviser:school", args=[fund.region.slug, school.pk])
        link = format_html('<a href="{}">{}</a>', url, school.name)
        return [link, count, people or format_html("<b>{}</b>", _("nobody yet"))]

    context = {
        "fund": fund,
        "region": fund.region,
        "silent": sum(1 for _provider, _count, people in rows if not people),
    }
    return lists.answer(
        request,
        "adviser/schools.html",
        Rows("schools", found, columns, line, form=form),
        context,
        subject=fund,
        region_code=fund.region.code,
    )


@require_http_methods(["GET", "POST"])
@seat_required(Seat.Role.ADVISER, Seat.Role.BOARD)
def school(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Who works for one school, and somebody new."""
    provider = _provider(fund, pk)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seats.give(
                provider=provider, region=fund.region, actor=person(request), **form.cleaned_data
            )
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("This person gets an e-mail and can sign in."))
            return redirect("adviser:school", fund.region.slug, provider.pk)
    context = {
        "fund": fund,
        "region": fund.region,
        "school": provider,
        "seats": seats.live().filter(provider=provider),
        "form": form,
    }
    return render(request, "adviser/school.html", context)


@require_POST
@seat_required(Seat.Role.ADVISER, Seat.Role.BOARD)
def end_seat(request: HttpRequest, fund: Fund, pk: int, seat: int) -> HttpResponse:
    """Somebody does not work for the school any more."""
    provider = _provider(fund, pk)
    held = get_object_or_404(ProviderSeat, provider=provider, pk=seat)
    try:
        seats.end(seat=held, region=fund.region, actor=person(request))
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("This person sees nothing of the school any more."))
    return redirect("adviser:school", fund.region.slug, provider.pk)


@require_GET
@seat_required(Seat.Role.ADVISER)
def gone(request: HttpRequest, fund: Fund) -> HttpResponse:
    """People of whom a school says that they did not come or stopped; each is called first."""
    rows = list(places.gone(fund.region))
    for place in rows:
        trail.seen(
            actor=person(request),
            subject=place.award.request.worker,
            why="school_says",
            region_code=fund.region.code,
        )
    context = {"fund": fund, "region": fund.region, "rows": rows}
    return render(request, "adviser/gone.html", context)


@require_POST
@seat_required(Seat.Role.ADVISER)
def decide_gone(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The person was heard: the training goes on, or the school is right."""
    place = places.gone(fund.region).filter(award=pk).first()
    if place is None:
        raise Http404
    actor, award = person(request), place.award
    try:
        if "goes_on" in request.POST:
            places.set_right(award=award, actor=actor)
            messages.success(request, _("The training goes on. The school gets a message."))
        else:
            step = "no_show" if place.gone == place.Gone.ABSENT else "cancel"
            ending.report(award=award, step=step, reason=f"school:{place.gone}", actor=actor)
            messages.success(request, _("Written down. The treasurer sees it."))
    except Refusal as refused:
        messages.error(request, say(refused))
    return redirect("adviser:gone", fund.region.slug)


def _schools(fund: Fund) -> list[tuple[Provider, int, int]]:
    """Each school with how many people it has and how many work for it here."""
    live = courses.now(
        Award.objects.filter(round__fund=fund, status__in=courses.SEATED)
    ).values_list("training_now", flat=True)
    counts: dict[Provider, int] = {}
    trainings = Provider.objects.filter(trainings__in=[key for key in live if key]).distinct()
    by_training = {
        training.pk: provider
        for provider in trainings.prefetch_related("trainings")
        for training in provider.trainings.all()
    }
    for key in live:
        if key in by_training:
            counts[by_training[key]] = counts.get(by_training[key], 0) + 1
    people: dict[int, int] = {}
    for seat in seats.live():
        people[seat.provider_id] = people.get(seat.provider_id, 0) + 1
    rows = [(one, count, people.get(one.pk, 0)) for one, count in counts.items()]
    return sorted(rows, key=lambda row: (row[2] > 0, -row[1], row[0].name))


def _provider(fund: Fund, pk: int) -> Provider:
    found = next((one for one, _count, _people in _schools(fund) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found

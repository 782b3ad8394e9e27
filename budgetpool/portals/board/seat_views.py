"""Seats of a region: who holds which, one more, and one less; two people for each."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgetpool.bsn import refuse_bsn
from budgetpool.fund import seat_changes, seats
from budgetpool.fund.models import Fund, Seat, SeatChange
from budgetpool.portals.access import person, proof_url, proven_just_now, seat_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.fields import day_field
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.parts import badge
from budgetpool.portals.components.refusals import refuse, say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal

GET_OR_POST = ["GET", "HEAD", "POST"]
GIVERS = (Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)


class SearchForm(forms.Form):
    """Which seats."""

    mark_optional = False
    words = forms.CharField(
        label=gettext_lazy("Name or e-mail address"), required=False, max_length=100
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=lambda: [("", _("All")), *Seat.Role.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [("", _("Now")), ("ended", _("Ended")), ("all", _("All"))],
    )


class WhyForm(forms.Form):
    """Why a seat is given or taken away, for the second person and for the trail."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The second person reads this."),
        max_length=500,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write why.")},
    )


class GiveForm(WhyForm):
    """Who gets a seat, and which."""

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
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=lambda: Seat.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a role.")},
    )
    until = day_field(
        gettext_lazy("Last day"),
        gettext_lazy("Empty: until the seat is taken away."),
        required=False,
    )

    field_order = ("email", "name", "role", "until", "reason")


# Where a page says what the service refused.
FIELDS = {
    "name_missing": "name",
    "date_passed": "until",
    "own_seat": "email",
    "account_closed": "email",
    "seat_held": "role",
    "seat_waits": "role",
}


@require_safe
@seat_required(*GIVERS)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Who holds which seat, since when and until when; and what waits for a second person."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _matching(
        fund, wanted.get("words", "").strip(), wanted.get("role", ""), wanted.get("state", "")
    )
    columns = [
        Column(_("Name"), orders=("user__name",)),
        Column(_("E-mail address"), orders=("user__email",)),
        Column(_("Role"), orders=("role", "user__name")),
        Column(_("Since"), orders=("since",)),
        Column(_("Until"), orders=("until",)),
        Column(_("State")),
        Column(_("To do"), act=True),
    ]
    today = timezone.localdate()

    def row(seat: Seat) -> list[object]:
        works = seat.since <= today and (seat.until is None or seat.until >= today)
        url = reverse("board-seat-end", args=[fund.region.slug, seat.pk])
        text = _("Take the seat away")
        link = format_html(
            '<a href="{}">{}<span class="bp-hidden">: {}</span></a>', url, text, seat.user.name
        )
        return [
            seat.user.name,
            seat.user.email,
            seat.get_role_display(),
            numbers.day(seat.since),
            numbers.day(seat.until) if seat.until else "–",
            badge(_("Now"), "success") if works else badge(_("Ended"), "inactive"),
            link if works else "",
        ]

    waiting = [(one, _bar(one, request)) for one in seat_changes.waiting(fund)]
    return lists.answer(
        request,
        "board/seats.html",
        Rows("seats", found, columns, row, form=form, empty=_("There is none.")),
        {"fund": fund, "waiting": waiting},
        subject=fund.region,
        region_code=fund.region.code,
    )


@require_http_methods(GET_OR_POST)
@seat_required(*GIVERS)
def new(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Ask that somebody gets a seat."""
    form = GiveForm(request.POST if request.method == "POST" else None)
    return _asked(
        request,
        fund,
        form,
        lambda: seat_changes.ask_to_give(fund=fund, by=person(request), **form.cleaned_data),
        {"title": _("Give somebody a seat"), "button": _("Ask for it")},
    )


@require_http_methods(GET_OR_POST)
@seat_required(*GIVERS)
def end(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Ask that somebody's seat ends."""
    seat = get_object_or_404(seats.now_of(fund.region), pk=pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    return _asked(
        request,
        fund,
        form,
        lambda: seat_changes.ask_to_end(
            fund=fund, seat=seat, by=person(request), **form.cleaned_data
        ),
        {
            "title": _("Take the seat of %(name)s away") % {"name": seat.user.name},
            "button": _("Ask for it"),
            "seat": seat,
        },
    )


@require_POST
@seat_required(*GIVERS)
def decide(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Approve what another person asked, or drop it."""
    change = get_object_or_404(SeatChange, region=fund.region, pk=pk)
    verb = request.POST.get("verb", "")
    if verb not in ("approve", "withdraw"):
        raise Http404
    here = reverse("board-seats", args=[fund.region.slug])
    if verb == "approve" and not proven_just_now(request):
        return redirect(proof_url(here))
    try:
        if verb == "approve":
            seat_changes.approve(change=change, fund=fund, by=person(request))
            messages.success(request, _("Done. The others of the region are told."))
        else:
            seat_changes.withdraw(change=change, fund=fund, by=person(request))
            messages.success(request, _("It is withdrawn."))
    except (Refusal, ValidationError) as error:
        messages.error(request, say(error))
    return redirect(here)


def _asked(
    request: HttpRequest,
    fund: Fund,
    form: forms.Form,
    act: Callable[[], SeatChange],
    context: dict[str, object],
) -> HttpResponse:
    """Ask for a change of a seat; what is refused stands at its field."""
    if request.method == "POST" and not proven_just_now(request):
        return redirect(proof_url(request.get_full_path()))
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except (Refusal, ValidationError) as error:
            refuse(form, error, FIELDS)
        else:
            messages.success(request, _("Now a second person has to approve it."))
            return redirect("board-seats", fund.region.slug)
    status = 422 if form.errors else 200
    context |= {"fund": fund, "form": form, "proof_url": ""}
    if not proven_just_now(request):
        context["proof_url"] = proof_url(request.get_full_path())
    return render(request, "board/seat_form.html", context, status=status)


def _bar(change: SeatChange, request: HttpRequest) -> str:
    """Why this person cannot approve it; nothing where they can."""
    if change.asked_by_id == person(request).pk:
        return _("You asked for it yourself. Another person has to approve it.")
    if change.user_id == person(request).pk:
        return _("This is about your own seat. Another person has to approve it.")
    return ""


def _matching(fund: Fund, words: str, role: str, state: str) -> QuerySet[Seat]:
    now = seats.now_of(fund.region)
    found = seats.of_region(fund.region) if state else now
    if state == "ended":
        found = found.exclude(pk__in=now.values("pk"))
    if role:
        found = found.filter(role=role)
    if words:
        found = found.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))
    return found.order_by("role", "user__name", "pk")

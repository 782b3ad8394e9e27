"""Programs at the bank statements: let in by two people, shut out by one, with their last use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from api import admissions
from api.models import Admission
from budgetpool import written
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.portals.treasurer.forms import AdmissionForm
from budgetpool.portals.treasurer.sections import (
    REFUSALS,
    Button,
    Page,
    Section,
    attempt,
    facts_of,
    show,
)
from budgetpool.refusals import NotAllowed

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.TREASURER, Seat.Role.BOARD)
def programs(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Which programs bring in or see the fund's bank statements, and since when."""
    here = reverse("treasurer-programs", args=[fund.region.slug])
    may_ask = request.seat.role == Seat.Role.TREASURER  # type: ignore[attr-defined]
    verb, _dash, key = request.POST.get("verb", "").partition("-")
    form = AdmissionForm(request.POST if verb == "ask" else None)
    if request.method == "POST" and verb != "ask":
        _decide(request, fund, verb, key)
        return redirect(here)
    if verb == "ask" and form.is_valid() and _ask(request, fund, form):
        return redirect(here)
    live = admissions.of_fund(fund).filter(ended_at=None)
    sections = [_live(one, here) for one in live]
    if not sections:
        sections.append(Section(_("No program was let in"), _("People bring in the statements.")))
    if may_ask:
        sections.append(
            Section(
                _("Let a program in"),
                _("A second person has to confirm it. The others of the fund are told."),
                form=form,
                action=here,
                buttons=[Button(_("Ask to let it in"), verb="ask")],
            )
        )
    ended = _ended(fund)
    if ended.found.exists():
        sections.append(Section(_("Withdrawn"), rows=ended))
    page = Page(
        _("Programs at the bank statements"),
        _("What a program brings in is booked as if you did it, if it fits the statements before."),
        back=Button(_("Bank accounts"), reverse("treasurer-bank", args=[fund.region.slug])),
        sections=sections,
    )
    return show(request, fund, page)


def _ask(request: HttpRequest, fund: Fund, form: AdmissionForm) -> bool:
    try:
        admissions.ask(fund=fund, by=person(request), **form.cleaned_data)
    except NotAllowed as error:
        messages.error(request, say(error))
    except REFUSALS as error:
        form.add_error("client_id", say(error))
        return False
    else:
        messages.success(request, _("Now a second person has to confirm it."))
    return True


def _decide(request: HttpRequest, fund: Fund, verb: str, key: str) -> None:
    found = get_object_or_404(admissions.of_fund(fund), pk=key_of(key))
    by = person(request)
    if verb == "confirm":
        attempt(
            request, lambda: admissions.confirm(admission=found, by=by), _("It may come in now.")
        )
    else:
        attempt(request, lambda: admissions.withdraw(admission=found, by=by), _("It is withdrawn."))


def _live(one: Admission, here: str) -> Section:
    if one.works:
        text = _("It may come in.")
        buttons = [Button(_("Withdraw"), verb=f"withdraw-{one.pk}", kind="secondary")]
    else:
        text = _("It is approved by %(who)s.") % {"who": second_person.who(admissions.STEP)}
        buttons = [
            Button(_("Let it in"), verb=f"confirm-{one.pk}"),
            Button(_("Withdraw"), verb=f"withdraw-{one.pk}", kind="secondary"),
        ]
    return Section(
        one.client.partner.name,
        text,
        facts=facts_of(
            [
                [_("Name of the program"), one.client.client_id],
                [_("KvK number"), one.client.partner.kvk],
                [_("What it may do"), one.get_may_display()],
                [_("Why"), one.reason],
                [_("Asked by"), f"{one.asked_by}, {written.moment(one.asked_at)}"],
                [_("Confirmed by"), _confirmed(one)],
                [_("Last used"), written.moment(one.used_at) if one.used_at else _("never")],
            ]
        ),
        action=here,
        buttons=buttons,
    )


def _confirmed(one: Admission) -> str:
    if one.confirmed_at is None:
        return _("nobody yet")
    return f"{one.confirmed_by}, {written.moment(one.confirmed_at)}"


def _ended(fund: Fund) -> Rows:
    columns = [
        Column(_("Organisation"), orders=("client__partner__name",)),
        Column(_("What it might do")),
        Column(_("Confirmed by")),
        Column(_("Withdrawn by"), orders=("ended_at",)),
        Column(_("Last used"), orders=("used_at",)),
    ]
    ended = admissions.of_fund(fund).filter(ended_at__isnull=False)
    return Rows("programs", ended, columns, _ended_row)


def _ended_row(one: Admission) -> list[object]:
    return [
        one.client.partner.name,
        one.get_may_display(),
        _confirmed(one),
        f"{one.ended_by}, {written.moment(one.ended_at)}" if one.ended_at else "",
        written.moment(one.used_at) if one.used_at else _("never"),
    ]

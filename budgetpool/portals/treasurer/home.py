"""The first page: what is stuck, and where the money is."""

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgetpool.bank import reconciling
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import numbers, waits
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import bank_proof, inbox
from budgetpool.portals.treasurer.sections import Page, Section, show


@require_safe
@seat_required(Seat.Role.TREASURER)
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The work that waits, and the balance of each kind of account."""
    waiting = waits.inbox(inbox.of(fund, person(request)))
    waits.note(request, waits.desk_key("treasurer", fund), waiting)
    accounts = reconciling.of_fund(fund)
    page = Page(
        _("The treasurer’s desk"),
        sections=[
            Section(
                _("The bank and the books"),
                bank_proof.summary(accounts),
                table=bank_proof.overview(
                    accounts, reverse("treasurer-bank", args=[fund.region.slug])
                ),
            ),
            Section(_("Where the money is"), table=_balances(fund)),
        ],
    )
    return show(request, fund, page, inbox=waiting)


def _balances(fund: Fund) -> Table:
    kinds = (
        Account.objects.filter(fund=fund)
        .order_by()
        .values_list("kind")
        .annotate(net=Sum(F("debits_cents") - F("credits_cents")))
    )
    net = dict(kinds)
    rows = [
        [kind.label, numbers.euros_exact(net[kind] if kind in Account.ASSETS else -net[kind])]
        for kind in Account.Kind
        if net.get(kind)
    ]
    return Table([Column(_("Kind of account")), Column(_("Balance"), numeric=True)], rows)

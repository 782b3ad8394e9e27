"""The first page: what is stuck, and where the money is."""

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allocation.payouts import queue
from api import admissions
from budgetpool.bank import reconciling
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.portals.access import seat_required
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer import bank_proof
from budgetpool.portals.treasurer.sections import Page, Section, show
from budgetpool.portals.treasurer.stuck import STUCK


@require_safe
@seat_required(Seat.Role.TREASURER)
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The work that waits, and the balance of each kind of account."""
    waiting = [
        [
            format_html(
                '<a href="{}">{}</a>',
                reverse(f"treasurer-{STUCK[stuck.code][1]}", args=[fund.region.slug]),
                STUCK[stuck.code][0],
            ),
            numbers.count(stuck.count),
            numbers.day(stuck.since) if stuck.since else "",
        ]
        for stuck in [*queue.of(fund), *_programs(fund)]
    ]
    columns = [Column(_("Work")), Column(_("How much"), numeric=True), Column(_("Oldest"))]
    accounts = reconciling.of_fund(fund)
    page = Page(
        _("The treasurer’s desk"),
        sections=[
            Section(
                _("What waits for you"),
                table=Table(columns, waiting, empty=_("Nothing waits. All is done.")),
            ),
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
    return show(request, fund, page)


def _programs(fund: Fund) -> list[queue.Stuck]:
    """Programs that wait for a second person; the API knows them, which lies above the queue."""
    asked = [timezone.localdate(one.asked_at) for one in admissions.to_confirm(fund)]
    return [queue.Stuck("programs", len(asked), min(asked))] if asked else []


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

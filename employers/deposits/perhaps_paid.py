"""Who may have paid already, although no match says so: nobody who paid is reminded.

Money that nobody recognised waits in suspense; a file that does not fit waits to be decided; and
what the bank did after its last statement nobody knows here.
"""

import datetime

from django.db.models import Max, Q

from budgetpool.bank import holding
from budgetpool.bank.models import ChainLink
from budgetpool.fund.models import Fund
from employers.deposits import desk, suggesting
from employers.models import Deposit


def known_until(fund: Fund) -> datetime.date | None:
    """The last day that a statement tells of; None where no statement with balances has come."""
    links = ChainLink.objects.filter(fund_iban__fund=fund, displaced_by=None)
    last: datetime.date | None = links.aggregate(last=Max("ends_on"))["last"]
    return last


def unread(fund: Fund) -> bool:
    """Whether a file of the bank waits, which may hold any payment."""
    return holding.waiting(fund).exists()


def in_suspense(fund: Fund) -> set[int]:
    """The keys of requests that money in suspense speaks for.

    A nearly right reference, the employer's own account, or its name with the exact amount count;
    an amount alone does not.
    """
    waiting = (
        Deposit.objects.filter(fund=fund)
        .filter(Q(matches__isnull=True) | Q(matches__undone_at__isnull=False))
        .select_related("entry")
        .distinct()
    )
    return {
        one.contribution.pk
        for deposit in waiting
        if desk.free_cents(deposit) > 0
        for one in suggesting.suggest(deposit)
        if one.weight >= suggesting.SAME_ACCOUNT
    }

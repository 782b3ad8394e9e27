"""Where a fund's money is, in the five places that the public knows."""

from dataclasses import dataclass

from django.db.models import F, Sum

from budgetpool.fund.models import Account, Fund, Transfer

Kind = Account.Kind


@dataclass(frozen=True)
class Money:
    """The fund's money in whole cents.

    Attributes:
        paid_in: from employers, less what was paid back to them.
        free: in the pools, or paid in and not yet in a pool.
        in_rounds: set apart for rounds and for objections, not awarded yet.
        awarded: reserved for people whose training is not fully paid yet.
        paid_out: to schools and to people, less what came back.
    """

    paid_in: int
    free: int
    in_rounds: int
    awarded: int
    paid_out: int


def of(fund: Fund) -> Money:
    """Read from the books how the fund stands now."""
    balances = dict(
        Account.objects.filter(fund=fund)
        .values_list("kind")
        .annotate(cents=Sum(F("credits_cents") - F("debits_cents")))
    )
    return Money(
        paid_in=_net(fund, into=Kind.EMPLOYER, outside=(Kind.BANK, Kind.SUSPENSE)),
        free=balances.get(Kind.POOL, 0) + balances.get(Kind.EMPLOYER, 0),
        in_rounds=balances.get(Kind.ROUND, 0) + balances.get(Kind.RESERVE, 0),
        awarded=balances.get(Kind.AWARD, 0),
        paid_out=-_net(fund, into=Kind.AWARD, outside=(Kind.BANK,)),
    )


def _net(fund: Fund, *, into: str, outside: tuple[str, ...]) -> int:
    """What came into accounts of one kind from outside, less what went back there."""
    own = Transfer.objects.filter(fund=fund)
    came = own.filter(debit__kind__in=outside, credit__kind=into)
    went = own.filter(debit__kind=into, credit__kind__in=outside)
    return sum(
        sign * (rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
        for sign, rows in ((1, came), (-1, went))
    )

"""What is in a fund's pot, and what rounds ask of it: shown wherever a round asks an amount."""

from dataclasses import dataclass

from django.db.models import Sum

from allocation.models import Round
from budgetpool.fund.models import Account, Fund
from budgetpool.money import to_cents

_SET_APART = (Account.Kind.ROUND, Account.Kind.RESERVE)


@dataclass(frozen=True)
class Pot:
    """Amounts in cents.

    Args:
        holds: in the pools now; a round that opens takes its money from here.
        planned: what other drafts will ask of it.
        set_apart: on the accounts of rounds and their reserves.
        promised: on the accounts of people with an award.
    """

    holds: int
    planned: int
    set_apart: int
    promised: int

    @property
    def free(self) -> int:
        """What a new draft can ask, if all others open."""
        return max(0, self.holds - self.planned)


def of(fund: Fund, *, but: Round | None = None) -> Pot:
    """How the fund's pot stands.

    Args:
        but: a draft that is left out of what is planned, because it is the one being changed.
    """
    drafts = Round.objects.filter(fund=fund, status=Round.Status.DRAFT)
    if but is not None:
        drafts = drafts.exclude(pk=but.pk)
    return Pot(
        holds=_held(fund, Account.Kind.POOL),
        planned=sum(to_cents(one.ceiling) + to_cents(one.reserve) for one in drafts),
        set_apart=_held(fund, *_SET_APART),
        promised=_held(fund, Account.Kind.AWARD),
    )


def _held(fund: Fund, *kinds: Account.Kind) -> int:
    accounts = Account.objects.filter(fund=fund, kind__in=kinds)
    sums = accounts.aggregate(debits=Sum("debits_cents"), credits=Sum("credits_cents"))
    return int((sums["credits"] or 0) - (sums["debits"] or 0))

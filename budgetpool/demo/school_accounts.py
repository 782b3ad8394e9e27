"""The bank accounts of the demo's schools: in use for some days, and one that changes today."""

from datetime import timedelta

from django.utils import timezone
from schwifty import IBAN

from allocation.models import Payee
from allocation.payouts import payees
from budgetpool.fund.models import Fund
from budgetpool.register.models import Provider
from budgetpool.users.models import User


def in_use(*, fund: Fund, provider: Provider, treasurer: User, second: User) -> None:
    """A school's account, entered some days ago and verified by a second person."""
    days_ago = timezone.now() - timedelta(days=3)
    Payee.objects.get_or_create(
        fund=fund,
        provider=provider,
        ended_at=None,
        defaults={
            "iban": _iban("INGB", provider),
            "holder_name": provider.name[:70],
            "entered_by": treasurer,
            "entered_at": days_ago,
            "verified_by": second,
            "verified_at": days_ago,
            "verified_how": "Gebeld met het nummer uit het register",
            "evidence": Payee.Evidence.CALLED,
            "evidence_on": timezone.localdate(days_ago),
        },
    )


def change(*, fund: Fund, provider: Provider, treasurer: User) -> Payee:
    """A school asks for another account, in another name: it waits for a second person."""
    return payees.enter(
        fund=fund,
        provider=provider,
        iban=_iban("RABO", provider),
        holder_name="Van Dijk Beheer B.V.",
        actor=treasurer,
        answer="De school zegt per mail dat dit haar holding is",
    )


def _iban(bank: str, provider: Provider) -> str:
    return str(IBAN.generate("NL", bank_code=bank, account_code=f"2{provider.pk:09d}"))

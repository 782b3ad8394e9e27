"""What people call an account of the books."""

from django.utils.text import capfirst

from budgetpool.bank import opening
from budgetpool.fund.models import Account


def name_of(account: Account) -> str:
    """Its name, or its kind, with the code that tells it apart."""
    kind = str(capfirst(account.get_kind_display()))
    if account.name or account.code in (account.kind, opening.CODE):
        return account.name or kind
    return f"{kind}: {account.code}"

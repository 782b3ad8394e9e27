"""What people call an account of the books."""

from django.utils.text import capfirst

from budgetpool.fund.models import Account


def name_of(account: Account) -> str:
    """Its name, or its kind, with the code that tells it apart."""
    kind = str(capfirst(account.get_kind_display()))
    if account.name or account.code == account.kind:
        return account.name or kind
    return f"{kind}: {account.code}"

"""Whether the bank proves the ledger's bank accounts up to a day, for the closing of a month."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from budgetpool import written
from budgetpool.bank import links, payments
from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund.models import Account, Fund, FundIban, Transfer


def unproven(fund: Fund, until: date) -> Iterator[str]:
    """Each account whose statements do not reach the day or say something else, in words."""
    for account in fund.ibans.select_related("account").order_by("pk"):
        booked = ledger_cents(account, until)
        proven = statement_cents(account, until)
        words = {"account": account, "day": written.day(until), "booked": written.euros(booked)}
        if proven is None:
            if _moved(account, until):
                yield _("No statement of %(account)s proves %(day)s.") % words
        elif proven != booked:
            words["proven"] = written.euros(proven)
            yield (
                _(
                    "On %(day)s %(account)s has %(booked)s in the books and %(proven)s on the "
                    "statement."
                )
                % words
            )


def unexplained(fund: Fund, until: date) -> Iterator[str]:
    """What left the bank until a day and nobody has explained, in words.

    Money on its way between two own accounts is explained, on whatever day it arrives.
    """
    lines = payments.unexplained(fund).filter(date__lte=until)
    later = PaymentPart.objects.filter(
        entry__fund=fund, entry__date__lte=until, undone=None, transfer__value_date__gt=until
    )
    arrives = later.aggregate(sum=Sum("amount_cents"))["sum"] or 0
    accounts = Account.objects.filter(fund=fund, kind=Account.Kind.UNEXPLAINED)
    booked = sum(_value_cents(account, until) for account in accounts)
    cents = max(sum(line.left_cents for line in lines), booked - arrives)
    if cents:
        yield _("%(amount)s left the bank and is not explained.") % {"amount": written.euros(cents)}


def ledger_cents(account: FundIban, until: date) -> int:
    """What the ledger says that the account held at the end of a day, in cents."""
    return _value_cents(account.account, until)


def statement_cents(account: FundIban, until: date) -> int | None:
    """What the chain of statements says of it; None where it does not reach the day."""
    chain = links.of(account).links
    later = next((link for link in chain if link.ends_on > until), None)
    if later is not None and later.first_on <= until:
        lines = BankEntry.objects.filter(
            statement__links=later.key, date__gte=later.first_on, date__lte=until
        )
        return later.from_cents + (lines.aggregate(sum=Sum("amount_cents"))["sum"] or 0)
    # Of several statements of one day the last tells what the account held at the end of it.
    of_the_day = [link for link in chain if link.ends_on == until]
    if of_the_day:
        return of_the_day[-1].until_cents
    return later.from_cents if later is not None else None


def _moved(account: FundIban, until: date) -> bool:
    moved = Transfer.objects.filter(value_date__lte=until)
    return (
        moved.filter(debit=account.account).exists()
        or moved.filter(credit=account.account).exists()
    )


def _value_cents(account: Account, until: date) -> int:
    moved = Transfer.objects.filter(value_date__lte=until)
    debits = moved.filter(debit=account).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    credits = moved.filter(credit=account).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    return account.signed(debits, credits)

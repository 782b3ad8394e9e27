"""What a treasurer hands over at the end of a year: a trial balance and the journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from budgetpool.fund.models import Account, Fund, Transfer


@dataclass(frozen=True, slots=True)
class Row:
    """One account of a trial balance; all amounts in cents, on the account's own side."""

    account: Account
    opening_cents: int
    debits_cents: int
    credits_cents: int

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + self.account.signed(self.debits_cents, self.credits_cents)


def trial_balance(fund: Fund, *, year: int) -> list[Row]:
    """Each account with its opening balance and what moved in a year, by value date.

    Accounts that hold nothing and moved nothing are left out. The sum of the assets' closing
    balances is that of the claims'.
    """
    begin, end = date(year, 1, 1), date(year, 12, 31)
    before = Q(value_date__lt=begin)
    within = Q(value_date__gte=begin, value_date__lte=end)
    transfers = Transfer.objects.filter(fund=fund)
    opening = _totals(transfers.filter(before))
    moved = _totals(transfers.filter(within))
    rows = []
    for account in Account.objects.filter(fund=fund).order_by("kind", "pk"):
        debits, credits = moved.get(account.pk, (0, 0))
        row = Row(account, account.signed(*opening.get(account.pk, (0, 0))), debits, credits)
        if row.opening_cents or row.debits_cents or row.credits_cents:
            rows.append(row)
    return rows


def sides_cents(rows: list[Row]) -> tuple[int, int]:
    """The closing balances of assets and of claims; they are equal."""
    assets = sum(row.closing_cents for row in rows if row.account.is_asset)
    claims = sum(row.closing_cents for row in rows if not row.account.is_asset)
    return assets, claims


def journal(fund: Fund, *, year: int) -> Iterator[Transfer]:
    """All transfers of a year by value date, in the order of booking, without loading all."""
    return (
        Transfer.objects.filter(fund=fund, value_date__year=year)
        .select_related("debit", "credit")
        .order_by("value_date", "pk")
        .iterator(chunk_size=2_000)
    )


def _totals(transfers: QuerySet[Transfer]) -> dict[int, tuple[int, int]]:
    debits = dict(transfers.order_by().values_list("debit_id").annotate(s=Sum("amount_cents")))
    credits = dict(transfers.order_by().values_list("credit_id").annotate(s=Sum("amount_cents")))
    return {
        key: (debits.get(key, 0), credits.get(key, 0)) for key in debits.keys() | credits.keys()
    }

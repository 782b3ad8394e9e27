"""Money that tests put into a fund without a bank: a transfer whose reference begins with `fill`.

The product knows no such kind, and calls it a finding; `tests/fund/test_planted.py` shows so.
"""

from django.db.models import F

from budgetpool.fund.facts import FactSource, tell
from budgetpool.fund.models import Transfer


def _filled():
    filled = tell(
        Transfer.objects.filter(reference__startswith="fill"),
        reference=[F("reference")],
        amount="amount_cents",
        debit=F("debit"),
        credit=F("credit"),
        memo=F("memo"),
        day=F("value_date"),
    )
    return [filled]


FILLED = FactSource(name="filled", prefix="fill", rows=_filled)

"""Money to play with: one transfer into the pool, which the books know by its own name."""

from collections.abc import Iterable
from typing import Final

from api.models import PlayMoney
from budgetpool.fund import funds, ledger
from budgetpool.fund.facts import Expected, FactSource
from budgetpool.fund.models import Account, Fund
from budgetpool.money import from_cents

CENTS: Final = 100_000_000
REFERENCE: Final = "sandbox:{fund}:filled"


def fill(fund: Fund) -> None:
    """Put play money into the pool, once; in the caller's transaction."""
    _row, is_new = PlayMoney.objects.get_or_create(fund=fund, defaults={"amount_cents": CENTS})
    if not is_new:
        return
    source = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="play-money")
    ledger.post(
        debit=source,
        credit=Account.objects.get(fund=fund, code=funds.POOL),
        amount=from_cents(CENTS),
        reference=REFERENCE.format(fund=fund.pk),
        memo="deposit",
    )


def _expected() -> Iterable[Expected]:
    for row in PlayMoney.objects.select_related("fund"):
        yield Expected(REFERENCE.format(fund=row.fund_id), row.amount_cents, memo="deposit")


FACTS = FactSource(name="sandbox", prefix="sandbox:", expected=_expected)

"""What must be in the ledger because of bank entries, deposits and refunds."""

from collections.abc import Iterator

from budgetpool.bank.models import BankEntry
from budgetpool.fund.facts import Expected, FactSource
from employers.models import Charge, Deposit, DepositMatch, Refund

HAND = DepositMatch.How.HAND


def _deposits() -> Iterator[Expected]:
    """Per deposit what came in, and per match how it went on (and back, where it was wrong)."""
    deposits = Deposit.objects.select_related("entry__statement__fund_iban").prefetch_related(
        "matches"
    )
    for deposit in deposits.iterator(chunk_size=2_000):
        bank = deposit.entry.statement.fund_iban.account_id
        name = f"deposit:{deposit.pk}"
        yield Expected(f"{name}:received", deposit.amount_cents, debit_id=bank)
        for match in deposit.matches.all():
            yield from _match(name, match)


def _match(name: str, match: DepositMatch) -> Iterator[Expected]:
    cents, number = match.amount_cents, match.number
    if match.employer_id is None:
        yield Expected(f"{name}:matched:{number}", cents, credit_id=match.account_id)
        return
    if match.how == HAND:
        yield Expected(f"{name}:matched:{number}", cents)
    yield Expected(f"{name}:joined:{number}", cents, credit_id=match.account_id)
    if match.undone_at is not None:
        yield Expected(f"{name}:unmatched:{number}", cents)


def _payments() -> Iterator[Expected]:
    """Per payment on a statement that it left the bank."""
    rows = BankEntry.objects.filter(amount_cents__lt=0).values_list(
        "pk", "amount_cents", "statement__fund_iban__account"
    )
    for key, cents, bank in rows.iterator(chunk_size=10_000):
        yield Expected(f"bank-entry:{key}:left", -cents, credit_id=bank)


def _refunds() -> Iterator[Expected]:
    """Per refund that the bank confirmed."""
    for refund in Refund.objects.filter(payment__isnull=False):
        yield Expected(f"refund:{refund.pk}:paid", refund.amount_cents)


def _charges() -> Iterator[Expected]:
    """Per bank costs that were approved: explained, and borne by the pool."""
    approved = Charge.objects.filter(kind=Charge.Kind.COSTS, approved_at__isnull=False)
    for charge in approved:
        yield Expected(f"charge:{charge.pk}:explained", charge.amount_cents)
        yield Expected(f"charge:{charge.pk}:borne", charge.amount_cents)


deposits = FactSource(name="deposits", prefix="deposit:", expected=_deposits)
payments = FactSource(name="payments", prefix="bank-entry:", expected=_payments)
refunds = FactSource(name="refunds", prefix="refund:", expected=_refunds)
charges = FactSource(name="charges", prefix="charge:", expected=_charges)

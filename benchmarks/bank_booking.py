"""The part of the bank benchmark that needs Django's models."""

from pathlib import Path

from allocation.payouts import arriving
from budgetpool.bank.importing import read_source
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund, FundIban, Region


def import_for_new_fund(path: Path) -> int:
    """Import a file for a fund made for it; gives the number of entries booked."""
    region = Region.objects.create(code="BENCH", name="Bench", slug="bench", valid_from=2015)
    fund = Fund.objects.create(region=region, name="Bench")
    account = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    FundIban.objects.create(
        fund=fund, iban="NL91ABNA0417164300", holder_name="Bench", account=account
    )
    report = arriving.take(source=read_source(path)).report
    if ledger.balance_cents(account) != sum(e.amount_cents for s in report.stored for e in s.fresh):
        raise AssertionError("the bank account does not hold what the statement says")
    return report.fresh_count

"""The part of the bank benchmark that needs Django's models."""

import time
from pathlib import Path

from django.utils import timezone

from allocation.payouts import arriving
from budgetpool.bank.importing import read_source
from budgetpool.fund import bulk, ledger
from budgetpool.fund.models import Account, Fund, FundIban, Region
from employers.models import Contribution, Employer
from employers.references import make_reference

EMPLOYERS, EACH = 100, 1_000


def import_for_new_fund(path: Path, open_items: int) -> int:
    """Import a file for a fund made for it, against so many open requests.

    Of three entries one holds the reference of a request in its own field, one in its text, and
    one is recognised by nothing but account and amount, or by nothing. Gives the number of entries
    booked, and ends with an error when the first two kinds were not recognised.
    """
    region = Region.objects.create(code="BENCH", name="Bench", slug="bench", valid_from=2015)
    fund = Fund.objects.create(region=region, name="Bench")
    account = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    FundIban.objects.create(
        fund=fund, iban="NL91ABNA0417164300", holder_name="Bench", account=account
    )
    _ask(fund, open_items)
    started, used = time.perf_counter(), time.process_time()
    report = arriving.take(source=read_source(path)).report
    seconds, busy = time.perf_counter() - started, time.process_time() - used
    recognised = report.booked[0].matched.total()
    print(f"{recognised:,} recognised of {report.fresh_count:,}: {seconds:.1f} s, {busy:.1f} CPU s")
    if recognised < min(open_items, report.fresh_count * 2 // 3):
        raise AssertionError("not every request was found")
    if ledger.balance_cents(account) != sum(e.amount_cents for s in report.stored for e in s.fresh):
        raise AssertionError("the bank account does not hold what the statement says")
    return report.fresh_count


def reference(number: int) -> str:
    """The reference of the n-th request of the first fund of a database."""
    employer, own = divmod(number, EACH)
    return make_reference(fund_id=1, employer_id=employer + 1, number=own)


def _ask(fund: Fund, count: int) -> None:
    """So many requests of EUR 10.01, each of one of a hundred employers with one account each."""
    payers = [Employer(name=f"Employer {n}", kvk=f"{90000000 + n}") for n in range(EMPLOYERS)]
    payers = Employer.objects.bulk_create(payers)
    day = timezone.localdate()
    bulk.insert(
        [
            Contribution(
                employer=payers[number // EACH % EMPLOYERS],
                fund=fund,
                period_start=day,
                period_end=day,
                amount_cents=1_001,
                due_on=day,
                reference=reference(number),
            )
            for number in range(count)
        ]
    )

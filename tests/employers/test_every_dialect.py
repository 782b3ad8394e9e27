"""One month in every dialect: the books are the same to the cent, also mixed and twice."""

import random
from io import BytesIO

import pytest
from schwifty import IBAN

from budgetpool.bank import reconciling
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import HeldFile
from budgetpool.fund import funds
from employers.importing import import_file
from tests.bank import month as months
from tests.bank.month import BANK_CODES, SPANS, WRITERS

pytestmark = pytest.mark.django_db
OPENING = 1_000_00


def seeds(quick):
    """Twenty-four, of which so many are tried in every run."""
    return [pytest.param(n, marks=pytest.mark.slow if n >= quick else ()) for n in range(24)]


def take(fund, content, name):
    return import_file(source=read_stream(BytesIO(content), name=name), fund=fund)


def books(fund):
    """The balance of every account that holds something."""
    rows = fund.accounts.all()
    return {row.code: row.balance_cents for row in rows if row.balance_cents}


def expected(month, contribution):
    """What the books must say, from the payments alone."""
    payments = [payment for day in sorted(month) for payment in month[day]]
    open_cents, recognised = 2_500_00, 0
    for payment in payments:
        if contribution.reference in payment.text and 0 < payment.cents <= open_cents:
            open_cents -= payment.cents
            recognised += payment.cents
    came = sum(payment.cents for payment in payments if payment.cents > 0)
    went = -sum(payment.cents for payment in payments if payment.cents < 0)
    told = {
        "bank": came - went,
        "pool": recognised,
        "suspense": came - recognised,
        "unexplained": went,
    }
    return {code: cents for code, cents in told.items() if cents}


def holds_none(account):
    assert not HeldFile.objects.filter(settled_at=None).exists()
    found = reconciling.of(account)
    assert [item.code for item in found.items] == ["opening_not_booked"]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("dialect", WRITERS)
def test_one_dialect(fund_iban, contribution, dialect, span):
    month = months.eventful(contribution.reference)
    for again in range(2):
        for part in SPANS[span](month, OPENING):
            take(fund_iban.fund, WRITERS[dialect](fund_iban.iban, part), f"{again}-{part.number}")
    assert books(fund_iban.fund) == expected(month, contribution)
    holds_none(fund_iban)


@pytest.mark.parametrize("bank", BANK_CODES)
def test_an_account_as_its_own_bank_names_it(twente, contribution, bank):
    iban = str(IBAN.generate("NL", bank_code=BANK_CODES[bank], account_code="0390123456"))
    if bank == "knab":
        iban = str(IBAN.generate("NL", bank_code="KNAB", account_code="0123456789"))
    account = funds.add_iban(fund=twente, iban=iban, holder_name="Fonds")
    month = months.eventful(contribution.reference)
    for part in SPANS["days"](month, OPENING):
        report = take(twente, WRITERS[f"mt940 {bank}"](iban, part), f"{part.number}")
        assert [stored.left_out for stored in report.stored] == [""]
    assert books(twente) == expected(month, contribution)
    holds_none(account)


@pytest.mark.slow
@pytest.mark.parametrize("second", WRITERS)
@pytest.mark.parametrize("first", WRITERS)
def test_days_in_one_dialect_and_then_the_month_in_another(fund_iban, contribution, first, second):
    month = months.eventful(contribution.reference)
    for part in months.by_day(month, OPENING):
        take(fund_iban.fund, WRITERS[first](fund_iban.iban, part), f"d{part.number}")
    before = books(fund_iban.fund)
    for part in months.by_month(month, OPENING):
        take(fund_iban.fund, WRITERS[second](fund_iban.iban, part), "month")
    assert books(fund_iban.fund) == before == expected(month, contribution)
    holds_none(fund_iban)


@pytest.mark.parametrize("seed", seeds(4))
def test_mixed_and_twice(fund_iban, contribution, seed):
    rng = random.Random(seed)
    eventful = seed % 2 == 0
    month = (
        months.eventful(contribution.reference)
        if eventful
        else months.invented(seed, contribution.reference)
    )
    files = [
        WRITERS[rng.choice(list(WRITERS))](fund_iban.iban, part)
        for part in months.by_day(month, OPENING)
    ]
    files += [
        WRITERS[rng.choice(list(WRITERS))](fund_iban.iban, part)
        for part in months.by_day(month, OPENING)
        if rng.random() < 0.5
    ]
    month_file = WRITERS[rng.choice(list(WRITERS))](
        fund_iban.iban, months.by_month(month, OPENING)[0]
    )
    files.insert(rng.randrange(len(files)), month_file)
    for number, file in enumerate(files):
        take(fund_iban.fund, file, f"{number}")
    assert books(fund_iban.fund) == expected(month, contribution)
    holds_none(fund_iban)


@pytest.mark.parametrize("seed", seeds(2))
def test_files_of_a_growing_balance_may_come_in_any_order(fund_iban, contribution, seed):
    rng = random.Random(seed)
    month = {
        day: [payment for payment in payments if payment.cents > 0]
        for day, payments in months.invented(seed, contribution.reference).items()
    }
    files = [
        WRITERS[rng.choice(list(WRITERS))](fund_iban.iban, part)
        for span in (months.by_day, months.by_half_day)
        for part in span(month, OPENING)
    ]
    rng.shuffle(files)
    for number, file in enumerate(files):
        take(fund_iban.fund, file, f"{number}")
    assert books(fund_iban.fund) == expected(month, contribution)
    holds_none(fund_iban)

import pytest

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund, Region


@pytest.fixture
def twente(db):
    region = Region.objects.create(code="BIJ3-09", name="Twente", slug="twente", valid_from=2015)
    return Fund.objects.create(region=region, name="Scholingsfonds Twente")


@pytest.fixture
def drenthe(db):
    region = Region.objects.create(code="BIJ3-04", name="Drenthe", slug="drenthe", valid_from=2015)
    return Fund.objects.create(region=region, name="Scholingsfonds Drenthe")


@pytest.fixture
def bank(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.BANK, code="bank")


@pytest.fixture
def employer(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.EMPLOYER, code="employer-12")


@pytest.fixture
def pool(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")

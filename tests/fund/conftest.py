import pytest

from budgetpool.fund import ledger
from budgetpool.fund.models import Account


@pytest.fixture
def bank(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.BANK, code="bank")


@pytest.fixture
def employer(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.EMPLOYER, code="employer-12")


@pytest.fixture
def pool(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")


@pytest.fixture(autouse=True)
def no_upper_layer(settings):
    """These tests ask the ledger alone; `tests/` elsewhere checks what upper layers contribute."""
    settings.LEDGER_FACTS = []

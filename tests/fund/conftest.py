import pytest

from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from tests.sharing import harmless, shared


@shared
def bank(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.BANK, code="bank")


@shared
def employer(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.EMPLOYER, code="employer-12")


@shared
def pool(twente):
    return ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")


@pytest.fixture(autouse=True)
@harmless
def no_upper_layer(settings):
    """These tests ask the ledger alone; `tests/` elsewhere checks what upper layers contribute."""
    settings.LEDGER_FACTS = []

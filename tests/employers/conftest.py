"""Requests to the employer, and a way to import a small statement of the fund's account."""

from datetime import date

import pytest

from budgetpool.bank.importing import read_stream
from employers.importing import import_file
from employers.pledges import promising, requests
from tests.bank.samples import camt, statement_xml
from tests.cast import seat
from tests.sharing import harmless, shared


@shared
def second_treasurer(twente):

    return seat("Theo Treasurer", twente, "treasurer")


@pytest.fixture
@harmless
def receive(fund_iban):
    """Import entries as one statement of the fund's account; gives the report."""

    def receive(*entries, id="S-1", name="statement.xml", by=None, **parts):
        parts = {"iban": fund_iban.iban, **parts}
        source = read_stream(camt(statement_xml(*entries, id=id, **parts)), name=name)
        return import_file(source=source, fund=fund_iban.fund, by=by)

    return receive


@shared
def pledge(employer, twente, manager):
    """EUR 10,000 a year, in quarters of EUR 2,500 from 1 January 2027."""
    return promising.promise(
        employer=employer,
        fund=twente,
        by=manager,
        kind="fixed",
        amount_cents=10_000_00,
        schedule="quarterly",
        starts_on=date(2027, 1, 1),
    )


@shared
def contribution(pledge):
    """The first quarter: EUR 2,500."""
    (asked,) = requests.ask_due(fund=pledge.fund, day=date(2027, 1, 4))
    return asked

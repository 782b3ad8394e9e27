"""Lists of the desk that grow: every row can be reached, by pages and by a search."""

import re

import pytest
from django.urls import reverse
from schwifty import IBAN

from budgetpool.register.models import Provider
from tests.cast import signed_in
from tests.payouts.conftest import usable_payee

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(opened, main_iban, treasurer, second_treasurer):
    """120 schools, each with an account; the first one is the last of the list."""
    vat = Provider.VatStatus.EXEMPT_CRKBO
    for number in range(120):
        school = Provider.objects.create(
            name=f"School {number:03}", kvk=f"8{number:07}", vat_status=vat
        )
        usable_payee(
            opened.fund,
            treasurer,
            second_treasurer,
            provider=school,
            iban=iban_of(number),
            holder_name=f"Stichting Onderwijs {number:03}",
        )


def iban_of(number):
    return str(IBAN.generate("NL", bank_code="INGB", account_code=f"{number:010}"))


@pytest.fixture
def look(treasurer):
    browser = signed_in(treasurer)

    def at(name, **query):
        page = browser.get(reverse(name, args=["twente"], query=query))
        assert page.status_code == 200
        return page.content.decode()

    return at


def test_every_account_to_pay_to_stands_on_some_page(accounts, look):
    pages = [look("treasurer-payees", page=number) for number in (1, 2, 3)]
    found = [re.findall(r"Stichting Onderwijs (\d{3})", page) for page in pages]
    assert [len(set(names)) for names in found] == [50, 50, 20]
    assert {name for names in found for name in names} == {f"{n:03}" for n in range(120)}
    assert "Pagina 1 van 3" in pages[0]


@pytest.mark.parametrize(
    "words", ["onderwijs 007", "School 007", iban_of(7), f"{iban_of(7)[:4]} {iban_of(7)[4:]}"]
)
def test_an_account_is_found_by_its_holder_school_or_number(accounts, look, words):
    page = look("treasurer-payees", find=words)
    assert set(re.findall(r"Stichting Onderwijs (\d{3})", page)) == {"007"}


def test_a_search_without_a_hit_says_so(accounts, look):
    assert "Niets gevonden." in look("treasurer-payees", find="nobody at all")


def test_every_award_can_be_reached_to_be_paid(make_award, look, monkeypatch):
    monkeypatch.setattr("budgetpool.portals.components.lists.PER_PAGE", 2)
    made = {make_award(name, cents=10_000).request.reference for name in ("Anna", "Bram", "Cato")}
    pages = "".join(look("treasurer-payouts", page=number) for number in (1, 2))
    assert all(reference in pages for reference in made)

"""Lists of the desk that grow: every row can be reached, by pages and by a search."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money
from schwifty import IBAN

from allocation.models import Award
from allocation.payouts import invoices
from budgetpool.portals.components import fund_work
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.treasurer import sections
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


@pytest.fixture
def invoice(treasurer):
    def of(award):
        return invoices.enter(
            award=award,
            number="2027-0042",
            dated_on=timezone.localdate(),
            amount=Money("90.00", "EUR"),
            vat=Money(0, "EUR"),
            actor=treasurer,
        )

    return of


def shown(page):
    return set(re.findall(r">(R-\d{4})<", page))


def test_the_inbox_leads_to_the_awards_that_it_counts(make_award, invoice, look, treasurer):
    awards = [make_award(name, cents=10_000) for name in ("Anna", "Bram", "Cato")]
    invoiced, over, _other = awards
    invoice(invoiced)
    Award.objects.filter(pk=over.pk).update(status="completed")
    items = {
        item.kind: item for item in fund_work.items(invoiced.round.fund, treasurer, "treasurer")
    }
    for kind, award in (("invoices", invoiced), ("to_determine", over)):
        url = urlsplit(items[kind].url)
        page = look("treasurer-payouts", **dict(parse_qsl(url.query)))
        assert shown(page) == {award.request.reference}
        assert items[kind].count == 1
        assert f'id="{url.fragment}"' in page


@pytest.mark.parametrize(
    ("words", "finds"),
    [("{number}", 1), ("r-{number:04d}", 1), ("2027-0042", 1), ("lasschool", 3), ("nobody", 0)],
)
def test_an_award_is_found_by_its_number_school_or_invoice(make_award, invoice, look, words, finds):
    awards = [make_award(name, cents=10_000) for name in ("Anna", "Bram", "Cato")]
    invoice(awards[0])
    page = look("treasurer-payouts", find=words.format(number=awards[0].request_id))
    found = shown(page)
    assert len(found) == finds
    assert finds != 1 or found == {awards[0].request.reference}


def test_a_page_with_two_lists_is_refused(opened, rf):
    rows = Rows("one", [], [], list)
    page = sections.Page("Two", sections=[sections.Section("a", rows=rows)] * 2)
    with pytest.raises(ValueError, match="one list"):
        sections.show(rf.get("/"), opened.fund, page)

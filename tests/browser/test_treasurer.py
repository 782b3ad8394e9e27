"""A day at the treasurer's desk: money in, whose it is, money out, and the books that fit."""

import re

import pytest
from django.utils import timezone
from lxml import etree
from playwright.sync_api import expect

from employers.references import spell_reference
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.browser.checks import assert_accessible, overflow
from tests.browser.test_apply import heading, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "wacht-op-de-afschriften-9"


def euros(text):
    """An amount as the page writes it, whatever blank stands after the euro sign."""
    return re.compile(rf"€\s{re.escape(text)}")


def test_a_statement_is_booked_a_deposit_recognised_and_a_file_for_the_bank_fits(
    visitor, planned_payment, contribution, treasurer, chair
):
    """The employer forgot the reference; EUR 480 of the school's EUR 600 is paid."""
    treasurer.set_password(PASSWORD)
    treasurer.save()
    page = visitor.open("/sign-in/password")
    page.get_by_label("e-mailadres").fill(treasurer.email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    press(page, "Inloggen")
    heading(page, "Het bureau van de penningmeester")

    press(page, "Afschriften", "link")
    heading(page, "Bankafschriften")
    line = entry_xml("2500.00", name="Almelo Logistiek", iban="NL02ABNA0123456789")
    file = camt(statement_xml(line, opening="5000.00", closing="7500.00")).getvalue()
    page.get_by_label("Bankbestand").set_input_files(
        {"name": "2027-01-05.xml", "mimeType": "application/xml", "buffer": file}
    )
    press(page, "Inlezen")
    expect(page.locator("main")).to_contain_text("Nieuw geboekt: 1")

    page.get_by_role("link", name="Regels", exact=True).click()
    heading(page, "Regels van de bank")
    page.get_by_role("row", name="Almelo Logistiek").first.get_by_role("link").click()
    suggested = page.get_by_role("button", name=spell_reference(contribution.reference))
    expect(suggested).to_contain_text("Almelo Logistiek")
    with page.expect_navigation():
        suggested.click()
    expect(page.locator("main")).to_contain_text("Het is geboekt zoals je zei")

    press(page, "Betalingen", "link")
    page.get_by_label("Betalen op").fill(f"{timezone.localdate():%d-%m-%Y}")
    press(page, "Maak het bestand")
    heading(page, re.compile("^Bestand "))
    expect(page.locator("main")).to_contain_text(euros("480,00"))
    assert_accessible(page)
    assert overflow(page) == []
    address = page.url

    visitor.sign_in(chair)
    second = visitor.page()
    second.goto(address)
    press(second, "Keur dit bestand goed")
    expect(second.locator("main")).to_contain_text("Het bestand is goedgekeurd")

    page.goto(address)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Haal het bestand op").click()
    sums = etree.parse(fetched.value.path()).xpath(
        "//*[local-name()='CtrlSum' or local-name()='InstdAmt']/text()"
    )
    assert set(sums) == {"480.00"}

    page.get_by_role("link", name="Boeken").click()
    heading(page, re.compile("^Boeken van "))
    proof = page.get_by_role("table").last
    expect(proof).to_contain_text("klopt")
    # The money that this test began with never stood on a statement, and the books say so.
    wrong = proof.get_by_role("row").filter(has_text="klopt niet")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("bank")

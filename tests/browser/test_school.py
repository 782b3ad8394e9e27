"""A school's small year: thirty people, a moved start, a no-show, a result, a bill, its payment."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from allocation.decisions import places
from allocation.models import Invoice, Proof
from budgetpool.register.models import Edition
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.browser.test_apply import heading, press, sound
from tests.cast import make_teacher
from tests.payouts.conftest import (  # noqa: F401
    edition,
    main_iban,
    make_award,
    school,
    second_treasurer,
)
from tests.workers.test_files import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390


@pytest.fixture
def people(make_award, edition):  # noqa: F811
    """Thirty people with EUR 60 each; all but the last let the school know who they are."""
    Edition.objects.filter(pk=edition.pk).update(starts_on=timezone.localdate(), seats=40)
    awards = [make_award(f"Persoon {number:02d}", cents=6_000) for number in range(1, 31)]
    for award in awards[:-1]:
        places.let_know(award=award, actor=award.request.worker.user)
    return awards


def find(page, name):
    """The page of one person, by the search of the list."""
    press(page, re.compile("^Mensen$"), "link")
    page.get_by_label("Naam, opleiding of nummer").fill(name)
    press(page, "Toon")
    press(page, name, "link")
    heading(page, name)


def said(page, text):
    expect(page.locator("main")).to_contain_text(text)


def test_a_school_has_a_small_year(
    visitor,
    people,
    welding,
    adviser,
    treasurer,
    second_treasurer,  # noqa: F811
    school,  # noqa: F811
):
    today = timezone.localdate()
    day = f"{today:%d-%m-%Y}"
    Edition.objects.create(
        training=welding, starts_on=today + timedelta(days=30), seats=2, place="Almelo"
    )
    teacher = make_teacher("Tina Teacher", welding.provider)
    visitor.sign_in(teacher)
    page = visitor.open("/schools", PHONE)
    heading(page, "Lasschool")
    said(page, "Plaatsen om te bevestigen: 29")
    said(page, "Nog 1 persoon heeft een plaats en gaf zijn naam niet")
    sound(page)

    press(page, "Plaatsen om te bevestigen: 29", "link")
    said(page, "1 tot en met 25 van 29 regels")
    sound(page)
    press(page, re.compile("Volgende"), "link")
    said(page, "Pagina 2 van 2")

    find(page, "Persoon 03")
    sound(page)
    press(page, "Bevestig de plaats")
    said(page, "De plaats is bevestigd")
    press(page, "Verplaats naar een andere start", "link")
    sound(page)
    page.get_by_label("Almelo").check()
    page.get_by_label("De persoon vroeg erom").check()
    press(page, "Verplaats deze persoon")
    said(page, "Verplaatst naar de start van")

    find(page, "Persoon 04")
    press(page, "Bevestig de plaats")
    press(page, "Deze persoon kwam niet", "link")
    page.get_by_label("Op welke dag?").fill(day)
    sound(page)
    press(page, "Laat het het loket weten")
    said(page, "Het loket vraagt deze persoon wat er gebeurde")

    find(page, "Persoon 05")
    press(page, "Bevestig de plaats")
    page.get_by_label("Eerste les op").fill(day)
    press(page, "De opleiding is begonnen")
    page.get_by_label("Hoeveel lessen waren er?").fill("4")
    page.get_by_label("Bij hoeveel was deze persoon?").fill("4")
    press(page, "Vastleggen")
    said(page, "100%")
    sound(page)
    press(page, "Stuur een factuur voor deze persoon", "link")
    page.get_by_label("Factuurnummer").fill("2027-05")
    page.get_by_label("Datum van de factuur").fill(day)
    page.get_by_label("Bedrag met btw").fill("60,00")
    sound(page)
    press(page, "Verstuur de factuur")
    said(page, "de penningmeester kijkt ernaar")
    sound(page)
    find(page, "Persoon 05")
    press(page, "Deze persoon is klaar: vul het resultaat in", "link")
    page.get_by_label("Een certificaat").check()
    press(page, "Verder")
    page.get_by_label("Foto of PDF").set_input_files(
        {"name": "certificaat.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    press(page, "Toevoegen")
    sound(page)
    press(page, "Verstuur het resultaat")
    said(page, "Het loket kijkt er binnen een week naar")

    visitor.sign_in(adviser)
    counter = visitor.page()
    visitor.go(counter, "/counter/twente/gone")
    said(counter, "Persoon 04")
    press(counter, re.compile("De school heeft gelijk"))
    said(counter, "Genoteerd")
    visitor.go(counter, f"/counter/twente/proofs/{Proof.objects.get().pk}")
    counter.get_by_label("Ja", exact=True).check()
    press(counter, "Vastleggen")
    said(counter, "De opleiding is afgerond")

    pay(visitor, Invoice.objects.get(), treasurer, second_treasurer)
    press(page, "Facturen", "link")
    said(page, "helemaal betaald op")
    press(page, "Overzicht", "link")
    said(page, "Plaatsen om te bevestigen: 26")
    states = [award.__class__.objects.get(pk=award.pk).status for award in people[2:5]]
    assert states == ["accepted", "no_show", "completed"]


def pay(visitor, invoice, treasurer, second):
    """From the treasurer's inbox to the file, the second person, and the bank's statement."""
    visitor.sign_in(treasurer)
    desk = visitor.page()
    visitor.go(desk, "/treasurer/twente")
    press(desk, re.compile("Facturen zonder betaling"), "link")
    press(desk, invoice.award.request.reference, "link")
    press(desk, re.compile("Zet de rest van factuur"))
    said(desk, "De betaling staat klaar")
    press(desk, re.compile("^Betalingen$"), "link")
    desk.get_by_label("Betalen op").fill(f"{timezone.localdate():%d-%m-%Y}")
    press(desk, "Maak het bestand")

    visitor.sign_in(second)
    other = visitor.page()
    other.goto(desk.url)
    press(other, "Keur dit bestand goed")
    said(other, "Het bestand is goedgekeurd")

    payout = invoice.payouts.get()
    today = f"{timezone.localdate():%Y-%m-%d}"
    line = entry_xml(
        "60.00",
        "DBIT",
        name=payout.payee.holder_name,
        iban=payout.payee.iban,
        end_to_end=payout.end_to_end_id,
        date=today,
    )
    file = camt(statement_xml(line, opening="100.00", closing="40.00", day=today)).getvalue()
    visitor.go(desk, "/treasurer/twente/statements")
    desk.get_by_label("Bankbestand").set_input_files(
        {"name": "vandaag.xml", "mimeType": "application/xml", "buffer": file}
    )
    press(desk, "Inlezen")
    said(desk, "Betaald: 1")

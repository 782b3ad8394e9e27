"""A request on a phone: with a bad connection, without JavaScript, and by an adviser."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone, translation
from playwright.sync_api import expect

from budgetpool.fund.models import Region
from budgetpool.portals.components import numbers
from budgetpool.users.models import User
from tests.browser import checks
from workers.models import TrainingRequest, Window, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 390
ANSWERS = [
    (
        "Wie ben je?",
        {
            "Je voornaam en achternaam": "Ewa Nowak",
            "Je geboortedatum": "2 mei 1994",
            "Je gemeente": "Enschede",
        },
    ),
    ("Waar en hoe werk je?", {"Op oproep": "", "Wat voor bedrijf is het?": "vervoer en opslag"}),
    ("Wat leerde je eerder?", {"mbo 2": "", "Hoeveel uur scholing": "0", "Nee": ""}),
]


def heading(page, text):
    """Wait for the page with this heading, until it is loaded whole."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()


def press(page, name, role="button"):
    """Press, and wait for the page that follows; what stands on this one is no answer yet."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def sound(page):
    """The page as it stands is accessible and fits the phone."""
    checks.assert_accessible(page)
    assert checks.overflow(page) == []
    assert checks.small_targets(page) == []


def fill(page, answers):
    """Each answer by its label; an empty one is an option to tick."""
    for label, text in answers.items():
        field = page.get_by_label(label, exact=not text and label != "Op oproep").first
        if not text:
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)


def answer_all(page, look=lambda page: None):
    for title, answer in ANSWERS:
        heading(page, title)
        look(page)
        fill(page, answer)
        page.get_by_role("button", name="Volgende stap").click()


def choose_and_send(page, look=lambda page: None, consent="Ik vind goed", begins="1 maart 2027"):
    heading(page, "Zoek een opleiding")
    look(page)
    page.get_by_label("Wat wil je leren?").fill("heftruck")
    press(page, "Zoeken")
    press(page, re.compile("Vakschool De Kade"), "link")
    look(page)
    page.get_by_label(re.compile(r"\s".join(begins.split()))).check()
    press(page, "Kies deze opleiding")
    look(page)
    heading(page, "Kosten van Heftruck rijden")
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, "Wat wil je bereiken?")
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, "Klopt alles?")
    expect(page.locator("main")).to_contain_text("85 punten")
    look(page)
    page.get_by_label(consent).check()
    page.get_by_role("button", name="Versturen").click()
    heading(page, "We hebben je aanvraag")
    look(page)


def test_from_the_first_page_to_a_sent_request_on_a_phone(visitor, place, stranger):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)
    sound(page)
    page.get_by_role("button", name="Begin").click()
    answer_all(page, sound)
    choose_and_send(page, sound)
    request = TrainingRequest.objects.get()
    assert request.status == "submitted"
    assert request.worker.birth_date == date(1994, 5, 2)
    assert request.first_choice.edition is not None


def test_a_simple_case_takes_at_most_fourteen_pages(visitor, round_that_is_open, forklift_in_march):
    """From the region's page to the receipt, with a new account, at 390 px."""
    # Later than anybody has to answer, whatever day it is.
    forklift_in_march.starts_on = timezone.localdate() + timedelta(days=150)
    forklift_in_march.save(update_fields=["starts_on"])
    with translation.override("nl"):
        begins = numbers.day(forklift_in_march.starts_on)
    cache.clear()
    Window.objects.update(opens_at=timezone.now() - timedelta(days=1))
    Region.objects.update(municipalities=["Enschede", "Hengelo"])
    page, seen = visitor.page(PHONE), []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    page.goto(f"{visitor.base_url}/regions/twente")
    press(page, "Vraag een opleiding aan", "link")
    press(page, "Begin")
    page.get_by_label("Je naam").fill("Ewa Nowak")
    page.get_by_label("Je e-mailadres of mobiele nummer").fill("ewa@example.nl")
    press(page, "Verder")
    page.get_by_label("Code").fill(re.search(r"^([A-Z0-9-]{7,9})$", mail.outbox[0].body, re.M)[1])
    page.get_by_role("button", name="Verder").click()
    answer_all(page)
    choose_and_send(page, begins=begins)
    assert TrainingRequest.objects.get().status == "submitted"
    assert len(seen) <= 14, seen


def test_the_same_without_javascript(visitor, place, stranger):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE, java_script_enabled=False)
    page.get_by_role("button", name="Begin").click()
    answer_all(page)
    choose_and_send(page)
    assert TrainingRequest.objects.get().status == "submitted"


def test_an_error_stands_above_its_field_and_in_a_summary_with_the_focus(visitor, place, stranger):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Je voornaam en achternaam").fill("")
    page.get_by_label("Je geboortedatum").fill("1 mei")
    page.get_by_role("button", name="Volgende stap").click()
    summary = page.locator("[data-focus]")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Je voornaam en achternaam: Vul je naam in.",
            "Je geboortedatum: Schrijf de datum zo: 31-03-1994.",
            "Je gemeente: Kies je gemeente.",
        ]
    )
    expect(page).to_have_title(re.compile("^Fout:"))
    expect(page.get_by_label("Je geboortedatum")).to_have_value("1 mei")
    sound(page)


def test_a_lost_connection_loses_nothing_and_the_page_says_what_is_true(visitor, place, stranger):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)
    page.get_by_role("button", name="Begin").click()
    status = page.locator("[data-autosave-status]")
    page.get_by_label("Je voornaam en achternaam").fill("Ewa Nowak")
    page.get_by_label("Je voornaam en achternaam").blur()
    expect(status).to_contain_text("Bewaard op")
    assert Worker.objects.get().name == "Ewa Nowak"

    page.context.set_offline(True)
    page.get_by_label("Je geboortedatum").fill("02-05-1994")
    page.get_by_label("Je geboortedatum").blur()
    expect(status).to_contain_text("Nog niet bewaard: er is geen verbinding.")
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, "Wie ben je?")
    assert Worker.objects.get().birth_date is None

    # The browser is closed without a connection, and opened again with one.
    address, context = page.url, page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Bewaard op")
    expect(page.get_by_label("Je geboortedatum")).to_have_value("02-05-1994")
    assert Worker.objects.get().birth_date == date(1994, 5, 2)
    visitor.complaints = [
        line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line
    ]


def test_a_draft_is_found_again_after_signing_in_anew(visitor, place, stranger):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)
    page.get_by_role("button", name="Begin").click()
    fill(page, ANSWERS[0][1])
    page.get_by_role("button", name="Bewaren en later verder").click()
    expect(page.get_by_role("status").first).to_contain_text("Je antwoorden zijn bewaard")
    visitor.close()

    visitor.sign_in(User.objects.get(pk=stranger.pk))
    page = visitor.open("/my", PHONE)
    sound(page)
    press(page, "Aanvraag zonder opleiding", "link")
    sound(page)
    page.get_by_role("link", name="Verder").click()
    heading(page, "Waar en hoe werk je?")
    page.goto(page.url.rsplit("/", 1)[0] + "/name")
    expect(page.get_by_label("Je voornaam en achternaam")).to_have_value("Ewa Nowak")


def test_an_adviser_asks_for_somebody_without_an_account(visitor, place, adviser):
    visitor.sign_in(adviser)
    page = visitor.open("/counter/twente", PHONE)
    sound(page)
    press(page, "Iemand nieuw invoeren", "link")
    sound(page)
    page.get_by_label("Naam").fill("Ewa Nowak")
    page.get_by_label("Geboortedatum").fill("2 mei 1994")
    page.get_by_label("Telefoonnummer").fill("06 12345678")
    page.get_by_label("Aan de telefoon").check()
    page.get_by_role("button", name="Invoeren").click()
    heading(page, "Ewa Nowak")
    sound(page)
    page.get_by_label("Telefoon", exact=True).check()
    page.get_by_role("button", name="Begin een aanvraag").click()
    expect(page.locator("main")).to_contain_text("Je doet dit voor Ewa Nowak")
    answer_all(page)
    choose_and_send(page, consent="Deze persoon vindt goed")
    request = TrainingRequest.objects.get()
    assert (request.status, request.channel) == ("submitted", "phone")
    assert request.filed_by == adviser
    assert request.worker.user is None


def test_the_check_in_five_questions_says_at_once_why_not(visitor, place):
    page = visitor.open("/apply/twente/check", PHONE)
    sound(page)
    for answer in ("Van 18 tot en met 66", "Ja", "Via een uitzendbureau", "Nee", "Ja"):
        page.get_by_label(answer, exact=True).check()
        press(page, "Volgende vraag")
    heading(page, "Ja, je kunt aanvragen")
    page = visitor.open("/apply/twente/check", PHONE)
    page.get_by_label("Jonger dan 18").check()
    page.get_by_role("button", name="Volgende vraag").click()
    heading(page, "Je kunt niet aanvragen")
    expect(page.locator("main")).to_contain_text("Je moet 18 jaar of ouder zijn.")
    sound(page)

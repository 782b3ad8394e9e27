"""Nothing local is deleted before the server said that it is kept, whatever the line does."""

import random
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from budgetpool.fund.models import Fund
from tests.browser.test_apply import ANSWERS, PHONE, fill, heading
from tests.cast import make_worker
from workers.models import Choice, TrainingRequest, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PORTAL = "<!doctype html><title>Wifi</title><p>Log in op de wifi van de trein"


def lost(route):
    route.abort("connectionfailed")


def answer_lost(route):
    route.fetch(max_redirects=0)  # the server did its work, and nobody hears of it
    route.abort("connectionreset")


def broken(route):
    route.fulfill(status=502, body="Bad gateway")


def lying(route):
    """A wifi that answers everything itself, and says that all is well."""
    route.fulfill(status=200, content_type="text/html", body=PORTAL)


def empty_yes(route):
    route.fulfill(status=200, content_type="application/json", body="{}")


FAULTS = [lost, answer_lost, broken, lying, empty_yes]


def kept_here(page):
    return page.evaluate("Object.entries(localStorage).map(String).join()")


@pytest.fixture
def complaints(visitor):
    yield
    faults = re.compile("Failed to load resource|ERR_")
    visitor.complaints = [line for line in visitor.complaints if not faults.search(line)]


@pytest.fixture
def first_question(visitor, place, stranger, complaints):
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)
    page.get_by_role("button", name="Begin").click()
    heading(page, "Wie ben je?")
    page.get_by_label("Je gemeente").select_option("Enschede")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Bewaard op")
    return page


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_next_step_on_a_bad_line_keeps_what_was_typed(first_question, fault):
    page = first_question
    page.context.route(re.compile(r"/questions/"), fault)
    page.get_by_label("Je voornaam en achternaam").fill("Ewa Nowak")
    page.get_by_label("Je geboortedatum").fill("02-05-1994")
    page.get_by_role("button", name="Volgende stap").click()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Nog niet bewaard")
    heading(page, "Wie ben je?")
    assert "Ewa Nowak" in kept_here(page)
    assert "02-05-1994" in kept_here(page)

    # The browser is closed, and another day the line is good.
    address, context = page.url, page.context
    page.close()
    context.unroute_all()
    page = context.new_page()
    page.goto(address)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Bewaard op")
    expect(page.get_by_label("Je geboortedatum")).to_have_value("02-05-1994")
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, "Waar en hoe werk je?")
    assert "Ewa" not in kept_here(page)
    assert Worker.objects.get().name == "Ewa Nowak"


def test_a_session_that_ended_keeps_the_answer_until_somebody_signs_in_again(
    visitor, first_question, stranger
):
    page = first_question
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Je voornaam en achternaam").fill("Ewa Nowak")
    page.get_by_role("button", name="Volgende stap").click()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Log opnieuw in")
    visitor.sign_in(stranger)
    page.context.add_cookies(visitor.cookies)
    page.reload()
    expect(page.get_by_label("Je voornaam en achternaam")).to_have_value("Ewa Nowak")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Bewaard op")


def test_a_wrong_answer_is_not_forgotten_either(first_question):
    page = first_question
    page.get_by_label("Je geboortedatum").fill("31 februari")
    page.get_by_label("Je geboortedatum").blur()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kijk naar je antwoord")
    page.reload()
    expect(page.get_by_label("Je geboortedatum")).to_have_value("31 februari")


@pytest.mark.parametrize("answers", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_answers_over_a_line_that_cuts_and_lies_at_random(first_question, answers):
    page, dice = first_question, random.Random(13)

    def line(route):
        fault = dice.choice([*FAULTS, None, None])
        fault(route) if fault else route.continue_()

    page.context.route(re.compile(r"/questions/\w+/save"), line)
    field = page.get_by_label("Je voornaam en achternaam")
    status = page.locator("[data-autosave-status]")
    for number in range(answers):
        typed = f"Ewa Nowak {number}"
        field.fill(typed)
        field.blur()
        expect(status).to_have_text(re.compile("^(Bewaard op|Nog niet bewaard)"))
        on_server = Worker.objects.get().name
        assert typed in (on_server, field.input_value())
        assert on_server == typed or typed in kept_here(page), f"lost at {number}"
        if number % 20 == 0:
            page.reload()
            expect(field).to_have_value(typed)
    page.context.unroute_all()
    page.reload()
    expect(status).to_contain_text("Bewaard op")
    expect(field).to_have_value(f"Ewa Nowak {answers - 1}")
    assert Worker.objects.get().name == f"Ewa Nowak {answers - 1}"


@pytest.mark.parametrize("fault", [lost, answer_lost, broken, lying])
def test_what_stands_in_another_form_waits_for_the_word_of_the_server(
    first_question, visitor, fault
):
    page, asked = first_question, TrainingRequest.objects.get()
    address = f"{visitor.base_url}/requests/{asked.reference}/trainings/other"
    page.goto(address)
    page.get_by_label("Naam van de opleiding").fill("Glas in lood")
    page.get_by_label("Naam van de school").fill("De Smidse")
    page.get_by_label("Hoeveel kost het, in euro").fill("950")
    page.context.route("**/trainings/other", fault)
    try:
        page.get_by_role("button", name="Kies deze opleiding").click()
        page.wait_for_load_state()
    except Error:
        pass
    page.context.unroute_all()
    page.context.clear_cookies(name="kept")  # `route.fetch` keeps what the browser never heard
    was_stored = Choice.objects.exists()
    page.goto(address)
    expect(page.get_by_label("Naam van de opleiding")).to_have_value("Glas in lood")
    expect(page.get_by_text("Wat je eerder typte, staat hier weer.")).to_be_visible()
    if not was_stored:
        start = page.get_by_label("Wanneer begint het?")
        start.fill("01-03-2028")
        page.get_by_role("button", name="Kies deze opleiding").click()
        heading(page, "Kosten van Glas in lood")
        assert Choice.objects.get().title == "Glas in lood"
        assert "Glas" not in kept_here(page)


@pytest.mark.parametrize("faults", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_a_whole_request_over_a_line_that_cuts_and_lies(
    visitor, place, stranger, faults, complaints
):
    """From the first question to the receipt: at each step the line fails until it has failed
    often enough, each time in another way, and what was typed stands there again."""
    dice, met = random.Random(faults), []
    visitor.sign_in(stranger)
    page = visitor.open("/apply/twente", PHONE)

    def line(route):
        # One that loses the answer only: the work is done, and the next page says so.
        fault = dice.choice(FAULTS) if len(met) < here else None
        if route.request.method != "POST" or fault is None:
            return route.continue_()
        met.append(fault.__name__)
        return fault(route)

    def typed():
        """What stands in the fields; a consent is not kept for anybody, it is given anew."""
        return page.evaluate(
            """() => [...document.querySelectorAll("main form[method=post]")]
              .flatMap((form) => [...form.elements])
              .filter(({name, type}) => name && name !== "consent"
                && !["hidden", "file", "submit", "button"].includes(type))
              .map(({name, type, value, checked}) => [name, value,
                ["radio", "checkbox"].includes(type) ? checked : null])"""
        )

    def onward(button, title, answers={}, *, anew=False):  # noqa: B006
        """Fill in and press until the page with `title` is there."""
        nonlocal here
        here += share
        address, wanted = page.url, None
        for _attempt in range(4 * share + 4):
            if wanted is None or anew:
                fill(page, answers)
                wanted = typed()
            with suppress(Error):
                page.get_by_role("button", name=button).click(timeout=2_000)
                page.wait_for_load_state()
            with suppress(AssertionError):
                expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=1_500)
                return
            if met[-1:] == ["answer_lost"]:  # `route.fetch` keeps what the browser never heard
                page.context.clear_cookies(name="kept")
            page.goto(address)
            if page.get_by_role("heading", level=1).inner_text() == title:
                return
            if page.url == address:
                assert typed() == wanted, met
        raise AssertionError(f"no way on to {title}: {met}")

    steps, here = 7, 0
    share = -(-faults // steps)
    page.route("**/*", line)
    onward("Begin", "Wie ben je?")
    (_, who), (_, work), (_, learned) = ANSWERS
    onward("Volgende stap", "Waar en hoe werk je?", who)
    onward("Volgende stap", "Wat leerde je eerder?", work)
    onward("Volgende stap", "Zoek een opleiding", learned)
    page.goto(f"{page.url.partition('?')[0]}/other")
    proposal = {
        "Naam van de opleiding": "Glas in lood",
        "Naam van de school": "De Smidse",
        "Hoeveel kost het, in euro": "950",
        "Wanneer begint het?": "01-03-2028",
    }
    onward("Kies deze opleiding", "Kosten van Glas in lood", proposal)
    onward("Volgende stap", "Wat wil je bereiken?")
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, "Klopt alles?")
    consent = page.get_by_label("Ik vind goed").evaluate("box => box.labels[0].innerText.trim()")
    onward("Versturen", "We hebben je aanvraag", {consent: ""}, anew=True)
    assert len(met) >= min(faults, steps)
    assert TrainingRequest.objects.get().status == "submitted"
    assert [choice.title for choice in Choice.objects.all()] == ["Glas in lood"]
    assert Worker.objects.get().name == "Ewa Nowak"


def test_who_signs_out_leaves_nothing_on_the_device(first_question, visitor):
    page = first_question
    page.context.route(re.compile(r"/save"), lost)
    page.get_by_label("Je voornaam en achternaam").fill("Ewa Nowak")
    page.get_by_label("Je voornaam en achternaam").blur()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Nog niet bewaard")
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_role("link", name="Inloggen").first.wait_for()
    page.wait_for_load_state()
    assert "Ewa" not in kept_here(page)


@pytest.fixture
def typed_and_gone(first_question, visitor):
    """Sam typed into two forms that were never sent, and the session ended by itself."""
    page, asked = first_question, TrainingRequest.objects.get()
    question, other = page.url, f"{visitor.base_url}/requests/{asked.reference}/trainings/other"
    page.context.route(re.compile(r"/save"), lost)
    page.get_by_label("Je voornaam en achternaam").fill("Ewa Nowak")
    page.get_by_label("Je voornaam en achternaam").blur()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Nog niet bewaard")
    page.goto(other)
    page.get_by_label("Naam van de opleiding").fill("Glas in lood")
    for text in ("Ewa Nowak", "Glas in lood"):
        assert text in kept_here(page)
    return page, question, other


def as_another(page, visitor, person):
    page.context.clear_cookies(name="sessionid")
    visitor.sign_in(person)
    page.context.add_cookies(visitor.cookies)


def test_another_person_on_the_same_device_sees_nothing_of_what_was_typed(
    typed_and_gone, visitor, stranger
):
    """The same form at the same address, and yet another person's: the words are the first's."""
    page, question, other = typed_and_gone
    asked = TrainingRequest.objects.get()
    mine, theirs = asked.worker, make_worker("Rosa Roommate", Fund.objects.get())
    TrainingRequest.objects.filter(pk=asked.pk).update(worker=theirs)
    as_another(page, visitor, theirs.user)
    page.goto(other)
    expect(page.get_by_label("Naam van de opleiding")).to_have_value("")
    page.goto(question)
    expect(page.get_by_label("Je voornaam en achternaam")).to_have_value("Rosa Roommate")
    page.wait_for_load_state("networkidle")
    theirs.refresh_from_db()
    assert theirs.name == "Rosa Roommate", "nothing of another is sent in their name either"

    # Whose they are finds them again.
    TrainingRequest.objects.filter(pk=asked.pk).update(worker=mine)
    as_another(page, visitor, stranger)
    page.goto(other)
    expect(page.get_by_label("Naam van de opleiding")).to_have_value("Glas in lood")
    page.goto(question)
    expect(page.get_by_label("Je voornaam en achternaam")).to_have_value("Ewa Nowak")


@pytest.mark.parametrize(("days", "stands"), [(6, True), (8, False)])
def test_what_was_typed_is_gone_after_a_week(typed_and_gone, days, stands):
    page, question, other = typed_and_gone
    page.evaluate(
        """days => {
          for (const [key, text] of Object.entries(localStorage)) {
            const copy = JSON.parse(text);
            copy.at -= days * 24 * 3600 * 1000;
            localStorage.setItem(key, JSON.stringify(copy));
          }
        }""",
        days,
    )
    page.goto(other)
    name = page.get_by_label("Naam van de opleiding")
    expect(name).to_have_value("Glas in lood" if stands else "")
    for text in ("Ewa Nowak", "Glas in lood"):
        assert (text in kept_here(page)) == stands
    page.goto(question)
    typed = page.get_by_label("Je voornaam en achternaam")
    expect(typed).to_have_value("Ewa Nowak" if stands else "Sam Stranger")


def test_words_of_who_has_no_account_stay_in_their_tab(visitor, comment_answered, complaints):
    """The computer of a library: the next one sees nothing, sent or not; a lost line loses none."""
    page = visitor.open(f"/regions/twente/consultations/{comment_answered.consultation_id}", PHONE)
    at, words = page.url, page.locator("[name=text]")
    words.fill("Waarom geen zorg?")
    page.goto(at)
    expect(words).to_have_value("Waarom geen zorg?")
    next_one = page.context.new_page()
    next_one.goto(at)
    expect(next_one.locator("[name=text]")).to_have_value("")
    assert "zorg" not in kept_here(next_one)
    next_one.close()
    page.get_by_role("button", name="Versturen").click()
    heading(page, "Je reactie")
    page.goto(at)
    expect(words).to_have_value("")
    assert "zorg" not in page.evaluate("JSON.stringify(sessionStorage)")

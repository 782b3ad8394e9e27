"""After the decision: the reason, yes or no, an objection, the proof."""

from django.urls import reverse

from allocation.models import Award, Decision, Objection
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.portals.components import standing
from tests.cast import make_window, signed_in
from tests.sharing import shared


@shared
def award(published):
    return Award.objects.order_by("pk").first()


@shared
def refusal(published):
    return Decision.objects.filter(awarded=False).order_by("pk").first()


def open_page(request, name="request"):
    browser = signed_in(request.worker.user)
    address = reverse(f"apply:{name}", args=[request.pk])
    return browser, address, browser.get(address).content.decode()


def test_before_publication_nobody_sees_an_outcome(signed, requests):
    _, _, shown = open_page(requests[0])
    assert "Het bestuur beslist nu" in shown
    assert "Je krijgt je opleiding" not in shown


def test_a_refusal_says_why_and_what_to_do_now(refusal):
    _, _, shown = open_page(refusal.request)
    assert "Deze keer helaas niet" in shown
    assert "Wat kun je nu doen?" in shown
    assert "Je kunt bezwaar maken tot en met" in shown


def test_page_and_letter_say_the_reason_of_each_of_three_choices(refusal, monkeypatch):
    params = {
        **refusal.params,
        "choices": [
            {"choice": 3, "awarded": False, "reason": "cap_reached"},
            {"choice": 1, "awarded": False, "reason": "edition_full"},
            {"choice": 2, "awarded": False, "reason": "lot_lost", "lot": 7, "candidates": 13,
             "places": 9},
        ],
    }  # fmt: skip
    refusal.params = params  # a decision that stands is never changed
    monkeypatch.setattr(standing, "decision_of", lambda _asked: refusal)
    _, _, shown = open_page(refusal.request)
    letter = Message.objects.get(kind="decision_refused", user=refusal.request.worker.user)
    letter.params["reason_params"] = params
    for text in (shown, words.words(letter)[1], words.letter_html(letter)):
        places = [text.index(f"Keuze {rank}:") for rank in (1, 2, 3)]
        assert places == sorted(places)
        assert "13" in text[places[1] : places[2]]


def test_an_award_says_what_and_asks_for_an_answer(award):
    _, _, shown = open_page(award.request)
    assert "Je krijgt je opleiding" in shown
    assert "€\xa0600" in shown
    assert "Antwoord geven" in shown


def test_yes_is_kept_and_no_offers_the_place_to_the_next(award):
    browser, address, _ = open_page(award.request, "answer")
    browser.post(address, {"answer": "yes"})
    award.refresh_from_db()
    assert award.status == "accepted"
    browser.post(address, {"answer": "no"})
    award.refresh_from_db()
    assert award.status == "declined"
    following = Award.objects.get(replaces=award)
    _, _, shown = open_page(following.request)
    assert "Iemand gaf een plek terug. Jij was nu aan de beurt." in shown


def test_an_objection_is_filed_once_and_shown_with_the_day_of_its_answer(refusal):
    browser, address, _ = open_page(refusal.request, "objection")
    sent = {"cause": "facts", "grounds": "Ik had geen scholing."}
    assert browser.post(address, sent).status_code == 302
    filed = Objection.objects.get()
    assert (filed.cause, filed.filed_by, filed.is_late) == (
        "facts",
        refusal.request.worker.user,
        False,
    )
    _, _, shown = open_page(refusal.request)
    assert "Je bezwaar" in shown
    assert browser.post(address, sent).status_code == 302
    assert Objection.objects.count() == 1


def test_without_grounds_nothing_is_filed(refusal):
    browser, address, _ = open_page(refusal.request, "objection")
    shown = browser.post(address, {"cause": "facts", "grounds": ""}).content.decode()
    assert "Schrijf waarom je het niet eens bent." in shown
    assert not Objection.objects.exists()


def test_the_first_page_begins_with_what_waits_for_the_person(published, twente):
    """An answer with a last day comes before a new round."""
    make_window(twente, "2027-2")
    award = published.awards.first()
    browser = signed_in(award.request.worker.user)
    shown = browser.get(reverse("worker:home")).content.decode()
    answer, ask = (
        shown.index(reverse("apply:answer", args=[award.request_id])),
        shown.index(reverse("worker:start", args=["twente"])),
    )
    assert answer < ask
    main = shown.partition("<main")[2].partition("</main>")[0]
    assert main.count("utrecht-button--primary-action") == 1


def test_the_first_page_leads_somebody_refused_to_the_reason(published):
    refused = published.decisions.filter(awarded=False).first()
    shown = signed_in(refused.request.worker.user).get(reverse("worker:home")).content.decode()
    assert "Lees waarom, en wat je nu kunt doen" in shown

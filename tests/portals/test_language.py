"""The language comes from the reader's explicit choice, and numbers follow it."""

import re

import pytest
from django.conf import settings
from django.core import mail

from budgetpool.mail import languages
from budgetpool.operations import catalogues
from budgetpool.users.models import User
from tests.cast import signed_in

pytestmark = pytest.mark.django_db


def test_the_browsers_preference_does_not_count(client):
    page = client.get("/", headers={"accept-language": "en"})
    assert '<html lang="nl"' in page.content.decode()
    assert page.headers["Content-Language"] == "nl"


def test_a_choice_is_kept_and_leads_back(client):
    answer = client.post("/language", {"language": "en", "next": "/privacy"})
    assert answer.headers["Location"] == "/privacy"
    assert '<html lang="en"' in client.get("/privacy").content.decode()


def test_a_language_that_we_do_not_have_changes_nothing(client):
    client.cookies["django_language"] = "xx"
    assert '<html lang="nl"' in client.get("/").content.decode()


def test_the_way_back_stays_on_this_site(client):
    answer = client.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer.headers["Location"]


def test_a_choice_is_remembered_in_the_profile_and_in_the_letters(worker):
    browser = signed_in(worker.user)
    browser.post("/language", {"language": "en", "next": "/my"})
    worker.refresh_from_db()
    assert (worker.user.language, worker.language) == ("en", "en")


def test_a_workers_road_is_polish_and_says_that_a_machine_translated_it(worker, twente):
    browser = signed_in(worker.user)
    browser.post("/language", {"language": "pl", "next": "/my"})
    worker.refresh_from_db()
    assert (worker.user.language, worker.language) == ("pl", "pl")
    for address in ("/my", "/regions/twente", "/apply/twente", "/account", "/privacy"):
        page = browser.get(address)
        assert page.headers["Content-Language"] == "pl", address
        assert "data-by-machine" in page.content.decode(), address


def test_arabic_runs_from_right_to_left_and_letters_stay_in_a_language_that_has_them(
    worker, client
):
    browser = signed_in(worker.user)
    browser.post("/language", {"language": "ar", "next": "/my"})
    page = browser.get("/my").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "طلباتي" in page
    worker.refresh_from_db()
    assert worker.user.language == "nl"
    client.cookies["django_language"] = "uk"
    assert "Гроші на ваше навчання" in client.get("/").content.decode()


def test_letters_are_offered_in_the_languages_whose_catalogue_holds_letters():
    for language, scope in catalogues.SCOPES.items():
        has_letters = language == "nl" or "budgetpool/mail" in scope
        assert (language in languages.languages()) is has_letters, language


@pytest.mark.parametrize("language", settings.MACHINE_LANGUAGES)
def test_a_workers_screens_are_translated_whole(language):
    """Every text of a worker's screens; how well, only a person who reads it can say."""
    translated = catalogues.read(catalogues.file_of(language))
    words = [message for message in translated if message.id]
    assert len(words) - len(catalogues.incomplete(translated)) > 1_350
    assert set(catalogues.WORKERS_SCREENS) <= set(catalogues.SCOPES[language])


def test_other_pages_are_dutch_for_who_chose_polish_and_do_not_offer_it(client):
    client.cookies["django_language"] = "pl"
    page = client.get("/how-we-divide").content.decode()
    assert '<html lang="nl"' in page
    assert "data-by-machine" not in page
    assert 'value="pl"' not in page
    assert 'value="nl"' in client.get("/").content.decode()


def test_a_new_device_speaks_the_language_of_the_profile(client, stranger):
    User.objects.filter(pk=stranger.pk).update(language="en")
    asked = client.post("/sign-in", {"to": stranger.email})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[0].body, re.M)[1]
    client.post(asked.url, {"code": code})
    assert '<html lang="en"' in client.get("/account").content.decode()


def test_the_languages_of_a_machine_are_those_whose_texts_may_lack():
    assert set(settings.MACHINE_LANGUAGES) == catalogues.BY_MACHINE

"""The language comes from the reader's explicit choice, and numbers follow it."""

import pytest

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

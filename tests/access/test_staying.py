"""A session ends after hours without use; using it extends it, and asking how long does not."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from budgetpool.portals.account.staying import KEY
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
HOURS = 3600


@pytest.fixture
def browser(stranger):
    return signed_in(stranger)


def used_ago(browser, seconds):
    """As if the session was last used so many seconds ago."""
    session = browser.session
    session[KEY] = int(time.time()) - seconds
    session.save()


def seconds(browser):
    return browser.get(reverse("session")).json()["seconds"]


def test_a_new_session_lasts_two_hours(browser, settings):
    browser.get(reverse("profile"))
    assert settings.SESSION_COOKIE_AGE == 2 * HOURS
    assert 2 * HOURS - 60 <= seconds(browser) <= 2 * HOURS


def test_a_page_extends_it_and_asking_does_not(browser):
    used_ago(browser, 1 * HOURS)
    assert seconds(browser) <= 1 * HOURS
    assert seconds(browser) <= 1 * HOURS
    browser.get(reverse("profile"))
    assert seconds(browser) > 2 * HOURS - 60


def test_one_press_extends_it_again_and_again(browser):
    for _ in range(3):
        used_ago(browser, 2 * HOURS - 200)
        assert browser.post(reverse("session")).json()["seconds"] > 2 * HOURS - 60


def test_using_it_writes_at_most_every_ten_minutes(browser):
    browser.get(reverse("profile"))
    before = Session.objects.get().session_data
    browser.get(reverse("profile"))
    assert Session.objects.get().session_data == before


def test_an_ended_session_is_nobodys(browser):
    browser.get(reverse("profile"))
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert browser.get(reverse("session")).status_code == 302


def test_the_page_holds_the_warning_for_who_is_signed_in_only(browser, client):
    shown = browser.get(reverse("profile")).content.decode()
    assert "Ben je er nog?" in shown
    assert "data-seconds=" in shown
    assert "data-seconds=" not in client.get("/").content.decode()

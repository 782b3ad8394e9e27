"""Before somebody is signed out the page says so, and one press is enough to stay."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from budgetpool.portals.account.staying import KEY
from tests.browser import checks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [320, 390, 1280]


def end_in(seconds, settings):
    """As if the session was last used so long ago that it ends in so many seconds."""
    store = SessionStore(Session.objects.get().session_key)
    store[KEY] = int(time.time()) - settings.SESSION_COOKIE_AGE + seconds
    store.save()


def test_the_page_warns_and_one_press_keeps_the_session(visitor, stranger, settings):
    visitor.sign_in(stranger)
    page = visitor.open("/account", 390)
    warning = page.get_by_role("heading", name="Ben je er nog?")
    expect(warning).to_be_hidden()
    end_in(290, settings)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(warning).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        checks.assert_accessible(page)
        assert checks.overflow(page) == []
    page.get_by_role("button", name="Ik ben er nog").click()
    expect(warning).to_be_hidden()
    assert SessionStore(Session.objects.get().session_key)[KEY] > time.time() - 60


def test_who_is_signed_out_is_told_and_comes_back_to_the_same_page(visitor, stranger, settings):
    visitor.sign_in(stranger)
    page = visitor.open("/account", 390)
    Session.objects.all().delete()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="Je bent uitgelogd")).to_be_visible()
    checks.assert_accessible(page)
    page.get_by_role("link", name="Log weer in").click()
    page.wait_for_url("**/sign-in?next=%2Faccount")

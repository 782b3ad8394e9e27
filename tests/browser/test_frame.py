"""The frame that all pages share: keyboard, language, no JavaScript, twice the text."""

import pytest
from playwright.sync_api import expect

from tests.browser import checks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_tab_reaches_the_skip_link_and_it_leads_to_the_content(visitor):
    page = visitor.open("/", 390)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", "#main")
    assert focused.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_page_is_dutch_whatever_the_browser_prefers(visitor):
    page = visitor.open("/", 390)
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_the_reader_chooses_the_language_and_it_stays(visitor):
    page = visitor.open("/", 390)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(visitor.base_url + "/privacy")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_can_be_chosen_without_javascript(visitor):
    page = visitor.open("/", 390, java_script_enabled=False)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_be_visible()


def test_twice_the_text_size_breaks_no_page(visitor):
    page = visitor.open("/", 1280)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert checks.overflow(page) == []


def test_a_page_that_is_not_there_says_where_to_go(visitor):
    page = visitor.open("/nowhere", 390, status=404)
    assert page.get_by_role("main").get_by_role("link").first.get_attribute("href") == "/"
    checks.assert_accessible(page)

"""A worker's page is read aloud by a voice of the device, or the button is not there."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A browser's voices differ per machine: this one says at once what it is given.
VOICES = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => %s,
  speak: (words) => { window.said.push([words.text, words.lang]);
    if (!window.slow) setTimeout(() => words.onend()); },
  cancel: () => { window.cancelled = true; },
  addEventListener: () => {},
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
HERE = '[{lang: "en-GB", localService: true}, {lang: "nl-NL", localService: true}]'
CLOUD = '[{lang: "nl-NL", localService: false}, {lang: "en-GB", localService: true}]'


def page_with(visitor, voices):
    page = visitor.page(390)
    page.add_init_script(VOICES % voices)
    return page


def test_a_page_is_read_from_its_title_on_and_no_word_twice(visitor, worker_account, worker):
    visitor.sign_in(worker_account)
    page = page_with(visitor, HERE)
    visitor.go(page, reverse("worker:learning"))
    button = page.get_by_role("button", name="Lees deze pagina voor")
    button.click()
    expect(button).to_be_visible()  # again, once all is read
    page.wait_for_function("window.said.length > 5")
    said = page.evaluate("window.said")
    assert said[0] == ["Wat je leert", "nl"]
    assert len({text for text, _language in said}) == len(said)
    assert all(language == "nl" for _text, language in said)


def test_a_second_press_stops_it(visitor, worker_account):
    visitor.sign_in(worker_account)
    page = page_with(visitor, HERE)
    visitor.go(page, reverse("worker:learning"))
    page.evaluate("window.slow = true")
    page.get_by_role("button", name="Lees deze pagina voor").click()
    assert page.locator("[data-spoken]").count() == 1
    page.get_by_role("button", name="Stop met voorlezen").click()
    assert page.evaluate("window.cancelled")
    assert page.locator("[data-spoken]").count() == 0
    assert len(page.evaluate("window.said")) == 1


@pytest.mark.parametrize("voices", [CLOUD, "[]"], ids=["only in the cloud", "none"])
def test_without_a_voice_of_the_device_there_is_no_button(visitor, worker_account, voices):
    visitor.sign_in(worker_account)
    page = page_with(visitor, voices)
    visitor.go(page, reverse("worker:learning"))
    expect(page.locator("[data-aloud]")).to_be_hidden()

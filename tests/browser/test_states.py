"""Forms with everything wrong: accessible and whole at every width, the errors tied to fields."""

import pytest

from tests.browser.reading import ONLY_LOOKING
from tests.browser.test_pages import WIDTHS, faults_of

pytestmark = [pytest.mark.browser, ONLY_LOOKING]
WORKER = [
    *(
        (f"/requests/{{request}}/questions/{slug}", "Volgende stap")
        for slug in ("name", "reach", "work", "learning")
    ),
    ("/requests/{request}/trainings/other", None),
    ("/requests/{request}/files", "Toevoegen"),
    ("/requests/{request}/summary", "Versturen"),
    ("/my/help", None),
    ("/my/data/erase", None),
    ("/apply/twente/help", None),
]
COUNTER = [
    ("/counter/twente/people/new", None),
    ("/counter/twente/companions", None),
    ("/counter/twente/interests", None),
    ("/counter/twente/outreach", "Maak een code"),
]


def faults_after_an_empty_form(visitor, path, button, clear=True):
    page = visitor.open(path, 390)
    if clear:
        for field in page.locator("main .bp-form input[type=text], main .bp-form textarea").all():
            field.fill("")
    pressed = page.locator("main .bp-form button[type=submit]")
    target = page.locator("main").get_by_role("button", name=button) if button else pressed.last
    with page.expect_navigation():
        target.first.click()
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if faults := faults_of(page, width):
            found[f"{path} at {width}"] = faults
    visitor.close()
    return found


@pytest.mark.parametrize(("path", "button"), WORKER, ids=lambda one: str(one))
def test_a_workers_form_with_errors_is_accessible(
    visitor, draft_of_worker, worker, adviser, path, button
):
    visitor.sign_in(worker.user)
    path = path.format(request=draft_of_worker.reference)
    assert faults_after_an_empty_form(visitor, path, button) == {}


@pytest.mark.parametrize(("path", "button"), COUNTER, ids=lambda one: str(one))
def test_a_form_of_the_counter_with_errors_is_accessible(visitor, adviser, twente, path, button):
    visitor.sign_in(adviser)
    assert faults_after_an_empty_form(visitor, path, button) == {}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-in/password"])
def test_the_doors_with_errors_are_accessible(visitor, twente, path):
    assert faults_after_an_empty_form(visitor, path, None) == {}


def test_what_comes_after_the_decision_with_errors_is_accessible(
    visitor, accepted_request, refused_request
):
    visitor.sign_in(accepted_request.worker.user)
    base = f"/requests/{accepted_request.reference}"
    assert faults_after_an_empty_form(visitor, f"{base}/proof", "Volgende stap") == {}
    for kind in ("practice", "attendance"):
        page = f"{base}/proof/{kind}"
        assert faults_after_an_empty_form(visitor, page, "Bewijs sturen") == {}
    assert faults_after_an_empty_form(visitor, f"{base}/stop", "Ik stop") == {}
    visitor.sign_in(refused_request.worker.user)
    page = f"/requests/{refused_request.reference}/objection"
    assert faults_after_an_empty_form(visitor, page, None) == {}

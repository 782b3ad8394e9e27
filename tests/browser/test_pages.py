"""Every page at every width: readable by all, nothing sticking out, nothing asked of others, and
nothing forgotten on a lost line."""

import re
from operator import attrgetter

import pytest
from playwright.sync_api import expect

from tests.browser import checks, forms
from tests.browser.pages import SCENES
from tests.browser.reading import ONLY_LOOKING

pytestmark = [pytest.mark.browser, ONLY_LOOKING]
WIDTHS = [390, 1280, 320]


def faults_of(page, width: int) -> list[str]:
    """Everything that is wrong with the page as it stands.

    At 320 px nothing is added to the page of 390: there the one question is what sticks out.
    """
    found = checks.overflow(page)
    if width != 320:
        found += [*checks.accessibility(page), *checks.broken_amounts(page)]
    if width == 390:
        found += [*checks.small_chart_text(page), *checks.small_targets(page)]
        found += [*checks.bare_selects(page), *checks.long_labels(page)]
    return found


def asked_of(scene, **_others):
    named = [*scene.needs, scene.person, *(fixture for fixture, _ in scene.fill.values())]
    return list(dict.fromkeys(filter(None, named)))


@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_each_page_is_accessible_and_fits_at_every_width(scene, visitor, request):
    for name in scene.needs:
        request.getfixturevalue(name)
    if scene.person:
        person = request.getfixturevalue(scene.person)
        visitor.sign_in(person, second_factor=scene.has_second_factor)
    values = {
        key: attrgetter(attribute)(request.getfixturevalue(fixture))
        for key, (fixture, attribute) in scene.fill.items()
    }
    faults, page = {}, visitor.page()
    for path in (path.format(**values) for path in scene.paths):
        visitor.go(page, path)
        assert page.locator("h1").count() == 1, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if found := faults_of(page, width):
                faults[f"{path} at {width}"] = found
        if (scene.person or "draft" in values) and (found := forms.forgotten(page)):
            faults[f"{path} on a lost line"] = found
    lost = re.compile("ERR_CONNECTION_FAILED|Failed to load")
    visitor.complaints = [line for line in visitor.complaints if not lost.search(line)]
    assert faults == {}


def test_a_form_with_errors_is_accessible_and_its_summary_has_the_focus(
    visitor, request, drawn, chair
):
    visitor.sign_in(chair)
    for width in WIDTHS:
        page = visitor.open("/board/twente/rounds/new", width)
        page.get_by_role("button", name="Bewaar het concept").click()
        expect(page).to_have_title(re.compile("^Fout:"))
        expect(page.locator("[data-focus]:focus")).to_have_count(1)
        assert faults_of(page, width) == []
        page.locator("[data-focus] a").first.click()
        expect(page.locator(":focus")).to_have_attribute("name", "code")

"""On a phone the header leaves room for the page, in the longest language too."""

import pytest

from tests.browser import checks
from tests.browser.reading import ONLY_LOOKING

pytestmark = [pytest.mark.browser, ONLY_LOOKING]
MOST = 172  # px of 844: the brand, two lines of the menu


@pytest.mark.parametrize("language", ["nl", "pl"])
def test_the_header_of_a_workers_page_takes_a_fifth_of_a_phone_at_most(
    visitor, worker_account, language
):
    visitor.sign_in(worker_account)
    cookie = {"name": "django_language", "value": language, "url": visitor.base_url}
    for address in ("/", "/my"):
        page = visitor.page(390)
        page.context.add_cookies([cookie])
        visitor.go(page, address)
        assert page.locator("header").bounding_box()["height"] <= MOST, address
        page.locator("header summary").click()
        page.get_by_role("button", name="English").wait_for()
        assert checks.overflow(page) == []
        checks.assert_accessible(page)


def test_arabic_runs_from_right_to_left_and_fits_a_phone(visitor, draft_of_worker, worker_account):
    visitor.sign_in(worker_account)
    page = visitor.page(390)
    cookie = {"name": "django_language", "value": "ar", "url": visitor.base_url}
    page.context.add_cookies([cookie])
    base = f"/requests/{draft_of_worker.reference}"
    for address in ("/my", base, f"{base}/questions/work", f"{base}/trainings", f"{base}/summary"):
        visitor.go(page, address)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert checks.overflow(page) == [], address
        heading = page.locator("h1").bounding_box()
        start = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
        assert start == "rtl", heading
        checks.assert_accessible(page)

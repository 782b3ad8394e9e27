"""A page is light: what a phone on a slow line must fetch."""

import gzip

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CSS_BYTES_MAX = 15_000
SCRIPT_BYTES_MAX = 20_000
FIRST_VISIT_BYTES_MAX = 60_000


def compressed(page, pattern: str) -> int:
    """What the answers to a page's requests weigh when compressed as our server does."""
    return sum(len(gzip.compress(a.body(), 9)) for a in page.answers if pattern in a.url)


@pytest.fixture
def weighed(visitor):
    page = visitor.page(390)
    page.answers = []
    # Playwright cannot call a method of a list itself.
    page.on("response", lambda answer: page.answers.append(answer))
    page.goto(visitor.base_url + "/")
    page.wait_for_load_state("networkidle")
    return page


def test_styles_scripts_and_the_whole_first_visit_stay_within_their_budgets(weighed):
    assert compressed(weighed, ".css") <= CSS_BYTES_MAX
    assert compressed(weighed, ".js") <= SCRIPT_BYTES_MAX
    assert compressed(weighed, "") <= FIRST_VISIT_BYTES_MAX

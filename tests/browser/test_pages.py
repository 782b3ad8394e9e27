"""Every page at every width: readable by all, nothing sticking out, nothing asked of others."""

import pytest

from tests.browser import checks, pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [390, 1280, 320]


def faults_of(page, width: int) -> list[str]:
    found = [*checks.accessibility(page), *checks.overflow(page), *checks.broken_amounts(page)]
    if width == 390:
        found += [*checks.small_chart_text(page), *checks.small_targets(page)]
    return found


def look_at(visitor, paths: list[str]) -> dict[str, list[str]]:
    faults = {}
    for path in paths:
        for width in WIDTHS:
            page = visitor.open(path, width)
            if found := faults_of(page, width):
                faults[f"{path} at {width}"] = found
            visitor.close()
    return faults


def test_public_pages_are_accessible_and_fit_at_every_width(visitor):
    assert look_at(visitor, pages.PUBLIC) == {}

"""What is set up once for many tests is in fact found there by the second of them."""

import pytest

from tests.sharing import STACK, shared, stacked

pytestmark = pytest.mark.django_db


@shared
def region(twente):
    return twente


def test_a_shared_fixture_stands_on_the_stack(region, request):
    """A fixture for all tests that may change what another does would end all sharing."""
    assert stacked(request.node) == ["twente", "region"]
    assert [level.function.__name__ for level in STACK.levels] == ["twente", "region"]

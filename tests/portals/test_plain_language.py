"""Plain Dutch on the pages that people read before they ask, and on the board's and the counter's."""

import pytest

from tests import plain_dutch
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
BOARDS_LEAST = 50
NO_LIMIT = 999


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return plain_dutch.of_page(answer.content.decode(), without=("table",))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/how-we-divide",
        "/privacy",
        "/accessibility",
        "/regions/twente",
        "/sign-in",
        "/sign-up",
        "/sign-in/password",
        "/password/forgotten",
    ],
)
def test_a_public_page_is_plain_and_its_sentences_are_short(client, opened, path):
    assert plain_dutch.faults(text(client, path)) == []


def test_the_page_of_a_published_round_is_plain(client, published):
    shown = text(client, "/regions/twente/rounds/2027-1")
    # The record for the register follows a standard of its own.
    before, record, _ = shown.partition("hele beschrijving")
    assert record
    assert plain_dutch.faults(before, least=60, most=NO_LIMIT) == []


@pytest.mark.parametrize("path", ["", "/rounds/2027-1", "/rounds/new", "/policies/new"])
def test_a_board_page_is_plain_enough(chair, scenario, path):
    shown = text(signed_in(chair), f"/board/twente{path}")
    assert plain_dutch.faults(shown, least=BOARDS_LEAST, most=NO_LIMIT) == []


@pytest.mark.parametrize(
    "path",
    ["", "/people/new", "/people/mandate", "/checks", "/proofs", "/outreach", "/companions",
     "/interests"],
)  # fmt: skip
def test_a_page_of_the_counter_is_plain_enough(adviser, opened, path):
    shown = text(signed_in(adviser), f"/counter/twente{path}")
    assert plain_dutch.faults(shown, least=BOARDS_LEAST) == []

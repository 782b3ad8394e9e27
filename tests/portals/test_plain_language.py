"""Plain Dutch on the pages that people read before they ask, and on the board's."""

import pytest

from tests.cast import signed_in
from tests.portals import plain

pytestmark = pytest.mark.django_db


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return plain.sentences(answer.content.decode())


@pytest.mark.parametrize(
    "path", ["/", "/how-we-divide", "/privacy", "/accessibility", "/regions/twente"]
)
def test_a_public_page_is_plain_and_its_sentences_are_short(client, opened, path):
    found = read(client, path)
    assert plain.too_long(found) == []
    assert plain.forbidden(found) == []
    assert plain.flesch_douma(found) >= 70


def test_the_page_of_a_published_round_is_plain(client, published):
    found = read(client, "/regions/twente/rounds/2027-1")
    # The record for the register follows a standard of its own.
    shown = [sentence for sentence in found if sentence not in record(found)]
    assert plain.forbidden(shown) == []
    assert plain.flesch_douma(shown) >= 60


def record(found):
    start = next(i for i, sentence in enumerate(found) if "hele beschrijving" in sentence)
    return found[start:]


@pytest.mark.parametrize("path", ["", "/rounds/2027-1", "/rounds/new", "/policies/new"])
def test_a_board_page_is_plain_enough(chair, scenario, path):
    found = read(signed_in(chair), f"/board/twente{path}")
    assert plain.forbidden(found) == []
    assert plain.flesch_douma(found) >= 50


def test_the_measure_tells_plain_from_official():
    plain_text = ["Je krijgt geld voor een cursus.", "Kies een school in de buurt."]
    official = ["Derhalve dient belanghebbende middels formulieren subsidieverlening te verzoeken."]
    assert plain.flesch_douma(plain_text) > 70 > 0 > plain.flesch_douma(official)
    assert plain.forbidden(official)

"""A line without our number is ours only by account, amount and our whole words, for one alone."""

from types import SimpleNamespace

import pytest

from allocation.payouts import by_text
from tests.payouts.conftest import SCHOOL_IBAN

PAYOUT = SimpleNamespace(description="Scholing R-0007, deel 1", end_to_end_id="N-1")
KNOWN = {(SCHOOL_IBAN, 48_000): [PAYOUT]}


def line(text, *, iban=SCHOOL_IBAN, cents=-48_000, number=""):
    return SimpleNamespace(
        remittance=text, iban=iban, amount_cents=cents, end_to_end_id=number, pk=1
    )


@pytest.mark.parametrize(
    "text", ["Scholing R-0007, deel 1", "SEPA SCHOLING R-0 007, DEEL 1", "EREF/N-1/REMI", "x N -1"]
)
def test_our_words_are_found_wherever_the_bank_cut_them(text):
    assert by_text.find(line(text), KNOWN) is PAYOUT


@pytest.mark.parametrize(
    "wrong",
    [
        line("betaling N-12"),
        line("betaling AN-1"),
        line("Scholing R-0007, deel"),
        line("betaling N-1", cents=-48_001),
        line("betaling N-1", iban="NL91ABNA0417164300"),
        line("betaling N-1", number="ANOTHER"),
        line(""),
    ],
)
def test_part_of_it_or_another_account_or_amount_is_not_ours(wrong):
    assert by_text.find(wrong, KNOWN) is None


def test_two_that_fit_are_none():
    twice = {(SCHOOL_IBAN, 48_000): [PAYOUT, SimpleNamespace(**vars(PAYOUT))]}
    assert by_text.find(line("betaling N-1"), twice) is None

"""A statement without an IBAN is booked on our account, and on no other bank's."""

import pytest

from budgetpool.bank.account_numbers import same_account

ABN = "NL87ABNA0534334164"
TRIODOS = "NL53TRIO0390123456"
KNAB = "NL65KNAB0123456789"
GERMAN = "DE89370400440532013000"
OURS = [ABN, TRIODOS, KNAB, GERMAN]


@pytest.mark.parametrize(
    ("written", "iban"),
    [
        ("534334164", ABN),
        ("0534334164", ABN),
        ("534334164 EUR", ABN),
        ("534334164EUR", ABN),
        ("TRIODOSBANK/0390123456", TRIODOS),
        ("123456789", KNAB),
        ("37040044/0532013000", GERMAN),
    ],
)
def test_the_banks_own_spelling_of_a_number_is_our_account(written, iban):
    assert same_account(written, OURS) == iban


@pytest.mark.parametrize(
    "written",
    [
        "534334165",  # another number
        "34334164",  # the end of ours
        "TRIODOSBANK/534334164",  # our number at another bank
        "37040045/0532013000",
        "0",
        "",
        "P1",
        ABN,
    ],
)
def test_what_is_not_wholly_our_number_is_not_our_account(written):
    assert same_account(written, OURS) is None


def test_one_number_at_two_of_our_banks_is_nobodys():
    assert same_account("534334164", [ABN, "NL14INGB0534334164"]) is None
    assert same_account("ABNAMROBANK/534334164", [ABN, "NL14INGB0534334164"]) == ABN

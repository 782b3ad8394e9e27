"""A text in a payment file holds what every bank takes, whatever was typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetpool.bank.epc_text import NOTHING, clean

BASIC = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+")


@given(st.text(max_size=200), st.integers(min_value=11, max_value=140))
def test_any_text_is_basic_short_enough_and_never_empty(text, length):
    found = clean(text, length=length)
    assert BASIC.fullmatch(found)
    assert len(found) <= length
    assert found == found.strip("/ ") == " ".join(found.split())
    assert "//" not in found


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Aimée & Søn Müller_ß", "Aimee + Son Muller-ss"),
        ("ЮРИЙ", "IuRII"),
        ("株式会社", "Zhu Shi Hui She"),
        ("🎓 School", "School"),
        ("Łódź Çelik", "Lodz Celik"),
        ('Stichting "De Ark" <x>', "Stichting 'De Ark' (x)"),
        ("  // Noord // Zuid /", "Noord / Zuid"),
        ("🎓🎓", NOTHING),
        ("", NOTHING),
    ],
)
def test_signs_and_alphabets_are_replaced_by_what_banks_take(typed, written):
    assert clean(typed, length=70) == written


def test_a_cut_never_leaves_a_blank_or_a_slash_at_the_end():
    assert clean("abc /defgh", length=5) == "abc"

"""Amounts, shares and days in the reader's language, never broken over two lines."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from djmoney.money import Money

from budgetpool.portals.components import numbers

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("cents", "dutch", "english"),
    [
        (123_450, "1.234,50", "1,234.50"),
        (50_000_000, "500.000", "500,000"),
        (5, "0,05", "0.05"),
        (0, "0", "0"),
        (-4_500, "−45", "−45"),
    ],
)
def test_an_amount_follows_the_language_and_keeps_its_sign_at_the_number(cents, dutch, english):
    with translation.override("nl"):
        assert numbers.euros(cents) == f"€{NBSP}{dutch}"
    with translation.override("en"):
        assert numbers.euros(cents) == f"€{NBSP}{english}"


def test_an_exact_amount_always_shows_its_cents():
    with translation.override("nl"):
        assert numbers.euros_exact(50_000) == f"€{NBSP}500,00"
        assert numbers.euros_exact(Money("1234.5", "EUR")) == f"€{NBSP}1.234,50"
    with translation.override("en"):
        assert numbers.euros_exact(123_400) == f"€{NBSP}1,234.00"


def test_whole_euros_are_rounded_to_the_nearest():
    with translation.override("nl"):
        assert numbers.euros_whole(61_234_567) == f"€{NBSP}612.346"


def test_a_float_is_refused_as_an_amount():
    with pytest.raises(TypeError, match="Money or whole cents"):
        numbers.euros(12.5)


def test_nothing_is_a_dash():
    assert [numbers.euros(None), numbers.percent(None), numbers.day(None)] == ["–", "–", "–"]


def test_a_day_and_a_moment_are_written_in_full_without_breaking():
    at = datetime(2027, 3, 1, 13, 2, tzinfo=UTC)
    with translation.override("nl"):
        assert numbers.day(at) == f"1{NBSP}maart{NBSP}2027"
        assert numbers.day(date(2027, 3, 1), weekday=True) == f"maandag 1{NBSP}maart{NBSP}2027"
        assert numbers.moment(at) == f"1{NBSP}maart{NBSP}2027, 14.02{NBSP}uur"
    with translation.override("en"):
        assert numbers.moment(at) == f"1{NBSP}March{NBSP}2027, 14:02"


@pytest.mark.parametrize(
    ("days", "dutch"),
    [
        (1, "1 dag"),
        (10, "10 dagen"),
        (92, "3 maanden"),
        (183, "6 maanden"),
        (365, "1 jaar"),
        (730, "2 jaar"),
        (1825, "5 jaar"),
        (400, "400 dagen"),
    ],
)
def test_a_span_is_written_in_the_largest_unit_that_fits(days, dutch):
    with translation.override("nl"):
        assert numbers.span(days) == dutch

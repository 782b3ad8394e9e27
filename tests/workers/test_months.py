"""A word of ours must not take the place of a word of Django's in the merged catalogues."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format

MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"


@pytest.mark.parametrize(("number", "name"), list(enumerate(MONTHS.split(), start=1)))
def test_months_keep_their_dutch_names(number, name):
    with translation.override("nl"):
        assert date_format(date(2027, number, 10), "j F Y") == f"10 {name} 2027"

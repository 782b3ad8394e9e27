"""A mobile number in any spelling is one number; whatever gets no text message says why."""

import pytest
from django.core.exceptions import ValidationError

from budgetpool.portals.account.entrance import REASONS, MobileField
from budgetpool.users import phones

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0612345678", "+31612345678"),
        ("06 - 1234 5678", "+31612345678"),
        ("(06) 12.34.56.78", "+31612345678"),
        ("06\u00a012345678", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0048 512 345 678", "+48512345678"),
    ],
)
def test_every_spelling_of_a_number_is_one_number(text, number):
    assert phones.normal(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("053 123 45 67", "landline"),
        ("+31 20 123 4567", "landline"),
        ("088-1234567", "landline"),
        ("06-12", "spelling"),
        ("061234567890", "spelling"),
        ("+31 97 0123 45678", "spelling"),
        ("+0612345678", "spelling"),
        ("zes twaalf", "spelling"),
        ("", "spelling"),
        ("+1 202 555 0123", "country"),
    ],
)
def test_a_number_that_gets_no_text_says_in_what_way(text, code, settings):
    settings.SMS_COUNTRIES = ["31", "48"]
    with pytest.raises(phones.NotAMobileNumber) as refused:
        phones.normal(text)
    assert refused.value.code == code
    if text:
        with pytest.raises(ValidationError) as said:
            MobileField().clean(text)
        assert said.value.messages == [str(REASONS[code])]

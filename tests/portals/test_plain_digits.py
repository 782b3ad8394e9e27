"""Digits of other scripts are letters to the rules: they would pass `\\d` and fail at the bank."""

import pytest
from django.core.exceptions import ValidationError

from allocation.models import Proof
from budgetpool.portals.components.answer_fields import EuroField, PhoneField
from budgetpool.portals.components.fields import EurosField
from budgetpool.users import phones
from workers.models import Window

pytestmark = pytest.mark.any_database

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def eastern(text):
    return text.translate(EASTERN)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (EuroField(error_messages={"invalid": "No amount."}), "450,50"),
        (EurosField(label="Amount"), "12.000"),
        (PhoneField(), "0612345678"),
        (Proof._meta.get_field("crebo"), "25478"),
        (Window._meta.get_field("code"), "2027-1"),
    ],
)
def test_a_field_takes_plain_digits_only(field, text):
    clean = getattr(field, "run_validators", None) if hasattr(field, "model") else field.clean
    clean(text)
    with pytest.raises(ValidationError):
        clean(eastern(text))


def test_a_phone_number_of_other_digits_is_refused():
    assert phones.normal("06 1234 5678") == "+31612345678"
    with pytest.raises(phones.NotAMobileNumber):
        phones.normal(eastern("0612345678"))

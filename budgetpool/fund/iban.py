"""Bank account numbers, checked by `schwifty` before they are stored or paid."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

NBSP = "\u00a0"


def clean_iban(text: str) -> str:
    """The IBAN in its electronic form: no blanks or dots, capitals.

    Raises:
        ValidationError: code `iban`; a wrong length, country or check digits.

    >>> clean_iban("nl91 abna 0417 1643 00")
    'NL91ABNA0417164300'
    """
    compact = "".join(character for character in text if character.isalnum()).upper()
    try:
        return IBAN(compact).compact
    except (SchwiftyException, ValueError) as error:
        raise ValidationError(
            _("This is not a valid IBAN. Copy it from a bank statement, for instance %(example)s."),
            code="iban",
            params={"example": f"NL91{NBSP}ABNA{NBSP}0417{NBSP}1643{NBSP}00"},
        ) from error


def validate_iban(value: str) -> None:
    """A model validator: `value` must already be in its electronic form.

    Raises:
        ValidationError: code `iban`.
    """
    if clean_iban(value) != value:
        raise ValidationError(
            _("Write the IBAN without blanks and in capitals."), code="iban", params={}
        )


def spell_iban(value: str) -> str:
    """The IBAN in groups of four, joined by non-breaking spaces.

    >>> spell_iban("NL91ABNA0417164300").replace(NBSP, " ")
    'NL91 ABNA 0417 1643 00'
    """
    return NBSP.join(value[start : start + 4] for start in range(0, len(value), 4))


def bic_of(value: str) -> str:
    """The BIC of the bank that keeps this IBAN; empty where the list of banks has none.

    >>> bic_of("NL91ABNA0417164300")
    'ABNANL2A'
    """
    return str(IBAN(value, allow_invalid=True).bic or "")

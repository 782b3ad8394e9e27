"""The citizen service number (BSN) is never stored: free text that holds one is refused.

The fund has no legal ground to process it (UAVG article 46), and what was never asked cannot
leak. Nine digits that pass the eleven-test look like one, so nine such digits are refused.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.nl import bsn

from budgetpool.free_text import refuse_control

# Nine digits, perhaps with blanks, dots or hyphens between them, and no tenth digit beside them:
# a telephone number (ten digits) or a KvK number (eight) is none.
NINE_DIGITS = re.compile(r"(?<!\d)(?<!\d[ .\-])\d(?:[ .\-]?\d){8}(?![ .\-]?\d)")


def holds_bsn(text: str) -> bool:
    """Whether nine digits in the text pass the eleven-test.

    >>> holds_bsn("mijn nummer is 1112.22.333")
    True
    >>> holds_bsn("bel 0612345678")
    False
    """
    return any(bsn.is_valid(match.group()) for match in NINE_DIGITS.finditer(text))


def refuse_bsn(text: str) -> None:
    """A validator for every field of free text; it refuses invisible signs as well.

    Raises:
        ValidationError: code `bsn`; the number is not repeated in the message.
    """
    refuse_control(text)
    if holds_bsn(text):
        raise ValidationError(
            _("This looks like a citizen service number (BSN). Leave it out: we never need it."),
            code="bsn",
        )

"""Signs that nobody sees and that files cannot hold: refused at the door, left out of exports.

Excel and Word paste control characters along with a text (U+0018, for instance). XML 1.0 knows
none of them but tab and line ends: one such sign makes a whole audit file unreadable.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What XML 1.0 does not allow, and the C1 controls, which it does but nobody can read.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without signs that a file cannot hold.

    >>> printable("fout" + chr(24) + " geplakt")
    'fout geplakt'
    """
    return CONTROL.sub("", text)


def refuse_control(text: str) -> None:
    """A validator: no control characters but tab and line ends.

    Raises:
        ValidationError: code `control`.
    """
    if CONTROL.search(text):
        raise ValidationError(
            _("There is an invisible sign in this text. Type the text instead of pasting it."),
            code="control",
        )

"""Texts that every bank takes in a payment file: the EPC's basic Latin set, and never empty.

Source: EPC217-08, "SEPA requirements for an extended character set", for the set and for the
replacements of signs; other alphabets are written in Latin letters.
"""

import re

from text_unidecode import unidecode

# What is said where nothing can be: a field of the file that must hold something.
NOTHING = "NOTPROVIDED"
NAME_LENGTH = 70
TEXT_LENGTH = 140
SIGNS = str.maketrans(
    {
        "€": "E",
        "@": "(at)",
        "_": "-",
        "&": "+",
        '"': "'",
        "`": "'",
        "“": "'",
        "”": "'",
        "„": "'",
        "[": "(",
        "{": "(",
        "<": "(",
        "]": ")",
        "}": ")",
        ">": ")",
        "|": "/",
        "\\": "/",
        "~": "-",
        ";": ",",
        **dict.fromkeys("!#$%*=^", "."),
    }
)
OUTSIDE = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")


def clean(text: str, *, length: int) -> str:
    """The text in the basic set, at most `length` signs; `NOTPROVIDED` where nothing is left.

    No slash stands at either end and no two stand together: banks read those as marks.

    >>> clean("Müller & Søn_“De Ark”", length=70)
    "Muller + Son-'De Ark'"
    >>> clean("ЮРИЙ", length=70)
    'IuRII'
    """
    latin = unidecode(text.translate(SIGNS)).translate(SIGNS)
    basic = OUTSIDE.sub(" ", latin)
    single = re.sub(r"/{2,}", "/", " ".join(basic.split()))
    return single.strip("/ ")[:length].strip("/ ") or NOTHING

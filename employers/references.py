"""ISO 11649 payment references: `RF`, two check digits, then a number of our own.

A mistyped reference fails its check, so it can never pay for somebody else.
"""

import re
from collections.abc import Iterator, Mapping

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

NBSP = "\u00a0"
# Of a whole reference, by the standard; whoever knows 100,000 of them does not measure each again.
LENGTHS = range(5, 26)
START = re.compile(r"(?=(RF[0-9]{2}[0-9A-Z]+))")


def make_reference(*, fund_id: int, employer_id: int, number: int) -> str:
    """The reference for the n-th request of a fund to an employer.

    >>> make_reference(fund_id=1, employer_id=12, number=3)
    'RF490010000120003'
    """
    body = f"{fund_id:03}{employer_id:06}{number:04}"
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def spell_reference(reference: str) -> str:
    """The reference in groups of four, joined by non-breaking spaces."""
    return NBSP.join(reference[start : start + 4] for start in range(0, len(reference), 4))


def clean_reference(text: str) -> str:
    """A reference as it is stored: capitals, no blanks or signs."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def is_valid(reference: str) -> bool:
    """Whether the check digits fit."""
    return bool(iso11649.is_valid(reference))


def find_in_text[T](text: str, known: Mapping[str, T]) -> set[T]:
    """The known references that a free text holds, in whatever spelling.

    >>> find_in_text("bijdrage rf49 0010-0001 20003 mei", {"RF490010000120003": 7})
    {7}
    """
    return {
        known[candidate] for candidate in _candidates(clean_reference(text)) if candidate in known
    }


def _candidates(text: str) -> Iterator[str]:
    for match in START.finditer(text):
        for length in LENGTHS:
            yield match.group(1)[:length]

"""The key of a row, as somebody wrote it: in an address, a button, a search or a bank statement."""

from __future__ import annotations

from django.urls import register_converter

# What a column for keys holds, on every database; a larger number is a fault there, not an answer.
LARGEST = 2**63 - 1


def key_of(text: str) -> int | None:
    """The key that a text is; None, which is nobody's, for anything else and for what is too large.

    >>> key_of("412"), key_of("٣"), key_of("-1"), key_of("9" * 29)
    (412, None, None, None)
    """
    digits = text.lstrip("0") or text[-1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST))):
        return None
    number = int(digits)
    return number if number <= LARGEST else None


class KeyInAddress:
    """`<key:pk>` in a route: an address with a larger number leads nowhere, as one with a letter.

    Django's own `int` lets any number through, and a filter by a foreign key passes it on to the
    database, for which it is a fault.
    """

    regex = "[0-9]{1,40}"

    def to_python(self, text: str) -> int:
        key = key_of(text)
        if key is None:
            raise ValueError(text)
        return key

    def to_url(self, value: int | str) -> str:
        return str(value)


register_converter(KeyInAddress, "key")

"""Euros as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(cents: int) -> str:
    """An amount with a blank that does not break a line; whole euros without decimals.

    >>> euros(45050)  # in Dutch
    '€\\xa0450,50'
    """
    number = number_format(
        Decimal(cents) / 100,
        decimal_pos=0 if cents % 100 == 0 else 2,
        use_l10n=True,
        force_grouping=True,
    )
    return f"€\u00a0{number}"

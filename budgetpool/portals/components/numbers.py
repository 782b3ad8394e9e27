"""How amounts, shares and moments are written: in the reader's language, never broken by a line."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import ngettext
from djmoney.money import Money

from budgetpool import written

NOTHING = "–"


def euros(amount: int | Money | None) -> str:
    """Write an amount, given in whole cents or as Money; cents are left out when there are none.

    >>> euros(123450)
    '€ 1.234,50'
    >>> euros(50_000_000)
    '€ 500.000'
    """
    if amount is None:
        return NOTHING
    if isinstance(amount, Money):
        return written.euros(int(amount.amount * 100))
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TypeError(f"An amount is Money or whole cents, not {type(amount).__name__}.")
    return written.euros(amount)


def euros_whole(cents: int) -> str:
    """Write whole cents as the nearest whole euros, where cents would only distract.

    >>> euros_whole(61_234_567)
    '€ 612.346'
    """
    return euros((cents + 50) // 100 * 100)


def euros_exact(amount: int | Money | None) -> str:
    """Write an amount always with its cents, for statements and invoices."""
    text = euros(amount)
    if amount is None:
        return text
    separator = get_format("DECIMAL_SEPARATOR")
    return text if separator in text[-3:] else f"{text}{separator}00"


def count(number: int | None) -> str:
    """Write a whole number with thousands apart."""
    return NOTHING if number is None else number_format(number, 0, force_grouping=True)


def percent(share: float | Decimal | Fraction | None, places: int = 0) -> str:
    """Write a share (0 to 1) as a percentage."""
    if share is None:
        return NOTHING
    # Rounded here: Django cuts digits off, which would write 1.2% as 1,19%.
    return f"{number_format(round(Decimal(str(float(share) * 100)), places), places)}%"


def decimal(number: float | Decimal | None, places: int = 2) -> str:
    """Write a number with a fixed count of decimals."""
    return NOTHING if number is None else number_format(Decimal(str(number)), places)


def day(value: date | datetime | None, *, weekday: bool = False) -> str:
    """Write a day in full: 1 maart 2027."""
    if value is None:
        return NOTHING
    text = written.day(value)
    if not weekday:
        return text
    local = written.local(value) if isinstance(value, datetime) else value
    return f"{date_format(local, 'l')} {text}"


def moment(value: datetime | None) -> str:
    """Write a moment: 1 maart 2027, 14.02 uur."""
    return NOTHING if value is None else written.moment(value)


def span(days: int) -> str:
    """Write how long something lasts in the largest unit that fits: 2 jaar, 6 maanden, 10 dagen."""
    years, months = days / 365.25, days / (365 / 12)
    if days >= 365 and abs(years - round(years)) < 1 / 100:  # with and without leap days
        whole = round(years)
        return ngettext("%(count)s year", "%(count)s years", whole) % {"count": whole}
    if days >= 28 and abs(months - round(months)) < 1 / 15:
        whole = round(months)
        return ngettext("%(count)s month", "%(count)s months", whole) % {"count": whole}
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}

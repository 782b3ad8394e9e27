"""How amounts and moments are written: in the reader's language, never broken by a line."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

NBSP: Final = "\N{NO-BREAK SPACE}"


def euros(cents: int) -> str:
    """Write whole cents as euros; the cents are left out when there are none.

    >>> euros(123450)  # in Dutch
    '€\\xa01.234,50'
    """
    places = 0 if cents % 100 == 0 else 2
    sign = "−" if cents < 0 else ""
    number = number_format(Decimal(abs(cents)) / 100, places, use_l10n=True, force_grouping=True)
    return f"€{NBSP}{sign}{number}"


def day(value: date | datetime) -> str:
    """Write a day in full: 1 maart 2027.

    Polish and Ukrainian have another form of a month beside a day: 1 marca 2027.
    """
    shown = local(value) if isinstance(value, datetime) else value
    month = "E" if get_language() in {"pl", "uk"} else "F"
    return date_format(shown, f"j {month} Y").replace(" ", NBSP)


def moment(value: datetime) -> str:
    """Write a moment: 1 maart 2027, 14.02 uur."""
    is_dutch = get_language() == "nl"
    hour = f"{NBSP}uur" if is_dutch else ""
    return f"{day(value)}, {date_format(local(value), 'H.i' if is_dutch else 'H:i')}{hour}"


def local(value: datetime) -> datetime:
    """A moment in the fund's own time; one without a zone is in it already."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def until(end: datetime) -> str:
    """Write the end of a window, to stand after "up to and including": day and hour.

    The end itself no longer belongs to the window. An end at midnight is the evening before:
    nobody reads "11 December, 0:00" as the tenth.
    """
    shown = local(end)
    clock = f"{shown:%H:%M}"
    if shown.time() == time.min:
        shown, clock = shown - timedelta(days=1), "24:00"
    hour = f"{NBSP}uur" if get_language() == "nl" else ""
    return f"{date_format(shown, 'l')} {day(shown)}, {clock}{hour}"

"""Terms of the general administrative law act (Awb), counted in days that exist.

A term that ends on a Saturday, a Sunday or a generally recognised holiday runs to the next day
that is none of these (General Extension of Time Limits Act, articles 1 and 3).
"""

from datetime import date, timedelta
from typing import Final

from employers.pledges.workdays import easter_sunday

OBJECT_WEEKS: Final = 6
DECIDE_WEEKS: Final = 6


def object_by(notified_on: date) -> date:
    """The last day for an objection: six weeks from the day after notification (Awb 6:7, 6:8).

    >>> object_by(date(2027, 1, 15))
    datetime.date(2027, 2, 26)
    """
    return extended(notified_on + timedelta(weeks=OBJECT_WEEKS))


def decide_by(objection_term_ends: date) -> date:
    """The last day to answer: six weeks after the term for objections ended (Awb 7:10)."""
    return extended(objection_term_ends + timedelta(weeks=DECIDE_WEEKS))


def extended(day: date) -> date:
    """The same day, or the first one after it that is neither weekend nor holiday.

    >>> extended(date(2027, 3, 26))  # Good Friday
    datetime.date(2027, 3, 30)
    """
    while day.weekday() >= 5 or day in holidays(day.year):
        day += timedelta(days=1)
    return day


def holidays(year: int) -> set[date]:
    """The generally recognised holidays of a year, Good Friday included."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day = date(year, 4, 26)
    return {
        date(year, 1, 1),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        kings_day,
        date(year, 5, 5),
        easter + timedelta(days=39),
        easter + timedelta(days=50),
        date(year, 12, 25),
        date(year, 12, 26),
    }

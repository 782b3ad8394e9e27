"""Business days in the Netherlands: no weekends, no public holidays.

Holidays: New Year's Day, Easter Monday, King's Day, Liberation Day in lustrum years, Ascension
Day, Whit Monday, both Christmas days (Algemene termijnenwet art. 3; Good Friday counts as a
public holiday in that law too).
"""

import datetime
from functools import cache

DAY = datetime.timedelta(days=1)


def add_business_days(day: datetime.date, count: int) -> datetime.date:
    """The `count`-th business day after `day`.

    >>> add_business_days(datetime.date(2027, 3, 25), 1)  # Thursday before Good Friday
    datetime.date(2027, 3, 30)
    """
    while count > 0:
        day += DAY
        if is_business_day(day):
            count -= 1
    return day


def is_business_day(day: datetime.date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


@cache
def holidays(year: int) -> frozenset[datetime.date]:
    """The public holidays of a year."""
    easter = easter_sunday(year)
    kings_day = datetime.date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= DAY
    days = {
        datetime.date(year, 1, 1),
        easter - 2 * DAY,
        easter + DAY,
        kings_day,
        easter + 39 * DAY,
        easter + 50 * DAY,
        datetime.date(year, 12, 25),
        datetime.date(year, 12, 26),
    }
    if year % 5 == 0:
        days.add(datetime.date(year, 5, 5))
    return frozenset(days)


def easter_sunday(year: int) -> datetime.date:
    """Easter by the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    last = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * last) // 451
    month, day = divmod(h + last - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)

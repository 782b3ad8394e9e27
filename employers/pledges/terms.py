"""The terms of a pledge: which periods a schedule cuts the time into, and what each costs.

Pure arithmetic, tested with the euros of `docs/money-walk.md`.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from employers.models.pledge import Pledge, Schedule


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a pledge and its amount."""

    start: datetime.date
    end: datetime.date
    amount_cents: int


def terms_until(pledge: Pledge, day: datetime.date) -> Iterator[Term]:
    """The terms of a pledge that begin on or before `day`, in order.

    Terms are counted from the first day of the pledge. A year's amount is divided over its
    terms to the cent: the first terms carry the cents that do not divide.

    >>> [term.amount_cents for term in terms_until(quarterly_of_100_euro_and_2_cents, day)]
    [2501, 2501, 2500, 2500]
    """
    per_year = Schedule(pledge.schedule).terms_per_year
    whole, rest = divmod(pledge.year_cents, per_year)
    number = 0
    while True:
        start = _after_months(pledge.starts_on, number * 12 // per_year)
        if start > day or (pledge.ends_on is not None and start > pledge.ends_on):
            return
        end = _after_months(pledge.starts_on, (number + 1) * 12 // per_year)
        end -= datetime.timedelta(days=1)
        yield Term(start, end, whole + (1 if number % per_year < rest else 0))
        number += 1


def _after_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the month's last day where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    first = datetime.date(day.year + year, month + 1, 1)
    next_first = (first + datetime.timedelta(days=32)).replace(day=1)
    return min(
        first + datetime.timedelta(days=day.day - 1), next_first - datetime.timedelta(days=1)
    )

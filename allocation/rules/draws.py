"""The public draw of a round: its source, day and form, and the one spelling of its outcome."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from allocation.models import Round
from budgetpool.refusals import NotReady
from workers.models import Window

# Whole numbers, with blanks, commas or semicolons between them.
OUTCOME: Final = re.compile(r"[0-9]{1,9}(?:[ ,;]+[0-9]{1,9}){0,19}")
MOST_NUMBERS: Final = 20
HIGHEST: Final = 999_999_999


@dataclass(frozen=True)
class Draw:
    """A draw that nobody in the board can steer; the Dutch Lotto draws six numbers of 45.

    Args:
        source: who draws, such as "Lotto of 15 January 2027".
        on: the day of the draw; its outcome cannot be filled in before.
        count: how many numbers; None in a round that was opened before its draw had a form.
        order: `sorted` where the order of the numbers does not count, else `drawn`.
    """

    source: str
    on: date
    count: int | None = 6
    lowest: int = 1
    highest: int = 45
    order: str = Round.DrawOrder.SORTED

    @property
    def is_due(self) -> bool:
        """Whether its day has come."""
        return timezone.localdate() >= self.on

    def check(self, window: Window) -> None:
        """Refuse a form that no draw can have, and a draw before the last request.

        Raises:
            NotReady: `draw_form_wrong`, `draw_before_end`.
        """
        numbers = self.highest - self.lowest + 1
        is_sorted = self.order == Round.DrawOrder.SORTED
        count = self.count or 0
        if (
            not 0 <= self.lowest <= self.highest <= HIGHEST
            or not 1 <= count <= MOST_NUMBERS
            or (is_sorted and count >= numbers)
        ):
            raise NotReady("draw_form_wrong", most=MOST_NUMBERS)
        if self.on <= timezone.localdate(window.closes_at):
            raise NotReady("draw_before_end", closes_at=window.closes_at.isoformat())

    def spelled(self, outcome: str) -> str:
        """The one spelling of an outcome: as many numbers as were announced, one blank between.

        Each way to write a draw would be another seed, and so another order of the lots: who
        writes it down could choose among them. So there is one.

        Raises:
            NotReady: `no_outcome`: no whole numbers; `other_form`: others than were announced.

        >>> Draw("Lotto", on=date(2027, 1, 15)).spelled("41, 04 11;19  33 27")
        '4 11 19 27 33 41'
        """
        written = " ".join(outcome.split())
        if not OUTCOME.fullmatch(written):
            raise NotReady("no_outcome", outcome=written[:200])
        numbers = [int(number) for number in re.findall("[0-9]+", written)]
        if self.order == Round.DrawOrder.SORTED:
            numbers.sort()
        if self.count is not None and not self._has_form(numbers):
            raise NotReady("other_form", count=self.count, lowest=self.lowest, highest=self.highest)
        return " ".join(map(str, numbers))

    def _has_form(self, numbers: list[int]) -> bool:
        once = self.order == Round.DrawOrder.DRAWN or len(set(numbers)) == len(numbers)
        inside = all(self.lowest <= number <= self.highest for number in numbers)
        return len(numbers) == self.count and inside and once


def of(round: Round) -> Draw:
    """The draw of a round, as it was fixed before anybody could ask."""
    if round.draw_on is None or round.draw_lowest is None or round.draw_highest is None:
        return Draw(round.seed_source, timezone.localdate(round.window.closes_at), count=None)
    return Draw(
        round.seed_source,
        round.draw_on,
        round.draw_count,
        round.draw_lowest,
        round.draw_highest,
        round.draw_order,
    )


def put(round: Round, draw: Draw) -> None:
    """Write a draw's source, day and form into a round; the caller saves it."""
    round.seed_source, round.draw_on, round.draw_count = draw.source, draw.on, draw.count
    round.draw_lowest, round.draw_highest = draw.lowest, draw.highest
    round.draw_order = draw.order

"""Whether a statement may tell again what is known, by its days and balances alone.

A statement tells everything that the bank did between its two balances. So it tells a stretch of
the chain again when, day by day, its lines are lines that are known, and when the lines of its
first and of its last day that it leaves out explain where it begins and where it ends. The bank may
have cut the stretch elsewhere: at noon, in weeks, in months.

Which of two lines came first the balances of a statement do not say, and files differ in it. What
two statements of a day told came one after the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from budgetpool.bank import line_sets
from budgetpool.bank.line_sets import Line, Step

type Days = dict[date, list[Step]]
"""What each day did to the balance, a step for each statement that tells of it."""


def by_day(from_cents: int, steps: Iterable[Step]) -> Days:
    """Steps of statements that join end to end, by their days.

    A line that a later statement gave for an earlier day stands on its own day.
    """
    told: Days = defaultdict(list)
    for step in steps:
        told[step.day].append(step)
    days: Days = {}
    at = from_cents
    for day in sorted(told):
        days[day] = []
        for step in told[day]:
            until = at + step.until_cents - step.from_cents
            days[day].append(replace(step, from_cents=at, until_cents=until))
            at = until
    return days


def tells(known: Days, read: Sequence[Step]) -> bool:
    """Whether a statement may be a part of a stretch that is known, or all of it.

    Args:
        known: `by_day` of the stretch.
        read: the steps of the statement.
    """
    first, last = read[0].day, read[-1].day
    told = {step.day for step in read}
    if not told <= known.keys() or any(first < day < last for day in known.keys() - told):
        return False
    return all(
        any(
            _is_told(parts, step, may_begin=step.day == first, may_end=step.day == last)
            for parts in _runs(known[step.day], step.day == first, step.day == last)
        )
        for step in read
    )


def _runs(parts: Sequence[Step], may_begin: bool, may_end: bool) -> Iterator[Sequence[Step]]:
    """The parts of a day, end to end, of which a statement can tell."""
    for begin in range(len(parts) if may_begin else 1):
        for end in range(begin + 1 if may_end else len(parts), len(parts) + 1):
            yield parts[begin:end]


def _is_told(parts: Sequence[Step], told: Step, *, may_begin: bool, may_end: bool) -> bool:
    """Whether a day is told, but for the first lines of one part and the last ones of another."""
    lines = [line for part in parts for line in part.lines]
    rest = _rest(lines, told.lines)
    if rest is None:
        return False
    before = told.from_cents - parts[0].from_cents
    after = parts[-1].until_cents - told.until_cents
    if len(parts) == 1 and may_begin and may_end:
        return before in line_sets.sums(rest) and after == _total(rest) - before
    begin, end = len(parts[0].lines), len(lines) - len(parts[-1].lines)
    head = [line for line in rest if line.number < begin] if may_begin else []
    tail = [line for line in rest if line.number >= end] if may_end else []
    whole = len(rest) == len(head) + len(tail)
    return whole and (before, after) == (_total(head), _total(tail))


def _rest(known: Sequence[Line], told: Sequence[Line]) -> list[Line] | None:
    """The lines of a day that are not told, by their places; None where something else is told."""
    if line_sets.agree(known, told):
        return []
    numbered = [replace(line, number=number) for number, line in enumerate(known)]
    left = line_sets.without(numbered, told)
    return None if left is None else list(left)


def _total(lines: Iterable[Line]) -> int:
    return sum(line.cents for line in lines)

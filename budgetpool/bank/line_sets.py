"""Compares the lines of statements that may come in different formats.

Texts differ from format to format, and a batch is one line here and ten there. What stays is the
day, the amount, and the sums of what came and what went; and where both name the account or the
payment reference of the other party, these.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

# Of more lines of a day than these only the order of the file says which came first.
MOST_IN_ANY_ORDER = 12
PAYMENT_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement; `number` is its place in the file, where it came from one."""

    day: date
    cents: int
    iban: str = ""
    text: str = ""
    bank_reference: str = ""
    number: int = -1

    @property
    def payment_reference(self) -> str:
        found = PAYMENT_REFERENCE.search(self.text.replace(" ", "").upper())
        return found.group() if found else ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one day did to the balance."""

    day: date
    from_cents: int
    until_cents: int
    lines: tuple[Line, ...]


class Spanned(Protocol):
    """A statement: balances with lines between them."""

    @property
    def from_cents(self) -> int: ...
    @property
    def until_cents(self) -> int: ...
    @property
    def lines(self) -> tuple[Line, ...]: ...


def steps(statement: Spanned) -> list[Step]:
    """A statement day by day."""
    return steps_of(statement.from_cents, statement.until_cents, statement.lines)


def steps_of(from_cents: int, until_cents: int, lines: Sequence[Line]) -> list[Step]:
    """Lines day by day; what they lack to the last balance is a part of the last day."""
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        by_day[line.day].append(line)
    found, at = [], from_cents
    for day in sorted(by_day):
        after = at + sum(line.cents for line in by_day[day])
        found.append(Step(day, at, after, tuple(by_day[day])))
        at = after
    if found and at != until_cents:
        last = found.pop()
        found.append(Step(last.day, last.from_cents, until_cents, last.lines))
    return found


def agree(one: Sequence[Line], other: Sequence[Line], *, whatever_day: bool = False) -> bool:
    """Whether two lists tell of the same payments; a batch may be whole in one of them.

    Args:
        whatever_day: the days may differ, but then every amount must be the same.
    """
    if whatever_day:
        if sorted(line.cents for line in one) != sorted(line.cents for line in other):
            return False
    elif _sums(one) != _sums(other):
        return False
    return not _other_party(one, other)


def contains(known: Step, part: Step) -> bool:
    """Whether a day that is known holds this part of it, at these balances and in this order."""
    if _is_told(part, [known]):
        return True
    points = [known.from_cents]
    for line in known.lines:
        points.append(points[-1] + line.cents)
    starts = [at for at, cents in enumerate(points) if cents == part.from_cents]
    ends = [at for at, cents in enumerate(points) if cents == part.until_cents]
    return any(
        agree(known.lines[start:end], part.lines) for start in starts for end in ends if start < end
    )


def new_of(step: Step, known: Sequence[Step]) -> list[Step | None] | None:
    """What of a day is new, with None for what is known; None alone where the two contradict.

    Args:
        known: what the chain tells of this day, in its order.
    """
    if not known:
        return [step]
    if _is_told(step, known) or any(contains(part, step) for part in known):
        return [None]
    joined = all(one.until_cents == two.from_cents for one, two in pairwise(known))
    told = [line for part in known for line in part.lines]
    begins, ends = known[0].from_cents, known[-1].until_cents
    if joined and begins == step.from_cents:
        rest = without(step.lines, told)
        if rest is not None and ends + _total(rest) == step.until_cents:
            return [None, Step(step.day, ends, step.until_cents, rest)]
    if joined and ends == step.until_cents:
        rest = without(step.lines, told)
        if rest is not None and step.from_cents + _total(rest) == begins:
            return [Step(step.day, step.from_cents, begins, rest), None]
    if joined and (_is_between(step, begins, told) or _turns(known, step)):
        return None
    if step.from_cents == ends or step.until_cents == begins:
        return [step]
    if any(
        one.until_cents == step.from_cents or two.from_cents == step.until_cents
        for one, two in pairwise(known)
        if one.until_cents != two.from_cents
    ):
        return [step]
    touched = {cents for part in known for cents in (part.from_cents, part.until_cents)}
    # Balances that meet nowhere: there may be a statement between them that is missing.
    return None if touched & {step.from_cents, step.until_cents} else [step]


def _is_between(step: Step, begins: int, told: Sequence[Line]) -> bool:
    """Whether what is known of a day may be the middle of what is told now."""
    rest = without(step.lines, told)
    return rest is not None and begins - step.from_cents in sums(rest)


def _turns(known: Sequence[Step], step: Step) -> bool:
    """Whether the balance came back to where it was by a line that is told now, perhaps again."""
    came_back = len({part.from_cents for part in known} | {known[-1].until_cents}) <= len(known)
    told = {line.cents for part in known for line in part.lines}
    return came_back and any(line.cents in told for line in step.lines)


def sums(lines: Sequence[Line]) -> set[int]:
    """What those lines of a day that came first may be together, in cents."""
    found, at = {0}, 0
    for line in lines:
        at += line.cents
        found |= {at} if len(lines) > MOST_IN_ANY_ORDER else {one + line.cents for one in found}
    return found


def without(lines: Sequence[Line], told: Sequence[Line]) -> tuple[Line, ...] | None:
    """The lines that are left when those that were told are taken out; None if one is not there."""
    left: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        left[line.cents].append(line)
    for line in told:
        like = [other for other in left[line.cents] if _may_be(line, other)]
        if not like:
            return _after(lines, told)
        best = max(like, key=lambda other: (other.iban == line.iban, other.text == line.text))
        left[line.cents].remove(best)
    kept = {line.number for like in left.values() for line in like}
    return tuple(line for line in lines if line.number in kept) or None


def _may_be(one: Line, other: Line) -> bool:
    """Whether nothing that both name says that two lines of one amount are two payments."""
    pairs = ((one.iban, other.iban), (one.payment_reference, other.payment_reference))
    return all(ours == theirs for ours, theirs in pairs if ours and theirs)


def same_references(one: Sequence[Line], other: Sequence[Line]) -> bool | None:
    """Whether the bank's own references are the same; None where they do not tell."""
    ours = {line.bank_reference for line in one}
    theirs = {line.bank_reference for line in other}
    if "" in ours or "" in theirs:
        return None
    if ours == theirs:
        return True
    return None if ours & theirs else False


def _is_told(step: Step, known: Sequence[Step]) -> bool:
    """Whether some of the known parts, end to end, tell exactly this."""
    for start, first in enumerate(known):
        if first.from_cents != step.from_cents:
            continue
        lines: list[Line] = []
        at = first.from_cents
        for part in known[start:]:
            if part.from_cents != at:
                break
            lines += part.lines
            at = part.until_cents
            if at == step.until_cents and agree(lines, step.lines):
                return True
    return False


def _after(lines: Sequence[Line], told: Sequence[Line]) -> tuple[Line, ...] | None:
    """What comes behind (or in front of) lines with the same sums, where a batch was split."""
    total, front = _total(told), 0
    for end, line in enumerate(lines, start=1):
        front += line.cents
        if front == total and agree(lines[:end], told):
            return tuple(lines[end:]) or None
    back = 0
    for start in range(len(lines) - 1, -1, -1):
        back += lines[start].cents
        if back == total and agree(lines[start:], told):
            return tuple(lines[:start]) or None
    return None


def _sums(lines: Iterable[Line]) -> dict[date, tuple[int, int]]:
    """Per day what came and what went: a net sum would hide a payment and its opposite."""
    sums: dict[date, tuple[int, int]] = {}
    for line in lines:
        came, went = sums.get(line.day, (0, 0))
        sums[line.day] = (came + max(line.cents, 0), went + min(line.cents, 0))
    return sums


def _total(lines: Iterable[Line]) -> int:
    return sum(line.cents for line in lines)


def _other_party(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether both name who paid or why, for the same amounts, and not the same.

    A batch that one of them takes apart has no other party where it is one line.
    """
    if any(_differs(one, other, name) for name in ("iban", "payment_reference")):
        return True
    ours, theirs = _named(one, "iban"), _named(other, "iban")
    return _names_more(ours, theirs) and _names_more(theirs, ours)


def _names_more(ours: Mapping[int, Counter[str]], theirs: Mapping[int, Counter[str]]) -> bool:
    """Whether an amount stands here more often than there, with an account behind it."""
    return any(
        parties.total() > theirs.get(cents, Counter()).total() and any(parties)
        for cents, parties in ours.items()
    )


def _differs(one: Sequence[Line], other: Sequence[Line], name: str) -> bool:
    ours, theirs = _named(one, name), _named(other, name)
    return any(
        ours[cents] != theirs[cents]
        for cents in ours.keys() & theirs.keys()
        if ours[cents].total() == theirs[cents].total()
        and "" not in ours[cents]
        and "" not in theirs[cents]
    )


def _named(lines: Sequence[Line], name: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        found[line.cents][getattr(line, name)] += 1
    return found

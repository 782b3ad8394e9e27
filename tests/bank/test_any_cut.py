"""However the bank cuts a month into statements, and in whatever order they come: no line twice.

Months of a few amounts that come back again and again, told three times in files that are cut
anywhere, also within a day. What the balances leave open is held; nothing is ever booked twice.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from budgetpool.bank.chain import Chain
from budgetpool.bank.chain_links import Read
from budgetpool.bank.line_sets import Line

BAKER, BUTCHER = "NL20INGB0001234567", "NL39RABO0300065264"
KINDS = [
    (250_00, BAKER),
    (-250_00, BAKER),
    (100_00, BUTCHER),
    (-18_95, ""),
    (250_00, BUTCHER),
    (50_00, BAKER),
    (-50_00, BUTCHER),
]

type Told = tuple[date, int, str]


def month(rng: random.Random) -> list[Told]:
    """The lines of a month in the order in which they were booked."""
    days = [day for day in range(1, rng.choice([4, 6, 10])) if rng.random() < 0.7]
    return [
        (date(2027, 1, day), *rng.choice(KINDS))
        for day in days
        for _line in range(rng.choice([1, 1, 2, 3]))
    ]


def cut(rng: random.Random, lines: list[Told]) -> list[tuple[int, int]]:
    """Where a bank begins and ends its statements: months, days, single lines, or anywhere."""
    count = len(lines)
    match rng.choice(["month", "days", "lines", "anywhere"]):
        case "month":
            places = {0, count}
        case "days":
            new = {at for at in range(1, count) if lines[at][0] != lines[at - 1][0]}
            places = {0, count} | new
        case "lines":
            places = set(range(count + 1))
        case _:
            places = {0, count, *(rng.randrange(count + 1) for _ in range(3))}
    return list(pairwise(sorted(places)))


def files(rng: random.Random, lines: list[Told]) -> Iterator[Read]:
    opening = rng.choice([0, 10_00, 1_234_56])
    at = [opening + sum(cents for _day, cents, _iban in lines[:n]) for n in range(len(lines) + 1)]
    for number in range(rng.choice([2, 3])):
        dialect = rng.choice(["camt053", "mt940", "bare"])
        has_references = dialect == "camt053" and rng.random() < 0.3
        for begin, end in cut(rng, lines):
            told = tuple(
                Line(
                    day,
                    cents,
                    "" if dialect == "bare" else iban,
                    f"text of {dialect}",
                    f"R{begin + place}" if has_references else "",
                    place,
                )
                for place, (day, cents, iban) in enumerate(lines[begin:end])
            )
            day = told[-1].day
            yield Read(at[begin], at[end], day, told, dialect, f"{number} {begin:03}")


class Account:
    """A chain, what was booked on it, and the files that wait."""

    def __init__(self) -> None:
        self.chain = Chain()
        self.booked: Counter[tuple[date, int]] = Counter()
        self.held: list[Read] = []

    def take(self, file: Read) -> None:
        """As an import does: what was held is tried again after each file that fits."""
        if not self._fits(file):
            self.held.append(file)
            return
        while fitting := next((held for held in self.held if self._fits(held)), None):
            self.held.remove(fitting)

    def _fits(self, file: Read) -> bool:
        decision = self.chain.decide(file)
        if decision.hold is None:
            lines = [line for run in decision.runs for line in run.lines]
            self.booked.update((line.day, line.cents) for line in lines)
            self.chain.add(file, decision.runs)
        return decision.hold is None


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("is_shuffled", [False, True])
def test_no_line_is_booked_twice_and_none_is_missing_unseen(part, is_shuffled):
    for seed in range(part * 150, part * 150 + 150):
        rng = random.Random(seed)
        lines = month(rng)
        if not lines:
            continue
        told = list(files(rng, lines))
        if is_shuffled:
            rng.shuffle(told)
        account = Account()
        for file in told:
            account.take(file)
        true = Counter((day, cents) for day, cents, _iban in lines)
        assert account.booked <= true, f"seed {seed}: {account.booked - true}"
        is_told = bool(account.held or account.chain.gaps())
        assert is_told or account.booked == true, f"seed {seed}: {true - account.booked}"


def one(cents: int, opening: int, *, id: str) -> Read:
    line = Line(date(2027, 1, 5), cents, BAKER)
    return Read(opening, opening + cents, line.day, (line,), "camt053", id)


def test_the_parts_of_a_day_that_two_statements_cut_otherwise_are_known():
    account = Account()
    monday, friday = (Line(date(2027, 1, day), cents, BAKER) for day, cents in ((4, 7), (8, 5)))
    back = Line(date(2027, 1, 8), -5, BAKER)
    account.take(Read(0, 7, monday.day, (monday,), "camt053", "1"))
    account.take(Read(7, 7, friday.day, (friday, back), "camt053", "2"))
    account.take(Read(0, 12, friday.day, (monday, friday), "mt940", "A"))
    account.take(Read(12, 7, friday.day, (back,), "mt940", "B"))
    assert (account.booked.total(), account.held) == (3, [])


def test_what_the_balances_leave_open_the_banks_numbers_tell_or_people():
    first, back = one(250, 0, id="day 1"), one(-250, 250, id="day 2")
    for id, is_held in (("day 3", False), ("day 1", False), ("copy", True), ("copy 9", True)):
        account = Account()
        for file in (first, back, one(250, 0, id=id)):
            account.take(file)
        assert bool(account.held) is is_held, id
        assert account.booked.total() == (3 if id == "day 3" else 2), id

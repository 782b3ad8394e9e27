"""The chain of statements of one bank account: each begins with the balance where one ended.

A statement says more than its lines: the balance before and after them. Statements that join
end to end leave no room for a line that is missing or there twice. So what a new file is (the
next statement, one that is known in another format, one that overlaps, one that was missing) is
decided by balances and amounts per day, and never by texts, which each format writes otherwise.

What does not fit is held: `Decision.hold` says why, and people decide.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from budgetpool.bank import line_sets, retelling
from budgetpool.bank.chain_links import Decision, Hold, Link, Opening, Read, Run, ordered
from budgetpool.bank.line_sets import Line

KNOWN = Decision()


class Chain:
    """The links of one account in their order, with the lines behind them.

    Args:
        links: in any order.
        read_lines: gives the lines of a link that was kept before.
        opening: what two people booked as the account's opening balance.
    """

    def __init__(
        self,
        links: Iterable[Link] = (),
        read_lines: Callable[[Link], Sequence[Line]] = lambda link: (),
        opening: Opening | None = None,
    ) -> None:
        self.links = ordered(links)
        self.opening = opening
        self._read_lines = read_lines
        self._lines: dict[Link, Sequence[Line]] = {}

    @property
    def closing_cents(self) -> int | None:
        """The balance at the end of the chain, or where it is to begin."""
        if self.links:
            return self.links[-1].until_cents
        return self.opening.amount_cents if self.opening else None

    def lines(self, link: Link) -> Sequence[Line]:
        if link not in self._lines:
            self._lines[link] = self._read_lines(link)
        return self._lines[link]

    def gaps(self) -> list[tuple[Link, Link]]:
        """The neighbours between which a statement is missing."""
        return [pair for pair in pairwise(self.links) if pair[0].until_cents != pair[1].from_cents]

    def add(self, read: Read, runs: Iterable[Run]) -> None:
        """Let the chain know runs that will be booked."""
        for run in runs:
            link = link_of(read, run)
            self.links = ordered([*self.links, link])
            self._lines[link] = run.lines

    def remove(self, links: Iterable[Link]) -> None:
        gone = set(links)
        self.links = [link for link in self.links if link not in gone]

    def decide(self, read: Read) -> Decision:
        """What a statement is, in view of those that are known; changes nothing."""
        if not self.links:
            return self._first(read)
        follows = read.from_cents == self.closing_cents and read.ends_on >= self.links[-1].ends_on
        same = self._same(read)
        if same and (follows or self._fills_gap(read)):
            return self._once_more(read, same, is_next=follows)
        if same:
            return KNOWN
        if follows:
            return self._next(read)
        return self._overlapping(read)

    def in_conflict(self, read: Read) -> list[Link]:
        """The links that tell of the days of a statement, and not the same."""
        days = {line.day for line in read.lines} or {read.ends_on}
        first, last = min(days), max(*days, read.ends_on)
        return [
            link
            for link in self.links
            if first <= link.ends_on and link.first_on <= last and not self._is_part(read, link)
        ]

    def _is_part(self, read: Read, link: Link) -> bool:
        steps = {(step.day, step.from_cents, step.until_cents) for step in line_sets.steps(read)}
        own = self._steps(link)
        return all((step.day, step.from_cents, step.until_cents) in steps for step in own)

    def _first(self, read: Read) -> Decision:
        opening = self.opening
        if opening is None or opening.amount_cents == read.from_cents:
            return Decision((whole(read),))
        return _held(
            "opening_differs",
            gap_cents=read.from_cents - opening.amount_cents,
            from_cents=read.from_cents,
        )

    def _same(self, read: Read) -> list[Link]:
        """The links that tell the very same; none where it is not known whole."""
        if not read.lines:
            return [
                link
                for link in self.links
                if link.ends_on == read.ends_on and link.until_cents == read.until_cents
            ][-1:]
        for start, first in enumerate(self.links):
            if first.from_cents != read.from_cents or first.first_on > read.ends_on:
                continue
            run: list[Link] = []
            for link in self.links[start:]:
                if run and run[-1].until_cents != link.from_cents:
                    break
                run.append(link)
                if link.until_cents == read.until_cents and self._tells(run, read):
                    return run
                if link.first_on > read.ends_on:
                    break
        return self._inside(read) or self._cut_otherwise(read)

    def _tells(self, links: Sequence[Link], read: Read) -> bool:
        known = [line for link in links for line in self.lines(link)]
        if line_sets.agree(known, read.lines):
            return True
        # A format without booking days gives the days of value.
        same_day = links[-1].ends_on == read.ends_on
        return same_day and line_sets.agree(known, read.lines, whatever_day=True)

    def _inside(self, read: Read) -> list[Link]:
        """The one link, such as a month's, of which a statement is a part."""
        own = line_sets.steps(read)
        for link in self.links:
            if not (link.first_on <= own[0].day and own[-1].day <= link.last_on):
                continue
            days = self._steps(link)
            known = {step.day: step for step in days}
            if all(
                step.day in known and line_sets.contains(known[step.day], step) for step in own
            ) and self._no_day_between(days, own):
                return [link]
        return []

    def _cut_otherwise(self, read: Read) -> list[Link]:
        """The links of which a statement tells days again that the bank cut elsewhere."""
        own = line_sets.steps(read)
        for links in self._stretches(read):
            steps = (step for link in links for step in self._steps(link))
            if retelling.tells(retelling.by_day(links[0].from_cents, steps), own):
                return links
        return []

    def _stretches(self, read: Read) -> Iterator[list[Link]]:
        """The links that join end to end, as far as they are about the days of a statement."""
        about = self._of_days(read)
        if not about:
            return
        first, last = self.links.index(about[0]), self.links.index(about[-1])
        joined: list[Link] = []
        for link in self.links[first : last + 1]:
            if joined and joined[-1].until_cents != link.from_cents:
                yield joined
                joined = []
            joined.append(link)
        yield joined

    def _steps(self, link: Link) -> list[line_sets.Step]:
        return line_sets.steps_of(link.from_cents, link.until_cents, self.lines(link))

    @staticmethod
    def _no_day_between(days: Sequence[line_sets.Step], own: Sequence[line_sets.Step]) -> bool:
        between = {step.day for step in days if own[0].day < step.day < own[-1].day}
        return between <= {step.day for step in own}

    def _fills_gap(self, read: Read) -> bool:
        """Whether a statement is missing between just these balances."""
        return any(
            (one.until_cents, two.from_cents) == (read.from_cents, read.until_cents)
            and one.ends_on <= read.ends_on <= two.ends_on
            for one, two in self.gaps()
        )

    def _once_more(self, read: Read, same: Sequence[Link], *, is_next: bool) -> Decision:
        """It may be new, or one that is known: the balance came back to where it was.

        Another format tells the same again, unless a statement of just this kind is missing.
        """
        if not read.lines:
            return KNOWN
        known = [line for link in same for line in self.lines(link)]
        told = line_sets.same_references(known, read.lines)
        if told is not None:
            return KNOWN if told else Decision((whole(read),))
        if is_next and any(link.dialect != read.dialect for link in same):
            return KNOWN
        if any(link.statement_id == read.statement_id for link in same):
            return KNOWN
        if same[-1] != self.links[-1] and self._is_numbered_behind(read, same):
            return Decision((whole(read),))
        return _held("known_or_next", closing_cents=read.until_cents)

    @staticmethod
    def _is_numbered_behind(read: Read, same: Sequence[Link]) -> bool:
        """Whether the bank's own numbers say that it comes after these statements."""
        number = _number(read.statement_id)
        numbers = [_number(link.statement_id) for link in same]
        return number is not None and all(
            one is not None and one[0] == number[0] and one[1] < number[1] for one in numbers
        )

    def _next(self, read: Read) -> Decision:
        """All of it, unless the balance was there before and it may tell of then."""
        pieces = self._pieces(read)
        is_new = pieces is not None and None not in pieces
        if is_new or self._is_numbered_behind(read, self._of_days(read)):
            return Decision((whole(read),))
        if pieces is None:
            return _contradicts(read)
        if all(link.dialect != read.dialect for link in self._of_days(read)):
            return self._overlapping(read)
        return _held("known_or_next", closing_cents=read.until_cents)

    def _of_days(self, read: Read) -> list[Link]:
        """The links that have lines of the days of a statement."""
        days = [line.day for line in read.lines] or [read.ends_on]
        first, last = min(days), max(days)
        return [link for link in self.links if link.first_on <= last and first <= link.last_on]

    def _overlapping(self, read: Read) -> Decision:
        """Book what is new of a statement that is known in part, in front or in between."""
        pieces = self._pieces(read)
        if pieces is None:
            return _contradicts(read)
        trial = Chain(self.links, self.lines, self.opening)
        runs = list(_joined(pieces, read))
        for number, run in enumerate(runs):
            if not trial.has_room(run) or (number and shares_day(runs[number - 1], run)):
                return self._hold(read)
            trial.add(read, [run])
        return Decision(tuple(runs))

    def _pieces(self, read: Read) -> list[line_sets.Step | None] | None:
        """Day by day what is new (None: known); None where a day contradicts what is known."""
        by_day: dict[date, list[line_sets.Step]] = {}
        for link in self._of_days(read):
            for step in self._steps(link):
                by_day.setdefault(step.day, []).append(step)
        pieces: list[line_sets.Step | None] = []
        for step in line_sets.steps(read):
            found = line_sets.new_of(step, by_day.get(step.day, []))
            if found is None:
                return None
            pieces += found
        if not pieces and not self._is_point(read):
            return [line_sets.Step(read.ends_on, read.from_cents, read.until_cents, ())]
        return pieces

    def _is_point(self, read: Read) -> bool:
        """Whether an account without movement stood at this balance on this day."""
        on = [link for link in self.links if link.first_on <= read.ends_on <= link.ends_on]
        return any(
            read.from_cents in (step.from_cents, step.until_cents)
            for link in on
            for step in self._steps(link)
        )

    def has_room(self, run: Run) -> bool:
        """Whether a run joins its neighbours: both, or one of them with a gap on the other side."""
        for place in range(len(self.links) + 1):
            before = self.links[place - 1] if place else None
            after = self.links[place] if place < len(self.links) else None
            if before is not None and before.ends_on > run.ends_on:
                continue
            if after is not None and after.ends_on < run.ends_on:
                continue
            if self._joins(before, run, after):
                return True
        return False

    def _joins(self, before: Link | None, run: Run, after: Link | None) -> bool:
        joins_before = before is not None and before.until_cents == run.from_cents
        joins_after = after is not None and after.from_cents == run.until_cents
        if before is None:
            return joins_after and self.opening is None
        if after is None:
            return joins_before
        is_gap = before.until_cents != after.from_cents
        return (joins_before and joins_after) or (is_gap and (joins_before or joins_after))

    def _hold(self, read: Read) -> Decision:
        """No day contradicts what is known, but a statement is missing before or behind it."""
        first, last = self.links[0], self.links[-1]
        if read.ends_on >= last.ends_on:
            return _gap(last.until_cents, read.from_cents)
        if read.ends_on > first.ends_on:
            return _contradicts(read)
        if self.opening is not None:
            return _held("before_opening", opening_cents=self.opening.amount_cents)
        return _gap(read.until_cents, first.from_cents)


def _gap(closing_cents: int, from_cents: int) -> Decision:
    return _held(
        "gap",
        gap_cents=from_cents - closing_cents,
        closing_cents=closing_cents,
        from_cents=from_cents,
    )


def _contradicts(read: Read) -> Decision:
    days = [line.day for line in read.lines] or [read.ends_on]
    return _held("contradicts", first_on=min(days).isoformat(), last_on=max(days).isoformat())


def whole(read: Read) -> Run:
    """All of a statement as one run."""
    return Run(read.from_cents, read.until_cents, read.ends_on, read.lines)


def link_of(read: Read, run: Run) -> Link:
    """The link that a run of a statement becomes."""
    days = [line.day for line in run.lines] or [run.ends_on]
    return Link(
        run.from_cents,
        run.until_cents,
        min(days),
        max(days),
        run.ends_on,
        read.dialect,
        read.statement_id,
    )


def shares_day(one: Run, other: Run) -> bool:
    """Whether two runs of one statement have lines of one day: then the day is cut in three."""
    return bool({line.day for line in one.lines} & {line.day for line in other.lines})


def _joined(pieces: Sequence[line_sets.Step | None], read: Read) -> Iterable[Run]:
    """New days that follow one another, as runs; the last one ends with the statement."""
    run: list[line_sets.Step] = []
    for number, piece in enumerate([*pieces, None]):
        if piece is not None and (not run or run[-1].until_cents == piece.from_cents):
            run.append(piece)
            continue
        if run:
            lines = tuple(line for step in run for line in step.lines)
            is_end = number == len(pieces)
            ends_on = read.ends_on if is_end else run[-1].day
            yield Run(run[0].from_cents, run[-1].until_cents, ends_on, lines)
        run = [piece] if piece is not None else []


def _number(statement_id: str) -> tuple[str, int] | None:
    """What stands before the number at the end of a statement's id, and the number."""
    found = re.fullmatch(r"(.*?)([0-9]{1,18})", statement_id, re.ASCII | re.DOTALL)
    return (found[1], int(found[2])) if found else None


def _held(code: str, **params: Any) -> Decision:
    return Decision(hold=Hold(code, params))

"""The round as the certificate's page describes it: limits, promises, groups, pools, options."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .files import Files
from .words import Unreadable

# More rounds than anybody can wait; a longer number is no number of rounds.
WAIT_DIGITS = 9
_PART = re.compile(r"[1-9][0-9]?|100")


@dataclass(frozen=True, eq=False)
class Limit:
    """A family of limits over the values of one column: at most `rhs` (a limit) or at least
    (a promise: floor or give-back).

    Args:
        names: the limit's name per code; codes: per request, -1 where it does not count.
        counts: True when an award counts 1, False when it counts its cents.
        before: for the people who keep what they had: per request the cents that it had, -1 where
            its worker had nothing; `start` of them keep it as long as nothing is awarded.
    """

    names: list[str]
    codes: list[int]
    rhs: list[int]
    counts: bool = False
    before: list[int] | None = None
    start: int = 0

    def use(self, row: int, cents: int) -> int:
        """What an award of so many cents for this request counts."""
        if self.before is None:
            return 1 if self.counts else cents
        return -1 if self.before[row] < 0 else int(self.before[row] == cents)


@dataclass(slots=True)
class Option:
    """One way to award one request."""

    row: int
    share: int
    amount: int
    value: int
    place: int


def shares_of(text: str) -> tuple[int, ...]:
    """The part awards that an applicant accepts, in percent from small to large.

    Raises:
        Unreadable: other than whole percentages up to 100, each in its one spelling.
    """
    words = text.split()
    if not all(map(_PART.fullmatch, words)):
        raise Unreadable("not_shares", "requests.csv", "Give whole percentages from 1 to 99.")
    return tuple(sorted({int(word) for word in words} - {100}))


class Round:
    """One round as the certificate's page describes it: options, limits, groups.

    Everything is derived from the input alone. Per request: `worker` (a code), `choice`, `amount`,
    `points`, `place` (a code of everything but choice, amount and points), `options`, and `waited`
    (rounds, where they let its worker go first; else 0).
    """

    def __init__(self, files: Files) -> None:
        self.files, self.policy = files, files.policy
        columns = files.frames["requests"].columns
        self.columns = columns
        self.ids: list[str] = columns["request_id"]
        self.row_of = {name: row for row, name in enumerate(self.ids)}
        codes: dict[str, int] = {}
        self.worker = [codes.setdefault(name, len(codes)) for name in columns["worker_id"]]
        self.workers = list(codes)
        self.choice: list[int] = columns["choice"]
        self.amount: list[int] = columns["amount_cents"]
        self.points: list[int] = columns["points"]
        self.given = [name in files.given for name in self.ids]
        self.withheld = [name in files.withheld for name in self.ids]
        self.most: int = self.policy["awards_per_worker"]
        self.limits = [self._ceiling(), *self._editions(), *self._caps()]
        self.floors = [self._floor(table) for table in self.policy["floor"]]
        self.waiting = self._waiting()
        self._groups()
        self._pools()
        self.rows_of: list[list[int]] = [[] for _ in self.workers]
        for row, worker in enumerate(self.worker):
            self.rows_of[worker].append(row)
        self.give_back = self._give_back()
        self.unchanged = self._unchanged()
        some = [promise for promise in (self.give_back, self.unchanged) if promise]
        self.promises = [*self.waiting, *self.floors, *some]
        self._places()
        self._options()

    def column(self, name: str) -> list[str]:
        """A column of requests.csv as text.

        Raises:
            Unreadable: there is none.
        """
        if name not in self.columns:
            raise Unreadable("missing_column", "requests.csv", "Add it.", row=1, column=name)
        return [str(value) for value in self.columns[name]]

    def _ceiling(self) -> Limit:
        return Limit(["ceiling"], [0] * len(self.ids), [self.policy["ceiling_cents"]])

    def _editions(self) -> list[Limit]:
        if "editions" not in self.files.frames:
            return []
        editions = self.files.frames["editions"].columns
        code_of = {name: code for code, name in enumerate(editions["edition_id"])}
        asked = self.columns["edition_id"]
        for name in asked:
            if name and name not in code_of:
                raise Unreadable("unknown_edition", "requests.csv", "Add it to editions.csv.")
        codes = [code_of.get(name, -1) for name in asked]
        names = [f"edition:{name}" for name in code_of]
        return [Limit(names, codes, editions["seats"], counts=True)]

    def _caps(self) -> list[Limit]:
        limits = []
        for cap in self.policy["cap"]:
            code_of: dict[str, int] = {}
            codes = [
                -1
                if not value or ("equals" in cap and value != cap["equals"])
                else code_of.setdefault(value, len(code_of))
                for value in self.column(cap["column"])
            ]
            counts = "count" in cap
            rhs = cap["count"] if counts else part_of(cap["share_of_ceiling"], self.ceiling)
            names = [f"cap:{cap['name']}:{value}" for value in code_of]
            limits.append(Limit(names, codes, [rhs] * len(names), counts=counts))
        return limits

    @property
    def ceiling(self) -> int:
        """The money of the round, in cents."""
        cents: int = self.policy["ceiling_cents"]
        return cents

    def _floor(self, floor: dict[str, Any]) -> Limit:
        codes = [0 if value == floor["equals"] else -1 for value in self.column(floor["column"])]
        required = part_of(floor["share_of_ceiling"], self.ceiling)
        return Limit([f"floor:{floor['name']}"], codes, [required])

    def _waiting(self) -> list[Limit]:
        """People by how many rounds they waited, at the bound or longer; the longest wait first."""
        self.waited = [0] * len(self.ids)
        rule = self.policy.get("waiting")
        if rule is None:
            return []
        bound, column = rule.get("bound"), rule.get("column")
        if type(bound) is not int or bound < 1 or not isinstance(column, str) or self.most > 1:
            raise Unreadable("bad_policy", "policy.toml", "Mend it.", key="waiting")
        waited: dict[int, int] = {}
        for worker, text in zip(self.worker, self.column(column), strict=True):
            if not (text.isascii() and text.isdecimal() and len(text) <= WAIT_DIGITS):
                raise Unreadable("not_a_whole_number", "requests.csv", "Mend it.", column=column)
            if waited.setdefault(worker, int(text)) != int(text):
                raise Unreadable("two_waits", "requests.csv", "A worker has one wait.")
        rounds_of = (waited[worker] for worker in self.worker)
        self.waited = [rounds if rounds >= bound else 0 for rounds in rounds_of]
        limits = []
        for rounds in sorted({n for n in waited.values() if n >= bound}, reverse=True):
            codes = [0 if waited[worker] == rounds else -1 for worker in self.worker]
            people = sum(n == rounds for n in waited.values())
            limits.append(Limit([f"waiting:{rounds}"], codes, [people], counts=True))
        return limits

    def _give_back(self) -> Limit | None:
        """Each contributor's required cents: give_back × min(paid in, asked)."""
        rule = self.policy.get("solidarity")
        if rule is None or "contributions" not in self.files.frames:
            return None
        paid = self.files.frames["contributions"].columns
        code_of = {value: code for code, value in enumerate(paid["value"])}
        codes = [code_of.get(value, -1) for value in self.column(rule["column"])]
        asked = [0] * len(code_of)
        for rows in self.rows_of:
            dearest: dict[tuple[int, int], int] = {}
            for row in rows:
                key = (codes[row], self.choice[row])
                dearest[key] = max(dearest.get(key, 0), self.amount[row])
            for code in {code for code, _ in dearest if code >= 0}:
                mine = sorted((n for (c, _), n in dearest.items() if c == code), reverse=True)
                asked[code] += sum(mine[: self.most])
        required = [
            part_of(rule["give_back"], min(in_cents, out_cents))
            for in_cents, out_cents in zip(paid["amount_cents"], asked, strict=True)
        ]
        return Limit([f"give_back:{value}" for value in code_of], codes, required)

    def _unchanged(self) -> Limit | None:
        """People who keep exactly what they had; whom the board gives a request has no choice."""
        if "unchanged" not in self.policy:
            return None
        required = self.policy["unchanged"]
        if type(required) is not int or required < 0 or self.most > 1:
            raise Unreadable("bad_policy", "policy.toml", "Mend it.", key="unchanged")
        if "before" not in self.files.frames:
            raise Unreadable("missing_file", "before.csv", "Add it.")
        frame = self.files.frames["before"].columns
        had = dict(zip(frame["request_id"], frame["amount_cents"], strict=True))
        if not had.keys() <= self.row_of.keys():
            raise Unreadable("unknown_request", "before.csv", "Name requests of this round.")
        workers = [self.worker[self.row_of[name]] for name in had]
        if len(set(workers)) < len(workers):
            raise Unreadable("two_awards_before", "before.csv", "A worker had one award at most.")
        settled = set(workers)
        settled |= {worker for worker, given in zip(self.worker, self.given, strict=True) if given}
        before = [
            had.get(name, 0) if worker in settled else -1
            for name, worker in zip(self.ids, self.worker, strict=True)
        ]
        start = len(self.workers) - len(settled)
        codes = [0] * len(self.ids)
        return Limit(["unchanged"], codes, [required], before=before, start=start)

    def _pools(self) -> None:
        """Which pools may pay for each request: sets of pools, and a code of the set."""
        self.has_pools = "pools" in self.files.frames
        self.pool_names: list[str] = []
        self.pool_cents: list[int] = []
        self.pool_sets: list[tuple[int, ...]] = [()]
        self.pool_set = [0] * len(self.ids)
        if not self.has_pools:
            return
        pools = self.files.frames["pools"].columns
        self.pool_names = [f"pool:{name}" for name in pools["pool_id"]]
        self.pool_cents = pools["amount_cents"]
        may: list[list[bool]] = []
        for column, equals in zip(pools["column"], pools["equals"], strict=True):
            if column:
                may.append([value == equals for value in self.column(column)])
            else:
                may.append([True] * len(self.ids))
        sets: dict[tuple[int, ...], int] = {}
        for row in range(len(self.ids)):
            payers = tuple(pool for pool, pays in enumerate(may) if pays[row])
            self.pool_set[row] = sets.setdefault(payers, len(sets))
        self.pool_sets = list(sets) or [()]

    def payable(self, row: int) -> bool:
        """Whether some pool may pay for it."""
        return not self.has_pools or bool(self.pool_sets[self.pool_set[row]])

    def _groups(self) -> None:
        self.groups: list[str] = []
        self.group = [-1] * len(self.workers)
        if "coverage" not in self.policy:
            return
        code_of: dict[str, int] = {}
        for worker, value in zip(self.worker, self.column(self.policy["coverage"]), strict=True):
            code = code_of.setdefault(value, len(code_of))
            if self.group[worker] not in (-1, code):
                raise Unreadable("two_groups", "requests.csv", "A worker has one group.")
            self.group[worker] = code
        self.groups = list(code_of)

    @property
    def applying(self) -> list[int]:
        """People per coverage group."""
        people = [0] * len(self.groups)
        for group in self.group:
            if group >= 0:
                people[group] += 1
        return people

    def _places(self) -> None:
        """Code what a request counts in: rows of one place have the same prices."""
        parts = [limit.codes for limit in [*self.limits, *self.promises]]
        code_of: dict[tuple[int, ...], int] = {}
        if self.unchanged is None or self.unchanged.before is None:
            kept = [0] * len(self.ids)
        else:  # alike are rows that had as much, and count alike when they are awarded whole
            alike = dict[tuple[int, int], int]()
            pairs = zip(self.unchanged.before, map(self._stays, range(len(self.ids))), strict=True)
            kept = [alike.setdefault(pair, len(alike)) for pair in pairs]
        rows = zip(*parts, kept, self.pool_set, strict=True)
        self.place = [code_of.setdefault(key, len(code_of)) for key in rows]
        self.place_codes = list(code_of)
        self.place_columns: list[tuple[int, ...]] = list(zip(*code_of, strict=True)) or [()] * (
            len(parts) + 2
        )
        self.first_of_place: dict[int, int] = {}
        for row, place in enumerate(self.place):
            self.first_of_place.setdefault(place, row)

    def _stays(self, row: int) -> int:
        assert self.unchanged is not None
        return self.unchanged.use(row, self.amount[row])

    def _options(self) -> None:
        percents, most = self.policy["choice_percent"], len(self.policy["choice_percent"])
        times_amount = self.policy["value"] == "points_times_amount"
        menu = self.policy.get("part_awards")
        accepted = self.column(menu["column"]) if menu else None
        worth_of = menu["value_percent"] if menu else {}
        self.options: list[list[Option]] = []
        for row, (choice, amount, points, place) in enumerate(
            zip(self.choice, self.amount, self.points, self.place, strict=True)
        ):
            if not 1 <= choice <= most:
                raise Unreadable("unknown_choice", "requests.csv", "Mend the policy or the row.")
            value = points * percents[choice - 1] * (amount if times_amount else 1)
            ways = [Option(row, 100, amount, value, place)]
            if accepted:
                for share in shares_of(accepted[row]):
                    cents = amount * share // 100
                    if cents > 0:
                        part = value * int(worth_of.get(str(share), share)) // 100
                        ways.append(Option(row, share, cents, part, place))
            self.options.append(ways)

    def offered(self) -> Iterable[Option]:
        """Every way to award every request that is not withheld."""
        for row, ways in enumerate(self.options):
            if not self.withheld[row] and self.payable(row):
                yield from ways[:1] if self.given[row] else ways

    def codes_of(self, place: int) -> Iterable[tuple[Limit, int]]:
        """The limits and promises that a place counts in, with the code in each."""
        families = [*self.limits, *self.promises]
        for family, code in zip(families, self.place_codes[place], strict=False):
            if code >= 0:
                yield family, code


def part_of(share: Fraction, of: int) -> int:
    return share.numerator * of // share.denominator

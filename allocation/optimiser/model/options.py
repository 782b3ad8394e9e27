"""Workers who are alike form one class; what may be awarded to a class are its options."""

import numpy as np

from allocation.optimiser.errors import Fault, InvalidInput
from allocation.optimiser.model.arrays import Integers
from allocation.optimiser.model.codes import codes_of, combined
from allocation.optimiser.model.rows import Rows


class Options:
    """Classes and their options, in the order of dealing.

    Attributes:
        row, slot, share, owner, amount, choice: per option its row (of the class's luckiest
            member), the row's place among the member's rows, percent, class, cents and rank.
        size, capacity, newcomer: per class, as in the model; `luckiest` is its first worker.
        members, start: workers by class, luckiest first, and where each class begins.
        worker_class, length: per worker its class and its number of rows.
        given_row: rows that the board gave.
        offered_row, offered_share: every way to award every request that is not withheld, also
            where a given request leaves no room for it.

    Raises:
        InvalidInput: the board gave one worker too much.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows, self.policy = rows, rows.policy
        self._classes()
        self._options()
        self._offered()
        self._given()

    @property
    def place(self) -> Integers:
        """Per option a code of everything but choice, amount and points."""
        unlike = ("choice", "amount", "points")
        rest = [codes for name, codes in self.rows.features.items() if name not in unlike]
        codes: Integers = combined(rest)[self.row]
        return codes

    def of_rows(self) -> Integers:
        """Per row of the frame the class's first option for it (-1: none)."""
        rows = self.rows
        found = np.full(len(rows.position), -1, dtype=np.int64)
        width = int(self.length.max(initial=0)) + 1
        key = self.owner * width + self.slot
        unique, first = np.unique(key, return_index=True)
        slot = np.arange(len(rows.position)) - rows.first[rows.worker]
        wanted = self.worker_class[rows.worker] * width + slot
        place = np.minimum(np.searchsorted(unique, wanted), max(0, len(unique) - 1))
        if len(unique):
            hit = unique[place] == wanted
            found[rows.position[hit]] = first[place[hit]]
        return found

    def _classes(self) -> None:
        """Number the classes by their luckiest member."""
        likeness = self.rows.table["likeness"].to_numpy()
        length = np.diff(np.append(self.rows.first, len(self.rows.position)))
        code = codes_of(length)
        for slot in range(int(length.max(initial=0))):
            has = length > slot
            row = np.where(has, self.rows.first + slot, 0)
            alike = np.where(has, likeness[row] + 1, 0)
            code = codes_of(code * (int(alike.max(initial=0)) + 1) + alike)
        self.worker_class = code
        self.members = np.argsort(code, kind="stable")
        self.size = np.bincount(code, minlength=int(code.max(initial=-1)) + 1).astype(np.int64)
        self.start = np.concatenate([[0], np.cumsum(self.size)])[:-1].astype(np.int64)
        self.luckiest = self.members[self.start] if len(self.size) else self.members
        self.length = length

    def _options(self) -> None:
        """The options of each class, taken from its luckiest member, in the order of dealing."""
        length = self.length[self.luckiest]
        owner = np.repeat(np.arange(len(self.size)), length)
        slot = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
        row = self.rows.first[self.luckiest][owner] + slot
        share = np.full(len(row), 100, dtype=np.int64)
        if self.policy.part_awards is not None:
            owner, slot, row, share = self._parts(owner, slot, row)
        amount = self.rows.amount[row] * share // 100
        open_ = (self.rows.features["decided"][row] == 0) & (amount > 0)
        if "payers" in self.rows.features:
            open_ &= self.rows.payable()[row]
        choice = self.rows.choice[row]
        # The row's own place among the rows sorted by lot breaks ties between alternatives.
        order = np.lexsort((slot, -share, choice, owner))
        order = order[open_[order]]
        self.row, self.slot, self.share = row[order], slot[order], share[order]
        self.owner, self.amount, self.choice = owner[order], amount[order], choice[order]

    def _offered(self) -> None:
        """What all members of the classes, and the board, may award."""
        given = np.flatnonzero(self.rows.features["decided"] == 1)
        whole = np.full(len(given), 100, dtype=np.int64)
        self.offered_row = np.concatenate([self.row, given])
        self.offered_share = np.concatenate([self.share, whole])

    @property
    def offered_amount(self) -> Integers:
        """Cents of everything offered."""
        cents: Integers = self.rows.amount[self.offered_row] * self.offered_share // 100
        return cents

    def _parts(
        self, owner: Integers, slot: Integers, row: Integers
    ) -> tuple[Integers, Integers, Integers, Integers]:
        """Every accepted share of a request is an option of its own."""
        menu = self.policy.part_awards
        assert menu is not None
        texts = self.rows.text(menu.column)[row]
        shares = [sorted({100, *map(int, text.split())}, reverse=True) for text in texts]
        repeat = np.array([len(each) for each in shares], dtype=np.int64)
        flat = np.array([share for each in shares for share in each], dtype=np.int64)
        return np.repeat(owner, repeat), np.repeat(slot, repeat), np.repeat(row, repeat), flat

    def values(self, row: Integers, share: Integers) -> Integers:
        """Value of rows that are awarded to these shares (in percent)."""
        percent = np.array(self.policy.choice_percent, dtype=np.int64)
        points = self.rows.table["points"].to_numpy(dtype=np.int64)[row]
        value: Integers = points * percent[self.rows.choice[row] - 1]
        if self.policy.value == "points_times_amount":
            value = value * self.rows.amount[row]
        if self.policy.part_awards is not None:
            menu = [self.policy.part_awards.value_of(s) for s in range(101)]
            worth: Integers = np.array(menu, dtype=np.int64)
            worth[100] = 100
            value = (value * worth[share] // 100).astype(np.int64)
        return value

    def _given(self) -> None:
        """Given requests are awarded beforehand and leave the rest of the money to divide."""
        given = self.rows.features["decided"] == 1
        self.given_row = np.flatnonzero(given)
        per_worker = np.bincount(self.rows.worker[given], minlength=self.rows.workers)
        taken = per_worker[self.luckiest]
        self.capacity = np.maximum(0, self.policy.awards_per_worker - taken).astype(np.int64)
        self.newcomer = taken == 0
        # A choice that was given has no further options; nor has a worker who has everything.
        keep = self.capacity[self.owner] > 0
        if len(self.given_row):
            width = len(self.policy.choice_percent) + 1
            choice = self.rows.choice
            done = np.unique(self.rows.worker[given] * width + choice[given])
            keep &= ~np.isin(self.luckiest[self.owner] * width + self.choice, done)
            twice = len(done) < len(self.given_row)
            if twice or (per_worker > self.policy.awards_per_worker).any():
                worker = int(per_worker.argmax())
                name = str(self.rows.text("worker_id")[self.rows.first[worker]])
                raise given_too_much("awards_per_worker", name)
        self.row, self.slot, self.share = self.row[keep], self.slot[keep], self.share[keep]
        self.owner, self.amount = self.owner[keep], self.amount[keep]
        self.choice = self.choice[keep]


def given_too_much(limit: str, worker: str = "") -> InvalidInput:
    """What the board gave passes a limit on its own."""
    remedy = "Give fewer requests: together they pass this limit."
    params = {"limit": limit} | ({"worker": worker} if worker else {})
    return InvalidInput(Fault("given_exceeds_limit", "adjustments.csv", remedy, params=params))

"""A tree of linear programs: what prices alone leave open is closed by cases.

A case bounds sums of awards: at most a of them, or at least a + 1. Prices of the limits, of cuts
(cuts.py), and of each of these sums bound what a case can be worth. The case with the highest
bound is split next, where it does most, until every case is below the target or the work is spent.
Which sums are worth a case is a matter of skill only: whatever the tree is, it proves what its
leaves prove (stages/proof.py).

Compare Cheung, Gleixner and Steffy, "Verifying Integer Programming Results" (IPCO 2017), the
strong branching of Applegate, Bixby, Chvatal and Cook, and the reliability branching of Achterberg,
Koch and Martin (2005).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from allocation.optimiser.integer.cuts import Cutting
from allocation.optimiser.relaxation.program import UNLIMITED, Floats, Integers, LinearProgram

WHOLE = 1e-6
# Candidates that are tried before a case is split, of each kind, and pivots of one trial.
TRIED, TRIAL_PIVOTS = 3, 60
_ANY = 2**31 - 1
# A sum whose halves were tried so often is judged by what they lost on average.
RELIABLE = 3
# Looks for cuts below the root that may find nothing, before no more are looked for.
FRUITLESS = 20
# Rounds of cuts at the root and in a case below it, and how many cuts there may be; a round must
# bring the bound so far towards the target, or it is the last.
ROOT_ROUNDS, ROUNDS, MOST_CUTS, BRINGS = 20, 2, 400, 0.002
# How much the better and the worse of two halves count when candidates are compared.
_WORSE = 0.83


@dataclass(frozen=True)
class Sums:
    """Sums of awards over which cases are made.

    Args:
        options: per sum the options that count in it.
        kind: per sum a number; of each kind some are tried, the first kinds first.
    """

    options: list[Integers]
    kind: list[int]


@dataclass
class Case:
    """What bounds the sums, and the prices that bound the worth of it.

    Args:
        between: sum -> the least and the most that it may be (None: no bound).
        prices: per row of the program; charges: sum -> price of one award in it, below zero where
            the least binds; cuts: cut -> price.
        ray: prices that show that nothing fits, where so (`prices`, `charges` and `cuts` are then
            those of the case that was split).
        halves: the sum that was split, the most in the first half, and the two halves.
    """

    between: dict[int, tuple[int | None, int | None]]
    prices: Floats
    charges: dict[int, float]
    cuts: dict[int, float]
    bound: float
    ray: tuple[Floats, dict[int, float], dict[int, float]] | None = None
    halves: tuple[int, int, "Case", "Case"] | None = None
    basis: Any = field(default=None, repr=False)


class Branching:
    """One tree over one program.

    Args:
        target: a case is closed when its bound is below `target`.
        work: spent after so many pivots, each counted per row of the program.
        over: whether its time is over.
        closes: whether a case is below the target in whole numbers.
    """

    def __init__(
        self,
        program: LinearProgram,
        forced: Integers,
        sums: Sums,
        *,
        target: float,
        work: float,
        over: Callable[[], bool],
        closes: Callable[[Case], bool],
        cutting: Callable[[], Cutting],
    ) -> None:
        self.cutting, self.cut_rows, self.cut_scale = cutting, list[int](), list[float]()
        self.program, self.sums, self.target, self.closes = program, sums, target, closes
        self.over = over
        self.work = work
        self.total = program.options_total
        self.members = _members(sums, self.total)
        self.row_of: dict[int, int] = {}
        self.bounded: set[int] = set()
        self.lost = np.zeros((len(sums.options), 2))  # per sum and half, for a whole award
        self.times = np.zeros((len(sums.options), 2), dtype=np.int64)
        self.fruitless = 0
        self.highs = _load(program, forced)
        self.rows = len(program.rhs)

    def grow(self) -> Case:
        """Split until everything is closed or the work is spent; returns the root."""
        root = Case({}, np.zeros(self.rows), {}, {}, np.inf)
        self._solve(root, root, ROOT_ROUNDS)
        heap: list[tuple[float, int, Case]] = []
        count = 0

        def closed(case: Case) -> bool:
            near = case.bound < self.target * (1 + 1e-9) + 1e-6
            return case.ray is not None or (near and self.closes(case))

        def put(case: Case) -> None:
            nonlocal count
            if closed(case):
                case.basis = None
                return
            heapq.heappush(heap, (-case.bound, count, case))
            count += 1

        put(root)
        while heap and self.work > 0 and not self.over():
            _, _, case = heapq.heappop(heap)
            fits = self._solve(case, case, 0)  # cuts that were found since may close it
            if closed(case):
                case.basis = None
                continue
            split = self._choose(case) if fits else None
            if split is None:  # whole awards: the bound is reached, or rounding is in the way
                break
            number, most = split
            least, top = case.between.get(number, (None, None))
            halves = [
                replace(case, between={**case.between, number: between}, halves=None)
                for between in ((least, most), (most + 1, top))
            ]
            for half in halves:
                self._solve(half, case, ROUNDS)
                put(half)
            case.halves = (number, most, halves[0], halves[1])
            case.basis = None
        return root

    def _solve(self, case: Case, before: Case, rounds: int) -> bool:
        """Solve a case, with new cuts; whether there is a solution."""
        self._enter(case)
        value = self._run()
        while value is not None and rounds > 0 and value >= self.target and self._cut():
            rounds -= 1
            was, value = value, self._run()
            if value is not None and was - value < BRINGS * (was - self.target):
                break
        if value is None:
            ray = self._ray()
            case.bound = before.bound
            if ray is not None:
                case.ray = self._split_prices(ray)
                case.bound = -np.inf
            return False
        case.bound = value
        case.prices, case.charges, case.cuts = self._split_prices(
            -np.array(self.highs.getSolution().row_dual)
        )
        case.basis = self.highs.getBasis()
        return True

    def _cut(self) -> bool:
        """Add the cuts that the solution at hand passes; whether there are any."""
        if len(self.cut_rows) >= MOST_CUTS or self.fruitless > FRUITLESS:
            return False
        x = np.array(self.highs.getSolution().col_value)[: self.total]
        new = self.cutting().passed(x)
        self.fruitless = 0 if new else self.fruitless + 1
        for number in new:
            cut = self.cutting().found[number]
            scale = float(np.abs(cut.use).max(initial=1))
            options = cut.options.astype(np.int32)
            self.highs.addRow(-np.inf, cut.rhs / scale, len(options), options, cut.use / scale)
            self.cut_rows.append(self.highs.getNumRow() - 1)
            self.cut_scale.append(scale)
        return bool(new)

    def _split_prices(self, price: Floats) -> tuple[Floats, dict[int, float], dict[int, float]]:
        """Prices of the program's rows, of the sums that are bounded, and of the cuts."""
        charges = {
            number: float(price[row])
            for number, row in self.row_of.items()
            if number in self.bounded and abs(price[row]) > 1e-12
        }
        cuts = {
            number: float(price[row]) / self.cut_scale[number]
            for number, row in enumerate(self.cut_rows)
            if abs(price[row]) > 1e-12
        }
        return price[: self.rows].copy(), charges, cuts

    def _choose(self, case: Case) -> tuple[int, int] | None:
        """The sum to split and the most in the first half; None: all sums are whole.

        The case has just been solved.
        """
        value = case.bound
        x = np.array(self.highs.getSolution().col_value)[: self.total]
        sums = self.members @ x
        off = np.abs(sums - np.rint(sums))
        open_ = np.flatnonzero(off > WHOLE)
        known = self.times[open_].min(axis=1) >= RELIABLE
        tried: list[int] = []
        for kind in sorted(set(self.sums.kind)):
            mine = [number for number in open_[~known].tolist() if self.sums.kind[number] == kind]
            tried += sorted(mine, key=lambda number: (-off[number], number))[:TRIED]
        if not len(open_):
            return None
        basis, best = self.highs.getBasis(), (-1.0, int(open_[0]))
        room = max(value - self.target, 1e-9 * abs(value), 1e-9)
        part = sums[open_] - np.floor(sums[open_])
        for number, under in zip(open_[known].tolist(), part[known].tolist(), strict=True):
            mean = self.lost[number] / self.times[number]
            best = max(best, (_score((mean[0] * under, mean[1] * (1 - under)), room), number))
        for number in tried if len(open_) > 1 else []:
            losses = self._losses(case, number, float(sums[number]), value, basis)
            under = float(sums[number] - np.floor(sums[number]))
            self.lost[number] += np.minimum(losses, room) / (under, 1 - under)
            self.times[number] += 1
            best = max(best, (_score(losses, room), number))
            if min(losses) >= room:
                break
        case.basis = basis
        return best[1], int(np.floor(sums[best[1]] + WHOLE))

    def _losses(
        self, case: Case, number: int, at: float, value: float, basis: Any
    ) -> tuple[float, float]:
        """By how much the bound falls in each half, as far as a few pivots tell."""
        least, top = case.between.get(number, (None, None))
        most = int(np.floor(at + WHOLE))
        found = []
        for between in ((least, most), (most + 1, top)):
            self._set_basis(basis)
            self._bound_sum(number, *between)
            reached = self._run(TRIAL_PIVOTS)
            found.append(np.inf if reached is None else max(value - reached, 0.0))
        self._bound_sum(number, least, top)
        return found[0], found[1]

    def _enter(self, case: Case) -> None:
        """Set the bounds of the case, and begin where the case before it ended."""
        for number in self.bounded - case.between.keys():
            self._bound_sum(number, None, None)
        for number, between in case.between.items():
            self._bound_sum(number, *between)
        self.bounded = set(case.between)
        if case.basis is not None:
            self._set_basis(case.basis)

    def _bound_sum(self, number: int, least: int | None, most: int | None) -> None:
        low = -np.inf if least is None else float(least)
        high = np.inf if most is None else float(most)
        if number not in self.row_of:
            options = self.sums.options[number].astype(np.int32)
            self.highs.addRow(low, high, len(options), options, np.ones(len(options)))
            self.row_of[number] = self.highs.getNumRow() - 1
        else:
            self.highs.changeRowBounds(self.row_of[number], low, high)

    def _set_basis(self, basis: Any) -> None:
        missing = self.highs.getNumRow() - len(basis.row_status)
        if missing:
            basic = [highspy.HighsBasisStatus.kBasic] * missing
            basis.row_status = [*basis.row_status, *basic]
        self.highs.setBasis(basis)

    def _run(self, pivots: int = _ANY) -> float | None:
        """The bound of what is set; None where nothing fits."""
        self.highs.setOptionValue("simplex_iteration_limit", pivots)
        self.highs.run()
        info, known = self.highs.getInfo(), highspy.HighsModelStatus
        self.work -= (20.0 + max(0, info.simplex_iteration_count)) * (self.rows + 50)
        status = self.highs.getModelStatus()
        if status == known.kInfeasible:
            return None
        if status not in (known.kOptimal, known.kIterationLimit):
            self.work = 0.0
            return np.inf
        return -float(info.objective_function_value)

    def _ray(self) -> Floats | None:
        _, has = self.highs.getDualRayExist()
        if not has:
            return None
        _, _, ray = self.highs.getDualRay()
        return np.array(ray)


def _score(losses: tuple[float, float], room: float) -> float:
    """What a split is worth whose halves lose so much, of all that there is to lose."""
    kept = [min(loss, room) for loss in losses]
    return _WORSE * min(kept) + (1 - _WORSE) * max(kept)


def _members(sums: Sums, total: int) -> Any:
    """Sums x options, 1 where an option counts."""
    length = [len(options) for options in sums.options]
    row = np.repeat(np.arange(len(length)), length)
    column = np.concatenate(sums.options) if sums.options else row
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(length), total))


def _load(program: LinearProgram, forced: Integers) -> Any:
    """The program in HiGHS; classes in `forced` have an award for every member."""
    columns, sides = program.options_total, program.sides.shape[1]
    blocks: list[Any] = [sparse.hstack([program.rows, program.sides])]
    lower, upper = [np.full(len(program.rhs), -np.inf)], [program.rhs]
    ones, place = np.ones(columns), np.arange(columns)
    shape = (len(program.owners), columns + sides)
    blocks.append(sparse.csr_matrix((ones, (program.owner_of, place)), shape=shape))
    upper.append(program.total[program.owners].astype(float))
    lower.append(np.where(np.isin(program.owners, forced), upper[-1], -np.inf))
    if program.choice is not None:
        width = int(program.choice.max(initial=0)) + 1
        keys, slot = np.unique(program.owner_of * width + program.choice, return_inverse=True)
        shape = (len(keys), columns + sides)
        blocks.append(sparse.csr_matrix((ones, (slot, place)), shape=shape))
        upper.append(program.size[program.owners[keys // width]].astype(float))
        lower.append(np.full(len(keys), -np.inf))
    matrix = sparse.vstack(blocks, format="csr")
    # What a pool pays is bounded by the pool's own row, whose price is public.
    unbounded = [name.startswith("pays_") for name in program.side_names]
    unbounded = (program.side_upper >= UNLIMITED) | np.array(unbounded, dtype=bool)
    side_upper = np.where(unbounded, np.inf, program.side_upper)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns + sides, matrix.shape[0]
    lp.col_cost_ = -np.concatenate([program.cost, program.side_cost])
    lp.col_lower_ = np.zeros(columns + sides)
    lp.col_upper_ = np.concatenate([program.upper.astype(float), side_upper])
    lp.row_lower_, lp.row_upper_ = np.concatenate(lower), np.concatenate(upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(float)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("presolve", "off"),
        ("threads", 1),
        ("random_seed", 0),
        ("simplex_strategy", 1),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    return highs

"""The smallest change: an exact model written apart refuses every division that is not it."""

import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from allocation.optimiser import Allocation, InvalidInput, Policy, Problem, allocate, files, verify
from allocation.optimiser.change import frontier
from allocation.optimiser.inputs.problem import check
from tests.optimiser import featured, folders, oracle
from tests.optimiser.examples import PAGE
from tests.optimiser.test_bar import with_lots

SEEDS = [
    pytest.param(seed, marks=pytest.mark.slow if seed not in (3, 5, 8, 12) else ())
    for seed in range(200)
]


class Apart(oracle._Oracle):
    """The stages of the oracle, and who is unchanged between coverage and value.

    One binary per person says whether that person has exactly what they had.
    """

    def __init__(self, problem: Problem, before: dict[str, int]) -> None:
        super().__init__(problem)
        self.before = before

    def solve(self, by_lot: bool) -> oracle.Outcome:
        outcome = oracle.Outcome()
        self.keep_promises(outcome)
        if self.policy.coverage is not None:
            self.cover(outcome)
        outcome.unchanged = self._keep_unchanged()
        value = self._of_options(self.options["value"].to_numpy())
        outcome.value = self._maximise_and_keep(value)
        people = np.zeros(self.n)
        people[self.n_x : self.n_x + len(self.workers)] = 1
        outcome.people = self._maximise_and_keep(people)
        if by_lot:
            self._by_lot(outcome)
        return outcome

    def _keep_unchanged(self) -> int:
        start, workers = self.n, len(self.workers)
        self._widen(workers, upper=[1] * workers)
        self.integer[start:] = 1
        had = {self._worker(name) for name in self.before}
        for number, worker in enumerate(self.workers):
            rows = np.flatnonzero((self.options["worker_id"] == worker).to_numpy())
            same = self.options.iloc[rows]
            same = [
                self.before.get(name) == cents
                for name, cents in zip(same["request_id"], same["amount"], strict=True)
            ]
            if worker not in had:
                for row in rows:
                    self._add(self._pair(start + number, 1, row, 1), -np.inf, 1)
                continue
            kept = self._ones(rows[np.array(same, dtype=bool)] if len(rows) else rows)
            kept = np.append(kept, np.zeros(self.n - len(kept)))
            kept[start + number] = -1
            self._add(kept, 0, np.inf)
        every = np.zeros(self.n)
        every[start:] = 1
        most = self._maximise_and_keep(every)
        least = self.policy.unchanged
        if most > least:  # only so many are asked for
            self.reached[-1] = (every, least)
        return min(most, least)

    def _pair(self, one: int, a: int, other: int, b: int) -> np.ndarray:
        row = np.zeros(self.n)
        row[one], row[other] = a, b
        return row

    def _worker(self, name: str) -> str:
        return self.problem.requests.set_index("request_id").loc[name, "worker_id"]


def changed_round(seed: int) -> tuple[Problem, dict[str, int]] | None:
    """A featured round that was divided, after which the board gives a refused request."""
    problem = with_lots(featured.featured_round(seed), seed + 10**6)
    if problem.policy.awards_per_worker > 1:
        return None
    first = allocate(problem)
    awards = first.decisions[first.decisions["awarded"] == 1]
    before = dict(zip(awards["request_id"], awards["amount_cents"].tolist(), strict=True))
    served = set(problem.requests.loc[first.decisions["awarded"] == 1, "worker_id"])
    refused = problem.requests[~problem.requests["worker_id"].isin(served)]
    refused = refused[~refused["request_id"].isin(problem.withheld)]
    if not len(refused):
        return None
    given = refused["request_id"].sample(1, random_state=seed).iloc[0]
    return replace(problem, given=frozenset([given])), before


def asked(problem: Problem, before: dict[str, int], least: int | None = None) -> Problem:
    """The same round, in which so many people are to keep what they had (all of them)."""
    frame = pd.DataFrame({"request_id": list(before), "amount_cents": list(before.values())})
    people = problem.requests["worker_id"].nunique() if least is None else least
    return replace(
        problem,
        before=frame.astype({"request_id": "str", "amount_cents": "int64"}),
        policy=replace(problem.policy, unchanged=people),
    )


def changed_people(problem: Problem, decisions: pd.DataFrame, before: dict[str, int]) -> int:
    """People whose award, or refusal, is not exactly what it was."""
    now = decisions[decisions["awarded"] == 1]
    now = dict(zip(now["request_id"], now["amount_cents"].tolist(), strict=True))
    worker = dict(zip(problem.requests["request_id"], problem.requests["worker_id"], strict=True))
    return len({worker[n] for n in now.keys() | before.keys() if now.get(n) != before.get(n)})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_smallest_change_is_the_one_of_an_exact_model_written_apart(seed, tmp_path):
    drawn = changed_round(seed)
    if drawn is None:
        return
    problem, before = drawn
    people = problem.requests["worker_id"].nunique()
    for least in (people, people - 3):
        wanted = asked(problem, before, max(0, least))
        try:
            found = allocate(wanted)
        except InvalidInput:
            return  # the gift alone passes a limit
        exact = Apart(check(wanted), before).solve(by_lot=True)
        assert (found.outcome, found.lots) == ("proven", "exact"), found.progress
        assert found.unchanged == {"required": max(0, least), "reached": exact.unchanged}
        assert (found.value, found.people) == (exact.value, exact.people)
        assert shares_of(wanted, found) == exact.awarded
        assert people - changed_people(wanted, found.decisions, before) >= exact.unchanged
        assert findings(wanted, found, tmp_path / str(least)) == []


def findings(problem, allocation, folder):
    folders.write(problem, folder)
    files.write(allocation, folder / "out")
    return [str(one) for one in verify.verify(folder, folder / "out")]


def test_a_larger_change_that_is_called_the_smallest_is_refused(tmp_path):
    """The best division, and one that may change two people more, with the claim that nobody can
    change fewer: the files are honest but for that claim, also where its own proof is put beside.
    """
    problem, before = changed_round(8)
    people = problem.requests["worker_id"].nunique()
    honest = allocate(asked(problem, before))
    fewest = honest.unchanged["reached"]
    assert findings(asked(problem, before), honest, tmp_path / "honest") == []
    looser = allocate(asked(problem, before, fewest - 2))
    assert changed_people(problem, looser.decisions, before) > people - fewest
    forged = forge(looser, honest)
    found = findings(asked(problem, before), forged, tmp_path / "forged")
    assert any(one.startswith("outcome_differs") for one in found), found
    # Its certificate, with a bound that hides the gap.
    for stage in forged.certificate["stages"]:
        if stage["stage"] == "unchanged":
            stage["bound"] = stage["reached"]
    found = findings(asked(problem, before), forged, tmp_path / "hidden")
    assert any(one.startswith("bound_differs") for one in found), found


def forge(looser: Allocation, honest: Allocation) -> Allocation:
    """The looser division, dressed up as an answer to what the honest one was asked."""
    reached = looser.unchanged["reached"]
    proof = next(s for s in honest.certificate["stages"] if s["stage"] == "unchanged")
    proof = {**copy.deepcopy(proof), "reached": reached}
    stages = [
        proof if stage["stage"] == "unchanged" else copy.deepcopy(stage)
        for stage in looser.certificate["stages"]
    ]
    hashes = {"snapshot_sha256": honest.snapshot_sha256, "policy_sha256": honest.policy_sha256}
    return replace(
        looser,
        **hashes,
        certificate={**looser.certificate, **hashes, "stages": stages},
        unchanged={"required": honest.unchanged["required"], "reached": reached},
    )


def test_the_frontier_runs_from_the_smallest_change_to_the_best_division():
    problem, before = changed_round(8)
    points = frontier.frontier(problem, before, between=3)
    assert points[-1].most is None
    assert points[-1].cost == 0
    assert [p.most for p in points[:-1]] == sorted(p.most for p in points[:-1])
    assert all(p.changed <= p.most for p in points[:-1])
    assert [p.value for p in points] == sorted(p.value for p in points)
    for point in points:
        changed = changed_people(problem, point.allocation.decisions, before)
        assert changed == point.changed
    exact = Apart(check(asked(problem, before)), before).solve(by_lot=False)
    people = problem.requests["worker_id"].nunique()
    assert points[0].most == people - exact.unchanged
    assert points[0].value == exact.value


def test_what_was_awarded_before_has_to_be_of_this_round():
    problem, before = changed_round(8)
    name = next(iter(before))
    for odd, code in (
        ({"nobody": 100}, "unknown_request"),
        ({name: 0}, "too_small"),
        (two_awards(problem), "two_awards_before"),
    ):
        with pytest.raises(InvalidInput) as refused:
            allocate(asked(problem, odd))
        assert refused.value.faults[0].code == code
    with pytest.raises(InvalidInput) as refused:
        allocate(replace(asked(problem, before), before=None))
    assert refused.value.faults[0].code == "missing_file"


def two_awards(problem: Problem) -> dict[str, int]:
    """Two requests of one person."""
    rows = problem.requests
    several = rows[rows.duplicated("worker_id", keep=False)]
    mine = several[several["worker_id"] == several["worker_id"].iloc[0]]
    return dict(zip(mine["request_id"], mine["amount_cents"].tolist(), strict=True))


def shares_of(problem, found):
    rows = problem.requests.assign(cents=found.decisions["amount_cents"])
    rows = rows[rows["cents"] > 0]
    share = rows["cents"] * 100 // rows["amount_cents"]
    return dict(zip(rows["request_id"], share.tolist(), strict=True))


def test_the_worked_example_of_the_page_can_be_checked_by_hand():
    rows = [
        ("Anna", 500, 90),
        ("Bilal", 500, 60),
        ("Cor", 500, 50),
        ("Dewi", 900, 70),
        ("Emre", 300, 48),
        ("Fleur", 300, 46),
    ]
    names = [name for name, _, _ in rows]
    frame = pd.DataFrame(
        {
            "request_id": names,
            "worker_id": names,
            "choice": 1,
            "amount_cents": [100 * euros for _, euros, _ in rows],
            "points": [points for _, _, points in rows],
        }
    )
    policy = Policy.from_dict({"name": "hand", "seed": "s", "ceiling_cents": 150_000})
    first = allocate(Problem(frame, policy))
    before = frontier.awards(first)
    problem = Problem(frame, policy, given=frozenset(["Dewi"]))
    small, *_, best = frontier.frontier(problem, before)
    held = [before, frontier.awards(best.allocation), frontier.awards(small.allocation)]
    lines = [
        [
            f"{name} (given)" if name == "Dewi" else name,
            euros,
            points,
            *("yes" if name in awards else "no" for awards in held),
        ]
        for name, euros, points in rows
    ]
    values = [first.value // 100, best.value // 100, small.value // 100]
    lines.append(["**value**", "", "", *values])
    lines.append(["**people changed**", "", "", "", best.changed, small.changed])
    page = PAGE.read_text(encoding="utf-8")
    for line in lines:
        text = f"| {' | '.join(str(cell) for cell in line)} |".replace("|  |", "| |")
        assert text.replace("|  |", "| |") in page

"""A forger who runs the optimiser itself, with other levels, and dresses the result up honestly.

Every sum, bound and reason of these results is true of the levels that the forger chose; only
the fractions of awards can show that the levels are not the ones of the rule.
"""

import threading
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from allocation.optimiser import Policy, Problem, allocate, division, files
from allocation.optimiser.backend import Backend
from allocation.optimiser.stages import certificate, order
from allocation.optimiser.stages.coverage import Levels
from allocation.optimiser.stages.leximin import Level, Leximin
from tests.optimiser import folders
from tests.optimiser.everybody import verifier


class InThisProcess:
    """The solver without a process of its own, so that a forger can change the stages."""

    def __init__(self):
        self.sent = threading.Event()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.sent.set()

    def solve(self, arrays, *, solver, seconds, report, **limits):
        self.sent.set()
        return order.solve(arrays, Backend(solver, seconds), report)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(division, "Solver", InThisProcess)


def divided(problem, folder):
    """Write the round and what the optimiser makes of it; the ending and codes of a check."""
    folders.write(problem, folder / "in")
    found = allocate(problem)
    files.write(found, folder / "out")
    report = verifier.report(folder / "in", folder / "out")
    return found, verifier.ending(report), {finding.code for finding in report.found}


def two_groups(**keys) -> Problem:
    """Twelve people of mbo and twelve of hbo, euro 100 each, money for eight; hbo has points."""
    rows = [
        {
            "request_id": f"r{n}",
            "worker_id": f"w{n}",
            "choice": 1,
            "amount_cents": 10_000,
            "points": (90 if n % 2 else 10) + n,
            "education": "hbo" if n % 2 else "mbo",
            "sector": "Q" if n < 12 else "H",
        }
        for n in range(24)
    ]
    policy = {
        "name": "two groups",
        "seed": "4 11 19",
        "ceiling_cents": 80_000,
        "coverage": "education",
        "fairness": "1",
        **keys,
    }
    return Problem(requests=pd.DataFrame(rows), policy=Policy.from_dict(policy))


def one_after_the_other(self: Leximin) -> list[Level]:
    """The first goal as high as it can be, then the next with what is left, and so on."""
    found: list[Level] = []
    fixed: dict[str, float] = {}
    for goal in sorted(self.sizes):
        level = self._next(f"{self.stage}:{len(found) + 1}", [goal], fixed, found)
        found.append(level)
        fixed[goal] = level.solved_share * self.sizes[goal]
    return found


def people(found):
    return {group: row["awarded"] for group, row in found.coverage.items()}


def test_the_honest_division_serves_both_groups(tmp_path):
    found, ending, codes = divided(two_groups(), tmp_path)
    assert people(found) == {"hbo": 4, "mbo": 4}
    assert (ending, codes) == (verifier.HOLDS, set())


def test_levels_are_not_made_one_group_after_the_other(tmp_path, monkeypatch):
    """hbo takes all it can, mbo what is left: eight and none instead of four and four."""
    monkeypatch.setattr(Leximin, "levels", one_after_the_other)
    found, _, codes = divided(two_groups(), tmp_path)
    assert people(found) == {"hbo": 8, "mbo": 0}
    assert codes == {"level_unreached"}


def test_contributors_are_not_served_one_after_the_other(tmp_path, monkeypatch):
    """H takes all that comes back, Q what is left."""
    problem = two_groups(fairness="0", solidarity={"column": "sector", "give_back": "1"})
    paid = pd.DataFrame({"value": ["H", "Q"], "amount_cents": [60_000, 60_000]})
    problem = Problem(problem.requests, problem.policy, contributions=paid)
    honest, ending, _ = divided(problem, tmp_path / "honest")
    assert [row["reached_cents"] for row in honest.floors] == [40_000, 40_000]
    assert ending == verifier.HOLDS
    monkeypatch.setattr(Leximin, "levels", one_after_the_other)
    found, _, codes = divided(problem, tmp_path / "forged")
    assert [row["reached_cents"] for row in found.floors] == [60_000, 20_000]
    assert "level_unreached" in codes


def test_not_everybody_is_said_to_reach_the_cap_where_they_cannot(tmp_path, monkeypatch):
    """All groups at 100 %, and whole people as short of it as they must be: no levels at all."""

    def all_at_the_cap(self: Leximin) -> list[Level]:
        level = self._next(f"{self.stage}:1", list(self.sizes), {}, [])
        entry = certificate.reached_all(f"{self.stage}:1", 0)
        entry |= {"level": [1, 1], "blocked": [goal.partition(":")[2] for goal in self.sizes]}
        level.goals, level.share, level.entry = list(self.sizes), Fraction(1), entry
        return [level]

    monkeypatch.setattr(Leximin, "levels", all_at_the_cap)
    _, _, codes = divided(two_groups(), tmp_path)
    assert "level_unreached" in codes


def test_coverage_does_not_forget_what_comes_back(tmp_path, monkeypatch):
    """Q paid and is owed half; levels of coverage that leave that out promise too much."""
    problem = two_groups(
        coverage="sector", solidarity={"column": "sector", "give_back": "1"}, fairness="1"
    )
    paid = pd.DataFrame({"value": ["Q"], "amount_cents": [70_000]})
    problem = Problem(problem.requests, problem.policy, contributions=paid)
    honest, ending, _ = divided(problem, tmp_path / "honest")
    assert people(honest) == {"Q": 7, "H": 1}
    assert ending == verifier.HOLDS
    find = Levels.find

    def forgetful(self, keep, *, certain):
        fractions, keep.fractions = keep.fractions, {}
        find(self, keep, certain=certain)
        keep.fractions = fractions

    monkeypatch.setattr(Levels, "find", forgetful)
    _, _, codes = divided(problem, tmp_path / "forged")
    assert "level_unreached" in codes


def test_a_weight_of_next_to_nothing_and_a_limit_passed_by_a_hair_block_nobody(
    tmp_path, monkeypatch
):
    """Twelve of hbo ask a cent each and can all be served; mbo asks so much that eight can.

    The forger holds hbo at eight, too, with a weight of one in 10^15: the fractions serve eight
    of each, which passes the ceiling by eight cents in 80 million, less than one in a million.
    """
    problem = two_groups()
    cents = problem.requests["education"].map({"mbo": 10_000_000, "hbo": 1})
    problem = replace(
        problem,
        requests=problem.requests.assign(amount_cents=cents),
        policy=replace(problem.policy, ceiling_cents=80_000_000),
    )

    def held_down(self: Leximin) -> list[Level]:
        level = self._next(f"{self.stage}:1", list(self.sizes), {}, [])
        model, formulation = self.run.model, self.run.formulation
        weights = {"coverage:mbo": 1.0, "coverage:hbo": 1e-15}
        claim = certificate.Claim(
            f"{self.stage}:1", weights, {"ceiling": 1e-7}, {}, relaxation=True
        )
        entry = certificate.certify(formulation, claim)
        assert entry["objective"]["coverage:hbo"] == 1
        share = certificate.share(entry, formulation)
        entry |= {"level": [share.numerator, share.denominator], "blocked": ["hbo", "mbo"]}
        x = np.zeros(model.options_total)
        for group in (0, 1):
            x[np.flatnonzero(model.group[model.option_class] == group)[:8]] = 1.0
        level.goals, level.share, level.entry = list(self.sizes), share, entry
        level.relaxation = replace(level.relaxation, x=x)
        return [level]

    monkeypatch.setattr(Leximin, "levels", held_down)
    _, _, codes = divided(problem, tmp_path)
    assert codes == {"blocked_unproven"}

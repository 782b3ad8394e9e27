"""How well people are hidden in what is published: groups of alike people, and their outcomes."""

import pandas as pd
import pytest

from allocation.decisions import published
from allocation.optimiser import Policy, Problem


def frame(rows):
    return pd.DataFrame(
        [
            {"request_id": f"r{n}-1", "worker_id": f"w{n}", "choice": 1, "contract": contract}
            for n, contract in enumerate(rows)
        ]
    )


def test_the_smallest_group_of_alike_people_counts():
    requests = frame(["agency"] * 7 + ["on_call"] * 2 + ["temp"])
    found = published.anonymity(requests, {"r0-1", "r7-1"}, ("contract", "absent"))
    assert (found.columns, found.people, found.k) == (("contract",), 10, 1)
    assert (found.unique_percent, found.below_percent) == (10.0, 30.0)
    assert found.one_outcome == 1, "of the one with a temporary contract the answer is told"
    assert not found.holds


def test_a_large_group_with_both_answers_hides_everybody():
    found = published.anonymity(frame(["agency"] * 7), {"r0-1"}, ("contract",))
    assert (found.k, found.one_outcome, found.holds) == (7, 0, True)


def test_a_group_that_got_one_answer_tells_it():
    found = published.anonymity(frame(["agency"] * 7), set(), ("contract",))
    assert (found.k, found.one_outcome, found.holds) == (7, 1, False)


def test_without_facts_that_anybody_knows_all_are_alike():
    found = published.anonymity(frame(["agency"] * 7), {"r0-1"}, ("absent",))
    assert found == published.Anonymity((), 7, 7, 0.0, 0.0, 0)


@pytest.mark.parametrize(("people", "holds"), [(5, True), (4, False)])
def test_five_are_enough_and_four_are_not(people, holds):
    found = published.anonymity(frame(["agency"] * people), {"r0-1"}, ("contract",))
    assert (found.below_percent, found.holds) == (0.0 if holds else 100.0, holds)


EARMARK = pd.DataFrame([{"pool_id": "p", "amount_cents": 1, "column": "contract", "equals": "x"}])


@pytest.mark.parametrize(("pools", "kept"), [(EARMARK, {"contract"}), (None, set())])
def test_only_what_the_division_uses_leaves_the_fund(pools, kept):
    rule = {"name": "Twente", "seed": "4 11 19 27 33 41", "ceiling_cents": 1}
    problem = Problem(requests=frame(["agency"]), policy=Policy.from_dict(rule), pools=pools)
    shown = published.input_of(problem).requests
    assert set(shown.columns) == {"request_id", "worker_id", "choice"} | kept

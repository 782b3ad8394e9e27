"""How well people are hidden in what is published: groups of alike people, and their outcomes."""

import pandas as pd

from allocation.decisions import published


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

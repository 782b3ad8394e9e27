"""Equals of different classes: whoever has the lower lot may take the place, where it fits."""

import json

import pandas as pd
import pytest

from allocation.optimiser import Policy, Problem, allocate, files
from tests.optimiser import folders
from tests.optimiser.everybody import verifier


def divided(folder, *, amounts, ceiling, seats):
    """Anna (lot 1, e1) and Bilal (lot 2, e2), equal points; what the optimiser decides."""
    people = [("anna", 1, "e1"), ("bilal", 2, "e2")]
    rows = [
        {
            "request_id": name,
            "worker_id": name,
            "choice": 1,
            "amount_cents": amount,
            "points": 50,
            "draw": lot,
            "edition_id": edition,
        }
        for (name, lot, edition), amount in zip(people, amounts, strict=True)
    ]
    policy = {"name": "equals", "seed": "s", "ceiling_cents": ceiling}
    editions = pd.DataFrame({"edition_id": ["e1", "e2"], "seats": seats})
    problem = Problem(pd.DataFrame(rows), Policy.from_dict(policy), editions=editions)
    folders.write(problem, folder / "in")
    files.write(allocate(problem), folder / "out")
    return pd.read_csv(folder / "out" / "decisions.csv")


def codes(folder):
    return {finding.code for finding in verifier.verify(folder / "in", folder / "out")}


def test_the_lower_lot_of_another_class_goes_first(tmp_path):
    decisions = divided(tmp_path, amounts=[500, 500], ceiling=500, seats=[1, 1])
    assert decisions["awarded"].tolist() == [1, 0]
    assert codes(tmp_path) == set()
    decisions[["awarded", "amount_cents"]] = [[0, 0], [1, 500]]
    decisions["reason"] = ["below_cutoff", "awarded"]
    decisions["reason_params"] = [json.dumps({"points": 50}), "{}"]
    decisions.to_csv(tmp_path / "out" / "decisions.csv", index=False)
    assert codes(tmp_path) == {"swap_possible"}


@pytest.mark.parametrize(
    ("amounts", "seats"),
    [
        ([500, 500], [0, 1]),  # no seat for Anna
        ([600, 500], [1, 1]),  # not the money
    ],
)
def test_who_does_not_fit_is_not_passed_over(amounts, seats, tmp_path):
    decisions = divided(tmp_path, amounts=amounts, ceiling=500, seats=seats)
    assert decisions["awarded"].tolist() == [0, 1]
    assert codes(tmp_path) == set()

"""What serving every group costs: one division per strength, on numbers done by hand."""

from threading import Event

import pandas as pd
import pytest

from allocation.optimiser import InvalidInput, Policy, Problem, StoppedEarly
from allocation.rounds.price_of_fairness import curve


def problem(coverage="education", points=(50, 45, 40, 35, 30, 20)):
    """EUR 3,000 for three of six people: the last two are of the group "low"."""
    rule = {
        "name": "Twente",
        "seed": "4 11 19 27 33 41",
        "ceiling_cents": 300_000,
        "choice_percent": [100],
        "coverage_cap": "1",
        "floor": [],
        "cap": [],
    }
    rows = [
        {
            "request_id": f"r{n}",
            "worker_id": f"w{n}",
            "choice": 1,
            "amount_cents": 100_000,
            "points": points[n],
            "education": "high" if n < 4 else "low",
        }
        for n in range(6)
    ]
    policy = Policy.from_dict(rule | ({"coverage": coverage} if coverage else {}))
    return Problem(requests=pd.DataFrame(rows), policy=policy)


def test_the_price_is_what_the_value_loses_against_points_alone():
    heard = []
    table = curve(problem(), steps=1, progress=heard.append)
    # By points 50, 45 and 40, worth 13,500; with half of each group 50, 45 and 30.
    assert table.to_dict("list") == {
        "fairness": [0.0, 1.0],
        "value": [13_500, 12_500],
        "bound": [13_500, 12_500],
        "price": [0.0, pytest.approx(10 / 135)],
        "smallest_share": [0.0, 0.5],
        "people": [3, 3],
        "spent_cents": [300_000, 300_000],
        "verified": [True, True],
    }
    assert heard == [
        {"stage": "0.00", "done": 0, "total": 2},
        {"stage": "1.00", "done": 1, "total": 2},
    ]


def test_a_round_without_points_has_no_price():
    table = curve(problem(points=(0,) * 6), steps=1)
    assert list(table["price"]) == [0.0, 0.0]


def test_five_strengths_unless_somebody_says_otherwise():
    assert list(curve(problem())["fairness"]) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_a_rule_without_groups_is_refused():
    with pytest.raises(InvalidInput) as refused:
        curve(problem(coverage=None))
    [fault] = refused.value.faults
    assert (fault.code, fault.file) == ("no_coverage", "policy.toml")


def test_whoever_stops_it_gets_no_half_a_curve():
    stop = Event()
    stop.set()
    with pytest.raises(StoppedEarly):
        curve(problem(), cancelled=stop)

"""Measures of a division, on numbers small enough to check by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import fairness

REQUESTS = pd.DataFrame(
    {
        "request_id": ["a1", "a2", "b1", "c1", "d1"],
        "worker_id": ["a", "a", "b", "c", "d"],
        "choice": [1, 2, 1, 1, 1],
        "amount_cents": [40_000, 30_000, 60_000, 50_000, 20_000],
        "education": ["low", "low", "low", "high", "high"],
        "sector": ["Q", "Q", "H", "H", "Q"],
        "training_sector": ["Q", "H", "H", "Q", "J"],
        "provider_id": ["p1", "p2", "p1", "p2", "p3"],
        "first_timer": ["yes", "yes", "no", "no", "yes"],
    }
)
# a gets its second choice, c its only one; b and d are refused.
DECISIONS = pd.DataFrame(
    {
        "request_id": ["a1", "a2", "b1", "c1", "d1"],
        "awarded": [0, 1, 0, 1, 0],
        "amount_cents": [0, 30_000, 0, 50_000, 0],
    }
)


def test_the_single_numbers_add_up():
    assert fairness.measures(REQUESTS, DECISIONS) == fairness.Measures(
        people_applying=4,
        people_awarded=2,
        spent_cents=80_000,
        gini=pytest.approx(0.5625),
        top_20_providers=1.0,
        cross_sector=1.0,
        first_timers=0.5,
    )


def test_a_measure_without_its_column_is_absent_not_zero():
    bare = REQUESTS[["request_id", "worker_id", "choice", "amount_cents"]]
    found = fairness.measures(bare, DECISIONS)
    assert (found.top_20_providers, found.cross_sector, found.first_timers) == (None, None, None)


def test_coverage_counts_people_not_choices():
    table = fairness.coverage(REQUESTS, DECISIONS, "education")
    assert table.values.tolist() == [["high", 2, 1, 0.5], ["low", 2, 1, 0.5]]


def test_coverage_of_pairs_shows_the_group_that_single_columns_hide():
    table = fairness.coverage(REQUESTS, DECISIONS, "education", "sector")
    rows = {(row.education, row.sector): row.share for row in table.itertuples()}
    assert rows == {("low", "Q"): 1, ("low", "H"): 0, ("high", "H"): 1, ("high", "Q"): 0}


def test_spending_per_provider_stands_with_what_was_asked_first():
    table = fairness.spending(REQUESTS, DECISIONS, "provider_id")
    assert table["provider_id"].tolist() == ["p2", "p1", "p3"]
    assert table["asked_cents"].tolist() == [50_000, 100_000, 20_000]
    assert table["awarded_cents"].tolist() == [80_000, 0, 0]
    assert fairness.concentration(REQUESTS, DECISIONS, top=1) == 1.0


def test_give_back_compares_with_what_was_paid_in():
    paid = pd.DataFrame({"value": ["H", "Q", "Z"], "amount_cents": [50_000, 60_000, 10_000]})
    table = fairness.give_back(REQUESTS, DECISIONS, paid, "sector")
    assert table["value"].tolist() == ["H", "Q", "Z"]
    assert table["returned_cents"].tolist() == [50_000, 30_000, 0]
    assert table["ratio"].tolist() == [1.0, 0.5, 0.0]


def test_the_lorenz_curve_of_the_example():
    """Of four applicants two get nothing, then EUR 300 and EUR 500."""
    curve = fairness.lorenz(REQUESTS, DECISIONS)
    assert curve["people_share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve["euros_share"].tolist() == [0, 0, 0, 0.375, 1]


def test_nobody_awarded_is_no_division_by_zero():
    nothing = DECISIONS.assign(awarded=0, amount_cents=0)
    found = fairness.measures(REQUESTS, nothing)
    assert (found.gini, found.top_20_providers, found.first_timers) == (0.0, 0.0, 0.0)
    assert fairness.lorenz(REQUESTS, nothing)["euros_share"].sum() == 0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_gini_agrees_with_its_definition_by_pairs(amounts):
    """G = mean absolute difference of all pairs ÷ (2 × mean)."""
    ids = [str(number) for number in range(len(amounts))]
    requests = pd.DataFrame(
        {"request_id": ids, "worker_id": ids, "choice": 1, "amount_cents": [1] * len(ids)}
    )
    decisions = pd.DataFrame(
        {"request_id": ids, "awarded": [int(a > 0) for a in amounts], "amount_cents": amounts}
    )
    pairs = sum(abs(one - other) for one in amounts for other in amounts)
    total = sum(amounts)
    expected = pairs / (2 * len(amounts) * total) if total else 0.0
    assert fairness.gini(requests, decisions) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300))
def test_a_lorenz_curve_rises_and_stays_under_the_diagonal(amounts):
    ids = [str(number) for number in range(len(amounts))]
    requests = pd.DataFrame(
        {"request_id": ids, "worker_id": ids, "choice": 1, "amount_cents": [1] * len(ids)}
    )
    decisions = pd.DataFrame(
        {"request_id": ids, "awarded": [int(a > 0) for a in amounts], "amount_cents": amounts}
    )
    curve = fairness.lorenz(requests, decisions)
    assert len(curve) <= 101
    assert curve["euros_share"].is_monotonic_increasing
    assert (curve["euros_share"] <= curve["people_share"] + 1e-12).all()

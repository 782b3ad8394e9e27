"""Whose money reaches whom: sums are kept to the cent, and the most stays with those who paid."""

import random

import pytest

from allocation.money_flow import LEFT_IN_POT, OTHER_MONEY, flows


def sums(found, side):
    totals = {}
    for names, cents in found.items():
        totals[names[side]] = totals.get(names[side], 0) + cents
    return totals


@pytest.mark.parametrize("seed", range(60))
def test_every_sum_is_kept_and_own_people_come_first(seed):
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(rng.randint(1, 9))]
    paid = {name: rng.choice([0, 1, 7, 99, rng.randint(1, 10**9)]) for name in names}
    got = {name: rng.choice([0, 1, 3, 250, rng.randint(1, 10**9)]) for name in names}
    found = flows(paid, got)
    assert all(cents > 0 for cents in found.values())
    out, into = sums(found, 0), sums(found, 1)
    assert {name: out.get(name, 0) for name in names} == paid
    assert {name: into.get(name, 0) for name in names} == got
    left, other = into.get(LEFT_IN_POT, 0), out.get(OTHER_MONEY, 0)
    assert left - other == sum(paid.values()) - sum(got.values())
    assert not (left and other), "no money is left where other money had to come"
    for name in names:
        assert found.get((name, name), 0) == min(paid[name], got[name])


def test_nobody_pays_for_others_before_their_own_people_are_paid():
    found = flows({"care": 100, "building": 900}, {"care": 500, "building": 500})
    assert found == {
        ("care", "care"): 100,
        ("building", "building"): 500,
        ("building", "care"): 400,
    }


def test_a_sector_that_paid_nothing_is_paid_by_those_who_have_left():
    found = flows({"care": 300, "building": 100}, {"food": 200})
    assert (found["care", "food"], found["building", "food"]) == (150, 50)
    assert (found["care", LEFT_IN_POT], found["building", LEFT_IN_POT]) == (150, 50)


def test_where_more_is_given_than_was_paid_the_rest_is_other_money():
    assert flows({"care": 100}, {"care": 150}) == {
        ("care", "care"): 100,
        (OTHER_MONEY, "care"): 50,
    }

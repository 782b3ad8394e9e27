"""Regions that live through rounds: the same seed, the same region; nobody comes or goes unseen."""

import numpy as np
import pytest

from allocation.laboratory import assumptions, behaviour, rounds, supply
from allocation.laboratory.behaviour import Asked
from allocation.laboratory.people import People
from allocation.laboratory.plan import RULES
from allocation.laboratory.supply import Supply
from tests.laboratory.plans import lived, plan


def ask(people: People, offer: Supply, number: int, *, requests: int, gaming: bool) -> Asked:
    return behaviour.ask(
        people, offer, seed=3, number=number, year=0, requests=requests, choices=3, gaming=gaming
    )


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    tried = plan(rounds=2)
    one, again = (rounds.live(tried, seed=7, rule="optimiser", world="gaming") for _ in range(2))
    assert one == again
    assert rounds.live(tried, seed=8, rule="optimiser", world="gaming") != one


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_keeps_to_the_money_and_awards_nobody_twice_in_a_round(rule):
    tried = plan(rounds=2)
    for row in lived(tried, rule)["rounds"]:
        assert row["spent_cents"] <= tried.ceiling_cents
        assert 0 < row["awards"] <= row["requests"] == tried.requests


def test_all_rules_meet_the_same_people_in_their_first_round():
    first = [lived(plan(), rule)["rounds"][0] for rule in ("fcfs", "lottery", "ranking")]
    for name in ("low_requests", "middle_requests", "high_requests", "low_people"):
        assert len({row[name] for row in first}) == 1


@pytest.mark.parametrize("rule", ["fcfs", "lottery"])
def test_every_asking_has_one_end(rule):
    found = lived(plan(rounds=3, years=3), rule)
    ends = {"served": 0, "gave_up": 0, "left": 0, "waiting": 0}
    refusals = 0
    for row in found["waits"]:
        ends[row["ending"]] += row["people"]
        refusals += row["people"] * row["refusals"]
        assert row["ending"] == "served" or row["refusals"] > 0
    awards = sum(row["awards"] for row in found["rounds"])
    refused = sum(row["requests"] - row["awards"] for row in found["rounds"])
    assert ends["served"] == awards
    # Who was refused five times and more counts as four.
    assert refused * 0.97 <= refusals <= refused
    assert all(ends.values())


def test_who_got_a_training_does_not_ask_again_that_year():
    people, offer = People.draw(3, 2_000), supply.draw(3, 100)
    people.awarded_year[:1_900] = 0
    asked = ask(people, offer, 0, requests=100, gaming=False)
    assert sorted(asked.person.tolist()) == list(range(1_900, 2_000))


def test_somebody_who_was_refused_asks_again_or_gives_up():
    people, offer = People.draw(3, 2_000), supply.draw(3, 100)
    people.asking[:80] = True
    asked = ask(people, offer, 1, requests=100, gaming=False)
    old = set(range(80))
    again, gave_up = old & set(asked.person.tolist()), set(asked.gave_up.tolist())
    assert again | gave_up == old
    assert not again & gave_up
    assert 0.4 < len(again) / 80 < 0.8


def test_a_training_of_the_last_two_years_counts_and_an_older_one_does_not():
    people = People.draw(3, 100)
    people.own_hours[:], people.awarded_year[:] = 0, 4
    assert [int(people.hours_trained(year)[0]) for year in (4, 5, 6)] == [40, 40, 0]


def test_nobody_wants_one_training_twice_and_choices_have_no_gap():
    people, offer = People.draw(3, 20_000), supply.draw(3, 1_000)
    wanted = ask(people, offer, 0, requests=1_000, gaming=True).wanted
    assert (wanted[:, 0] >= 0).all()
    assert not ((wanted[:, 2] >= 0) & (wanted[:, 1] < 0)).any()
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not ((wanted[:, one] == wanted[:, other]) & (wanted[:, one] >= 0)).any()


def test_a_policy_that_counts_one_choice_gets_requests_with_one():
    tried = plan({"choice_percent": [100]})
    assert lived(tried, "optimiser")["rounds"][0]["requests"] == tried.requests


def test_who_is_recruited_asks_a_school_that_games_within_ten_minutes():
    people, offer = People.draw(3, 20_000), supply.draw(3, 1_000)
    asked = ask(people, offer, 0, requests=1_000, gaming=True)
    recruited = asked.recruited
    assert recruited.sum() == 1_000 * assumptions.RECRUITED
    assert offer.games[asked.wanted[recruited, 0]].all()
    assert (asked.wanted[recruited, 1:] == -1).all()
    assert asked.seconds[recruited].max() < assumptions.RECRUITS_FILE_WITHIN_SECONDS


def test_gaming_raises_low_prices_towards_a_thousand_euros_and_no_others():
    offer = supply.draw(3, 1_000)
    top = assumptions.GAMING_PRICE_CENTS
    for year in range(8):
        usual, gamed = (supply.prices(offer, year, gaming=gaming) for gaming in (False, True))
        low = offer.games & (usual < top)
        assert (gamed[~low] == usual[~low]).all()
        assert ((usual[low] < gamed[low]) | (usual[low] >= top - 500)).all()
        assert (gamed[low] <= top).all()
    assert np.median(gamed[low]) > 0.99 * top

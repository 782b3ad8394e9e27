"""Odds beforehand are those of the rule: exact where they say so, else as the draws fall."""

import itertools
import json
import re
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from pathlib import Path

import pandas as pd
import pytest

from allocation.optimiser import Policy, Problem, allocate
from allocation.optimiser import __main__ as program
from allocation.optimiser.odds import odds
from allocation.optimiser.results import lots
from tests.optimiser import featured, folders


def round_of(*prices: int, ceiling: int) -> Problem:
    """People a, b, c, … of 40 points each, who ask for these amounts."""
    names = "abcdefgh"[: len(prices)]
    frame = pd.DataFrame(
        {
            "request_id": list(names),
            "worker_id": list(names),
            "choice": 1,
            "amount_cents": prices,
            "points": 40,
        }
    )
    policy = Policy.from_dict({"name": "odds", "seed": "not drawn yet", "ceiling_cents": ceiling})
    return Problem(frame, policy)


# Two of euro 300 and two of 200, money for 500: one of each, or both of the small.
TWO_PRICES = round_of(30_000, 30_000, 20_000, 20_000, ceiling=50_000)
# Three of 400, two of 300, one of 200, money for 900: three are served if the small one is.
THREE_PRICES = round_of(40_000, 40_000, 40_000, 30_000, 30_000, 20_000, ceiling=90_000)


def first_by_lot(problem: Problem, draw: dict[str, int]) -> set[str]:
    """By hand: of the divisions with the most people, the first in the order of the lots."""
    price = dict(zip(problem.requests["worker_id"], problem.requests["amount_cents"], strict=True))
    fitting = [
        set(some)
        for count in range(len(price) + 1)
        for some in itertools.combinations(price, count)
        if sum(map(price.get, some)) <= problem.policy.ceiling_cents
    ]
    most = max(map(len, fitting))
    best = [some for some in fitting if len(some) == most]
    for name in sorted(price, key=draw.get):
        best = [some for some in best if name in some] or best
    return best[0]


def by_hand(problem: Problem, draws: int) -> dict[int, int]:
    """Price -> people served over the documented draws."""
    people = problem.requests[["worker_id"]]
    served = dict.fromkeys(problem.requests["amount_cents"], 0)
    for number in range(1, draws + 1):
        drawn = lots.drawn(people, replace(problem.policy, seed=f"odds {number}"))
        draw = dict(zip(people["worker_id"], drawn.tolist(), strict=True))
        chosen = first_by_lot(problem, draw)
        rows = problem.requests[problem.requests["worker_id"].isin(chosen)]
        for amount in rows["amount_cents"]:
            served[amount] += 1
    return served


def chances(table: pd.DataFrame) -> dict[int, int]:
    return {
        json.loads(asked)[0]["amount_cents"]: chance
        for asked, chance in zip(table["asked"], table["chance_millionths"], strict=True)
    }


def test_where_lots_decide_inside_a_class_alone_the_chance_is_exact():
    """Four alike, money for three: three in four, without a draw."""
    (row,) = odds(round_of(500, 500, 500, 500, ceiling=1_500)).to_dict("records")
    assert (row["members"], row["chance_millionths"]) == (4, 750_000)
    assert (row["basis"], row["draws"]) == ("exact", 0)


@pytest.mark.parametrize("problem", [TWO_PRICES, THREE_PRICES])
def test_where_they_decide_between_classes_it_is_what_the_draws_give(problem):
    table = odds(problem, draws=60)
    served, sizes = by_hand(problem, 60), problem.requests["amount_cents"].value_counts()
    assert chances(table) == {
        price: 10**6 * count // (int(sizes[price]) * 60) for price, count in served.items()
    }
    drawn = table[table["basis"] == "drawn"]
    assert set(chances(drawn)) == {price for price in served if price > 20_000 or len(served) == 2}
    assert table["swap_stable"].sum() == 0


@pytest.mark.slow
@pytest.mark.parametrize("problem", [TWO_PRICES, THREE_PRICES])
def test_two_thousand_draws_are_within_four_deviations_of_the_definition(problem):
    """The definition: every order of the lots is equally likely."""
    names, sizes = list(problem.requests["worker_id"]), problem.requests.groupby("amount_cents")
    true = dict.fromkeys(sizes.groups, 0.0)
    orders = list(itertools.permutations(range(1, len(names) + 1)))
    price = dict(zip(names, problem.requests["amount_cents"], strict=True))
    for order in orders:
        for name in first_by_lot(problem, dict(zip(names, order, strict=True))):
            true[price[name]] += 1 / len(orders) / len(sizes.groups[price[name]])
    for amount, chance in chances(odds(problem, draws=2_000)).items():
        p = true[amount]
        assert abs(chance / 10**6 - p) < 4 * sqrt(p * (1 - p) / 2_000), amount


def test_lots_that_are_drawn_already_and_the_order_of_rows_change_nothing():
    shuffled = TWO_PRICES.requests.iloc[::-1].assign(draw=[3, 1, 4, 2])
    assert odds(TWO_PRICES, draws=20).equals(odds(replace(TWO_PRICES, requests=shuffled), draws=20))


def test_the_command_writes_a_class_a_line(tmp_path, capsys):
    folders.write(TWO_PRICES, tmp_path / "in")
    out = tmp_path / "odds.csv"
    assert program.main(["odds", str(tmp_path / "in"), "--out", str(out), "--draws", "10"]) == 0
    assert "2 classes, 0 of them exact" in capsys.readouterr().out
    assert list(pd.read_csv(out)["members"]) == [2, 2]
    (tmp_path / "in" / "policy.toml").write_text("name =")
    assert program.main(["odds", str(tmp_path / "in"), "--out", str(out)]) == 2


def test_the_euros_of_the_page_are_the_odds_of_every_order_of_the_lots():
    page = (Path(__file__).parents[2] / "docs" / "odds.md").read_text()
    rows = re.findall(r"^\| € (\d+) \| (\d+) \| (\d+/\d+) \| (\d+/\d+) \|$", page, re.M)
    assert len(rows) == 2
    orders = list(itertools.permutations((1, 2, 3, 4)))
    served: dict[int, Fraction] = {30_000: Fraction(0), 20_000: Fraction(0)}
    for order in orders:
        for name in first_by_lot(TWO_PRICES, dict(zip("abcd", order, strict=True))):
            served[30_000 if name in "ab" else 20_000] += Fraction(1, len(orders))
    for euros, members, average, chance in rows:
        assert Fraction(average) == served[int(euros) * 100]
        assert Fraction(chance) == Fraction(average) / int(members)


@pytest.mark.parametrize("seed", [3, 7, 12, 19])
def test_each_draw_serves_whom_a_division_with_that_seed_serves(seed):
    """Rounds over all features: as many people over three draws as three whole divisions."""
    problem = featured.featured_round(seed)
    plain = problem.requests.drop(columns="draw", errors="ignore")
    table = odds(problem, draws=3)
    served = 0
    for number in (1, 2, 3):
        policy = replace(problem.policy, seed=f"odds {number}")
        served += allocate(replace(problem, requests=plain, policy=policy)).people
    told = (table["chance_millionths"] * table["members"] * 3 / 10**6).round().sum()
    assert told == served
